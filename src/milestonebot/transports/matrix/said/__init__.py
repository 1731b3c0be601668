"""What the bot says: pages, files, reactions, announcements."""
