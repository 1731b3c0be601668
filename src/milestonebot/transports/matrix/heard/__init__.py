"""What is heard: by whom, where, and whether it was answered."""
