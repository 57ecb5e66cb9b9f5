"""One module for each change of the tables, which is never edited once it was released."""
