"""All routes of the API, gathered: what the app registers."""

from crm.api import files, merging, search, views

bp = views.bp

__all__ = ["bp", "files", "merging", "search"]
