"""The generic pages of all record types, registered once: list, board, calendar, record, forms, links, trash, search."""

from crm.screens.views import (
    acts,
    board,
    bulk,
    calendar,
    comments,
    filters,
    forms,
    inline,
    jobs,
    links,
    lists,
    menu,
    records,
    search,
    timeline,
    trash,
    views,
)
from crm.screens.views.blueprint import bp

__all__ = [
    "acts",
    "board",
    "bp",
    "bulk",
    "calendar",
    "comments",
    "filters",
    "forms",
    "inline",
    "jobs",
    "links",
    "lists",
    "menu",
    "records",
    "search",
    "timeline",
    "trash",
    "views",
]
