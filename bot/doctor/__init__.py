"""Look at all that the bot needs, and say what to mend; one concern a module."""
