"""Who the bot is on a network, and how it proves it."""
