"""Delivering mail: to files (demo), to the terminal, or by SMTP."""
