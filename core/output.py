"""Values as files."""
