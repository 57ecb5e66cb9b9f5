"""Check everything that the bot needs, and say what to mend; each module checks one concern."""
