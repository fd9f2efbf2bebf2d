"""What is drawn on the workbench."""
