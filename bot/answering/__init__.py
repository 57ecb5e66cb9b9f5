"""Answers one question: search, read, check, decide."""
