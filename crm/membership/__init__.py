"""Memberships of a secretariat, and the catalogue of a national function."""
