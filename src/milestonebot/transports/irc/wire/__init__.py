"""Lines, and how they come and go: cut, read, written, paced."""
