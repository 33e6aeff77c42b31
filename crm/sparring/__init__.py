"""Sparring: advice given, logged in seconds, counted later; the brief before a call."""
