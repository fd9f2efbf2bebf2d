"""One thing drawn each. A widget asks facts for what it shows and tells services what the user wants."""
