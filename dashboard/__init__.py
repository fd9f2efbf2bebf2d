"""The browser workbench: draws, asks `core`, never computes."""
