"""One page of HTML that loads nothing: its frame, its style sheet, and the plots on it."""
