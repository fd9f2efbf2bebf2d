"""Four analyses as JSON, the functions that they name, and the prices that these read."""
