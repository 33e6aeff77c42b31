"""Publications and tools that the office makes."""
