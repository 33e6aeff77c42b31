"""Deadlines on screen: which field of a type is one, and whether a record should have been done before today."""

from __future__ import annotations

from datetime import date
from typing import Any

from crm.records.fields import DateValue
from crm.records.query import Row
from crm.records.types import Field, RecordType, Spine


def is_deadline(item: Field) -> bool:
    """Whether a field is its type's deadline: the one that is kept as the spine's."""
    return item.kind == "date" and isinstance(item.place, Spine) and item.place.columns[0] == "due_at"


def is_late(record_type: RecordType, row: Row, due: Any, today: date, zone: str) -> bool:
    """Whether a deadline is over while the record's work has not ended."""
    if not isinstance(due, DateValue) or due.first_day(zone) >= today:
        return False
    state = None if record_type.lifecycle is None or row.state is None else record_type.lifecycle.by_key.get(row.state)
    return state is None or not state.final
