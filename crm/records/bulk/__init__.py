"""Bulk edit: one act on many records, through the store like each alone; what is refused is refused with its reason."""

from crm.records.bulk.apply import Outcome, apply_order
from crm.records.bulk.jobs import BULK_EDIT, SMALL, Chosen, Started, count_chosen, install, start
from crm.records.bulk.orders import ADD, CHANGE, DELETE, MODES, REMOVE, SET, STATE, BulkOrder, checked, targets

__all__ = [
    "ADD",
    "BULK_EDIT",
    "CHANGE",
    "DELETE",
    "MODES",
    "REMOVE",
    "SET",
    "SMALL",
    "STATE",
    "BulkOrder",
    "Chosen",
    "Outcome",
    "Started",
    "apply_order",
    "checked",
    "count_chosen",
    "install",
    "start",
    "targets",
]
