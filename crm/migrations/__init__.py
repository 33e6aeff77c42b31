"""Alembic for the one database: our tables and Flask-AppBuilder's, under one history (ADR 4)."""
