"""Clients of IRC and Matrix that share nothing with the bot: what it says is read as others would read it."""
