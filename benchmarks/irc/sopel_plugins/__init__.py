"""Plugins for Sopel, which runs them in an environment of its own."""
