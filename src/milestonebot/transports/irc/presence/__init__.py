"""Where the bot is, and who else is there with which rights."""
