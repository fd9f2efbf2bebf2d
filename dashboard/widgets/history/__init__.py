"""What is drawn on the page History."""
