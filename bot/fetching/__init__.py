"""Learn pages of the web: fetch them within bounds, keep them as files that the index reads, refresh them."""
