"""What is drawn on the page Compare."""
