"""Reads of cases: what their guards look at, and how many there were by kind in a period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select

from crm.cases.models import Case
from crm.cases.rules import CaseDays, CaseTotals, totals
from crm.records import query
from crm.records.models import record_table
from crm.tasks.models import Task
from crm.tasks.rules import OPEN as TASK_OPEN

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

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
        .where(*query.live(uow, uow.registry.get("case"), by_type=False))
        .where(
            or_(_case.c.closed_on.is_(None), _case.c.closed_on >= first),
            or_(_case.c.opened_on.is_(None), _case.c.opened_on <= last),
        )
    )
    rows = uow.session.execute(statement)
    return totals((CaseDays(row.kind_of, row.state, row.opened_on, row.closed_on) for row in rows), first, last)
