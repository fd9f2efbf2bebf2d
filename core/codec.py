"""Where values and bytes meet."""
