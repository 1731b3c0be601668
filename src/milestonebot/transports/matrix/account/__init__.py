"""Who the bot is on a homeserver: its session, its device, its keys."""
