"""Reads the hits of a search: picks the sentence that answers, quotes it, and says how likely it is right."""
