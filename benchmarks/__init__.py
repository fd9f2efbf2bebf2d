"""What the engine costs, as ratios measured in one run on one machine. See README.md; `make bench`."""
