"""Comments on any record."""
