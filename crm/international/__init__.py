"""What clusters and companies were helped with abroad; the office's seats in outside boards."""
