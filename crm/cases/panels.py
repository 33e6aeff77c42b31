"""Cases on the pages of organisations and people; and what a case shows beside any record: that it is overdue, or all done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from crm.cases.queries import KEY, CaseLine, cases_of, count_running
from crm.cases.rules import RUNNING, is_overdue
from crm.kernel.i18n import N_
from crm.records.fields import DateValue
from crm.records.fields.checklist import open_rows
from crm.records.query import Row
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.deadlines import is_late
from crm.screens.panels import Badge, Panel, hide_related, register, register_badges, register_list_hint
from crm.screens.present import Presenter, Shown, head_field, value_of
from crm.web.context import current_locale

#: What a line of the tab says of a case.
SHOWN: Final = ("kind", "state", "owner", "due", "checklist")


def case_badges(uow: UnitOfWork, row: Row, day: date) -> Sequence[Badge]:
    """Mark a running case that should have been done, and one that only waits to be closed."""
    due, rows = row.values.get("due"), row.values.get("checklist")
    found = []
    if isinstance(due, DateValue) and is_overdue(row.state, due.first_day(uow.zone), day):
        found.append(Badge(N_("Overdue"), "red", "clock"))
    if rows and row.state in RUNNING and not open_rows(rows):
        found.append(Badge(N_("All rows are done"), "green", "check"))
    return found


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case as a line of the tab."""

    line: CaseLine
    shown: Mapping[str, Shown]
    late: bool


def may_read(uow: UnitOfWork, _row: Row) -> bool:
    """Whether the actor may see cases at all."""
    return uow.access.may("read", KEY)


def cases_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load the cases of an organisation or a person: a query for them, one for roles, one for their managers' names."""
    if not may_read(uow, row):
        return None
    presenter, record_type = Presenter(uow, current_locale()), uow.registry.get(KEY)
    lines = cases_of(uow, row)
    fields = [item for name in SHOWN if (item := head_field(record_type, name)) is not None]
    presenter.prepare_rows(fields, (line.row for line in lines))
    new = {"next": f"{row.url}?tab=cases", **({"organisation": str(row.id)} if row.type_key == "organisation" else {})}
    return {
        "lines": [_shown(presenter, record_type, fields, line) for line in lines],
        "labels": {item.api_name: item.label for item in fields},
        "with_roles": any(line.role for line in lines),
        "new_url": f"/t/{KEY}/new?{urlencode(new)}" if row.type_key == "organisation" and uow.access.may("create", KEY) else None,
    }


def _shown(presenter: Presenter, record_type: RecordType, fields: Sequence[Field], line: CaseLine) -> ShownCase:
    uow = presenter.uow
    held = {item.api_name for item in fields if item.api_name in line.row.values or item.api_name not in record_type.by_name}
    shown = {item.api_name: presenter.show(item, value_of(line.row, item.api_name)) for item in fields if item.api_name in held}
    return ShownCase(line, shown, is_late(record_type, line.row, line.row.values.get("due"), uow.today(), uow.zone))


def running_count(uow: UnitOfWork, row: Row) -> int | None:
    """Count those that run, for the tab."""
    return count_running(uow, row) or None


def install() -> None:
    """Register the tab, the marks and the hint; called once, when the app is made."""
    panel = Panel("cases", N_("Cases"), "cases/_cases_panel.html", cases_panel, 25, tab=True, count=running_count, fits=may_read)
    for type_key in ("organisation", "person"):
        register(type_key, panel)
    hide_related("organisation", KEY, "organisation")
    register_badges(KEY, case_badges)
    register_list_hint(KEY, N_("Make the first one: choosing its kind puts the kind's steps on its checklist."))
