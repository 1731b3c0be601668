"""What an announcement says: one file for each occasion."""
