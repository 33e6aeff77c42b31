"""The REST API: the same records, rights and filters as on screen, as JSON."""
