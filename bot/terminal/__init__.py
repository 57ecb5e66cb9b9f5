"""Serves questions in a terminal."""
