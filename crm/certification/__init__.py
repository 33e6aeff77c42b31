"""Certificates of cluster excellence, by scheme version."""
