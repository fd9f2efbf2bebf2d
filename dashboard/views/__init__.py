"""One page each: read the state, draw widgets, call services with what the user wants."""
