"""How one value is drawn: one module for each kind."""
