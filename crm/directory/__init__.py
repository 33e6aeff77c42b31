"""Organisations and persons, their positions, and the regions and municipalities they lie in."""
