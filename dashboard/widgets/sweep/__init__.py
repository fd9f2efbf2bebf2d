"""What is drawn on the page Sweep."""
