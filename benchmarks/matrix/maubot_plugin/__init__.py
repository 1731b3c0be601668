"""A plugin for maubot, which runs it in an environment of its own."""
