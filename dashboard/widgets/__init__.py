"""One thing drawn each. A widget asks services for what it shows and tells them what the user wants."""
