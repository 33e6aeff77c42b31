"""Who may do what: roles and grants as data, pure policies, and Flask-AppBuilder behind an adapter (`fab/`)."""
