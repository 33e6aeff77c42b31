"""The generic pages of all record types, registered once: list, record, forms, links, trash, search."""

from crm.screens.views import forms, jobs, links, lists, menu, records, search, trash
from crm.screens.views.blueprint import bp

__all__ = ["bp", "forms", "jobs", "links", "lists", "menu", "records", "search", "trash"]
