"""Answers questions from an index: the chain, its readers and the front-ends."""
