"""What was asked, how it was answered, and what the articles lack."""
