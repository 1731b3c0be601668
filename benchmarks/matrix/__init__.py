"""What the bot costs on Matrix, beside other bots on the same homeserver in the same run."""
