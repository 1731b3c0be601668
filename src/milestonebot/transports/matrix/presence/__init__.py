"""Which rooms the bot enters, and which it leaves."""
