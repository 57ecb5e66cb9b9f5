"""Measure the bot on questions whose answers are known."""
