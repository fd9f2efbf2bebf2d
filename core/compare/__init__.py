"""What differs between two attempts: their tables, inputs, environments, times, and every output by its data."""
