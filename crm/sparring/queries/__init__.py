"""Reads of sparrings: whom a line may mean, what the brief tells, and totals. Every read is under the reader's rights."""
