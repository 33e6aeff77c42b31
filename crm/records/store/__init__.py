"""The one door: every write to a record, by whomever, goes through here."""

from crm.records.store.orders import Create, Delete, Link, Order, Restore, StaleRecord, TransitionOrder, Update

__all__ = ["Create", "Delete", "Link", "Order", "Restore", "StaleRecord", "TransitionOrder", "Update"]
