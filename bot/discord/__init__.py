"""Serves questions in Discord."""
