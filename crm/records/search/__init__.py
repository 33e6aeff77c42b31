"""Full-text search over all types, comments and file names."""
