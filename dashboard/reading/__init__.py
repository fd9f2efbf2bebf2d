"""What the pages show, read from the session, the runner and the store. Nothing here changes anything."""
