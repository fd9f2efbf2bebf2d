"""What a value is and how it is shown: its kind, its files, an excerpt, a page of its rows, its statistics."""
