"""All routes of the API, gathered: what the app registers."""

from crm.api import merging, search, views

bp = views.bp

__all__ = ["bp", "merging", "search"]
