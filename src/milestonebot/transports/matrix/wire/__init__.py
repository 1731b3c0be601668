"""What goes to a homeserver and comes from it."""
