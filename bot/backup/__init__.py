"""Put all that a moderator cannot make again into one archive, and back."""
