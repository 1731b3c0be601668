"""Plugins for Limnoria, which runs them in an environment of its own."""
