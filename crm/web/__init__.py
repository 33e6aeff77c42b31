"""The web: app factory, guard, sessions, errors, headers, health. The only part that knows HTTP statuses."""
