"""One filter language: a small tree that is compiled to SQL (`records.sql`) and evaluated in Python (`evaluate`) alike."""

from crm.filters.tree import EVERYTHING, NOTHING, All, Any_, Condition, Filter, Not, parse

__all__ = ["EVERYTHING", "NOTHING", "All", "Any_", "Condition", "Filter", "Not", "parse"]
