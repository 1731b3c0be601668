"""What the bot costs on IRC, beside other bots on the same server in the same run."""
