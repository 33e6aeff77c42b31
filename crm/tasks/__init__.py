"""Tasks about any record: who does what by when, repeated or private; and the list of what waits for me."""
