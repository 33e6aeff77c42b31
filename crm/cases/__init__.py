"""Cases: what the office handles for others, with a checklist and people in roles."""
