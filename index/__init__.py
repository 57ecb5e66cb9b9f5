"""Builds the index of the seeds and searches it; knows nothing of the bot."""
