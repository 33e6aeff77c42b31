"""Reads of cases: what their guards look at, and how many there were by kind in a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, case, false, func, or_, select

from crm.cases.models import Case
from crm.cases.rules import ENDED, RUNNING, CaseDays, CaseTotals, totals
from crm.records import query
from crm.records.models import RecordLink, record_table
from crm.records.query import Row
from crm.tasks.models import Task
from crm.tasks.rules import OPEN as TASK_OPEN

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

KEY: Final = "case"
#: So many stand on the page of an organisation or person.
MOST: Final = 100
_link: Final[Any] = RecordLink.__table__
_case: Final[Any] = Case.__table__
_task: Final[Any] = Task.__table__


def case_facts(uow: UnitOfWork, record_id: int) -> Mapping[str, Any]:
    """Give: open_tasks, the titles of the tasks about a case that are still to be done, as far as the actor may see them."""
    if not uow.access.may("read", "task"):
        return {"open_tasks": []}
    statement = (
        select(record_table.c.title)
        .join(_task, _task.c.id == record_table.c.id)
        .where(_task.c.about_id == record_id, record_table.c.state == TASK_OPEN)
        .where(*query.live(uow, uow.registry.get("task"), by_type=False))
        .order_by(record_table.c.due_at, record_table.c.id)
    )
    return {"open_tasks": list(uow.session.scalars(statement))}


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of an organisation or a person, and as what the person stands in it."""

    row: Row
    role: str = ""


def cases_of(uow: UnitOfWork, row: Row) -> list[CaseLine]:
    """Give the cases of an organisation, or those a person stands in: running ones first, the nearest deadline first.

    Two queries. Ask only where cases may be read.
    """
    record_type = uow.registry.get(KEY)
    wanted = query.readable_fields(uow, record_type)
    ended = case((record_table.c.state.in_(ENDED), 1), else_=0)
    statement = uow.registry.storage(KEY).select(wanted).where(*_concerning(uow, row))
    statement = statement.order_by(ended, record_table.c.due_at.is_(None), record_table.c.due_at, record_table.c.id.desc())
    rows = [query.read_row(uow, record_type, found, wanted) for found in uow.session.execute(statement.limit(MOST)).mappings()]
    roles: dict[int, list[str]] = {}
    if row.type_key == "person" and rows:
        links = (
            select(_link.c.from_id, _link.c.role).where(_link.c.to_id == row.id, _link.c.field == "persons").order_by(_link.c.id)
        )
        for found in uow.session.execute(links):
            roles.setdefault(found.from_id, []).append(found.role)
    return [CaseLine(found, ", ".join(dict.fromkeys(role for role in roles.get(found.id, ()) if role))) for found in rows]


def count_running(uow: UnitOfWork, row: Row) -> int:
    """Count the cases of an organisation or person that have not ended."""
    source = uow.registry.storage(KEY).source()
    statement = select(func.count()).select_from(source).where(*_concerning(uow, row), record_table.c.state.in_(RUNNING))
    return uow.session.scalar(statement) or 0


def _concerning(uow: UnitOfWork, row: Row) -> list[ColumnElement[bool]]:
    """Give the conditions; where the actor may not read whom cases are about, none are."""
    readable = uow.access.readable(KEY)
    name = "persons" if row.type_key == "person" else "organisation"
    if readable is not None and name not in readable:
        return [false()]
    if name == "organisation":
        there = _case.c.organisation_id == row.id
    else:
        there = _case.c.id.in_(select(_link.c.from_id).where(_link.c.to_id == row.id, _link.c.field == "persons"))
    return [*query.live(uow, uow.registry.get(KEY), by_type=False), there]


def cases_between(uow: UnitOfWork, first: date, last: date) -> list[CaseTotals]:
    """Count the cases that the actor may see by kind: opened, closed and dropped in a period, and running at its end. One query.

    Args:
        uow: the transaction.
        first: the first day of the period.
        last: its last day, included.
    """
    wanted = (_case.c.kind_of, record_table.c.state, _case.c.opened_on, _case.c.closed_on)
    statement = (
        select(*wanted)
        .select_from(record_table.join(_case, _case.c.id == record_table.c.id))
        .where(*query.live(uow, uow.registry.get(KEY), by_type=False))
        .where(
            or_(_case.c.closed_on.is_(None), _case.c.closed_on >= first),
            or_(_case.c.opened_on.is_(None), _case.c.opened_on <= last),
        )
    )
    rows = uow.session.execute(statement)
    return totals((CaseDays(row.kind_of, row.state, row.opened_on, row.closed_on) for row in rows), first, last)
