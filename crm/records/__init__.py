"""The record platform: whatever can be done to one kind of record can be done to all. Written once, here."""
