"""A list page: what its address says (`state`), what it filters by (`filters`), what it shows (`columns`, `grouping`)."""

from crm.screens.listing.columns import ListColumn, columns_of
from crm.screens.listing.filters import exact_fields, filter_of
from crm.screens.listing.grouping import By, read_by
from crm.screens.listing.read import read_state, usual_sort
from crm.screens.listing.state import PREFIX, TRAIL, ListState, Saved

__all__ = [
    "PREFIX",
    "TRAIL",
    "By",
    "ListColumn",
    "ListState",
    "Saved",
    "columns_of",
    "exact_fields",
    "filter_of",
    "read_by",
    "read_state",
    "usual_sort",
]
