"""Flask-AppBuilder behind an adapter: it gives users, roles and password hashes, and serves no page (ADR 4)."""
