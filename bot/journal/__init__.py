"""What was asked, what came of it, and what the articles lack."""
