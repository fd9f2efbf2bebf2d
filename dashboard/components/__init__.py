"""What Streamlit has no widget for, drawn in the browser: one folder each, with its script, style and wrapper."""
