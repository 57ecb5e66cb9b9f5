"""The spelling of a question: words that nobody knows are taken for known ones that are clearly near."""
