"""The command `tasktable`."""
