"""What is said: by people, by the bot itself, and the server's word on it."""
