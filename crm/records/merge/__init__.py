"""Duplicates of a record, and merging them into one."""
