"""What a server process has once, for all browser sessions: store, runner, and what goes on behind the pages."""
