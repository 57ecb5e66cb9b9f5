"""What the bot does in Discord, one concern a module."""
