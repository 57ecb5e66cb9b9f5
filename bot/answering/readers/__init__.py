"""Readers turn hits into an answer."""
