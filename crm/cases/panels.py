"""What a case shows beside any record: that it is overdue, and how far its checklist is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crm.cases.rules import RUNNING, is_overdue
from crm.kernel.i18n import N_
from crm.records.fields import DateValue
from crm.records.fields.checklist import open_rows
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens.panels import Badge, register_badges, register_list_hint


def case_badges(uow: UnitOfWork, row: Row, day: date) -> Sequence[Badge]:
    """Mark a running case that should have been done, and one that only waits to be closed."""
    due, rows = row.values.get("due"), row.values.get("checklist")
    found = []
    if isinstance(due, DateValue) and is_overdue(row.state, due.first_day(uow.zone), day):
        found.append(Badge(N_("Overdue"), "red", "clock"))
    if rows and row.state in RUNNING and not open_rows(rows):
        found.append(Badge(N_("All rows are done"), "green", "check"))
    return found


def install() -> None:
    """Register the marks and the hint; called once, when the app is made."""
    register_badges("case", case_badges)
    register_list_hint("case", N_("Make the first one: choosing its kind puts the kind's steps on its checklist."))
