"""What every other part stands on: errors, clock, settings, database, text, language, log."""
