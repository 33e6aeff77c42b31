"""Reads of tasks: what waits for me, follow-ups of meetings included; and the tasks about one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, select

from crm.filters import All, Any_, Condition, Filter
from crm.records import query
from crm.records.fields import DateValue
from crm.records.models import record_table
from crm.records.query import Row, Title, titles
from crm.records.work import UnitOfWork
from crm.security.models import Grant, user_role_table, user_table
from crm.tasks.models import Task
from crm.tasks.rules import DONE, HEADINGS, OPEN, Heading, heading_of

#: So many of a type are read for *My tasks*; who has more sees the nearest.
MOST: Final = 150
#: So many done ones are shown, the latest first.
MOST_DONE: Final = 50
#: So many done ones stand on the page of what they are about.
MOST_DONE_ABOUT: Final = 10
#: The types that *My tasks* shows, and where each says what it is about and when it is due.
SHOWN: Final[Mapping[str, str]] = {"task": "about", "follow_up": "meeting"}


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task or follow-up as it stands in a list of them."""

    row: Row
    due: DateValue | None
    heading: Heading
    #: What it is about, when the actor may see that.
    about: Title | None
    assignee: str = ""
    #: Whether the actor may tick it off, or take it back.
    may_tick: bool = True

    @property
    def is_done(self) -> bool:
        """Whether it is done."""
        return self.row.state == DONE

    @property
    def is_late(self) -> bool:
        """Whether it is open after its time."""
        return not self.is_done and self.heading is Heading.OVERDUE

    def value(self, name: str) -> Any:
        """Give a value of it, or None where its type has no such field."""
        return self.row.values.get(name)


def mine(uow: UnitOfWork, type_key: str, state: str) -> Filter:
    """Give the filter of what is the actor's own, of one of the shown types and in one state."""
    own: list[Filter] = [Condition("owner", "is", "@me")]
    if type_key == "follow_up" and uow.actor.person_id is not None:
        own.append(Condition("responsible", "is", uow.actor.person_id))
    return All((Condition("state", "is", state), Any_(tuple(own))))


def _readable(uow: UnitOfWork) -> list[str]:
    return [key for key in SHOWN if key in uow.registry.types and uow.access.may("read", key)]


def count_mine(uow: UnitOfWork) -> int:
    """Count what waits for the actor."""
    return sum(query.count(uow, key, mine(uow, key, OPEN)).number for key in _readable(uow))


def my_open(uow: UnitOfWork) -> list[tuple[Heading, list[TaskLine]]]:
    """Give what waits for the actor under its headings; those with nothing are left out."""
    lines = _open_lines(uow)
    grouped = [(heading, [line for line in lines if line.heading is heading]) for heading in HEADINGS]
    return [(heading, found) for heading, found in grouped if found]


def _open_lines(uow: UnitOfWork) -> list[TaskLine]:
    rows: list[Row] = []
    for key in _readable(uow):
        rows += query.list_page(uow, key, where=mine(uow, key, OPEN), sort="due", size=MOST).rows
    return sorted(_lines(uow, rows), key=_by_due(uow))


def my_done(uow: UnitOfWork) -> list[TaskLine]:
    """Give what the actor did last, the latest first."""
    rows: list[Row] = []
    for key in _readable(uow):
        page = query.list_page(uow, key, where=mine(uow, key, DONE), sort="updated_at", descending=True, size=MOST_DONE)
        rows += page.rows
    rows.sort(key=lambda row: (row.updated_at, row.id), reverse=True)
    return _lines(uow, rows[:MOST_DONE])


def may_be_about(uow: UnitOfWork, type_key: str) -> bool:
    """Whether tasks may be about records of a type, and the actor may read what a task is about."""
    task = uow.registry.get("task")
    readable = uow.access.readable(task.key)
    known = uow.access.may("read", task.key) and (readable is None or "about" in readable)
    return known and type_key in task.by_name["about"].targets


def tasks_about(uow: UnitOfWork, record_id: int) -> tuple[list[TaskLine], list[TaskLine]]:
    """Give the open tasks about a record, the nearest first, and the latest done ones. Ask only about records that may be read."""
    wanted = query.readable_fields(uow, uow.registry.get("task"))
    select_all = uow.registry.storage("task").select(wanted)
    is_open = _about(uow, select_all, record_id, OPEN).order_by(record_table.c.due_at, record_table.c.id).limit(MOST)
    is_done = _about(uow, select_all, record_id, DONE).order_by(record_table.c.updated_at.desc()).limit(MOST_DONE_ABOUT)
    found = [row for statement in (is_open, is_done) for row in uow.session.execute(statement).mappings()]
    lines = _lines(uow, [query.read_row(uow, uow.registry.get("task"), row, wanted) for row in found])
    return sorted((line for line in lines if not line.is_done), key=_by_due(uow)), [line for line in lines if line.is_done]


def count_about(uow: UnitOfWork, record_id: int) -> int:
    """Count the open tasks about a record. Ask only about records that may be read, and where tasks may be."""
    source = uow.registry.storage("task").source()
    return uow.session.scalar(_about(uow, select(func.count()).select_from(source), record_id, OPEN)) or 0


def _about(uow: UnitOfWork, statement: Select[Any], record_id: int, state: str) -> Select[Any]:
    """Narrow a select to the tasks about a record in a state; by the index of what they are about, on SQLite too."""
    found = statement.where(*query.live(uow, uow.registry.get("task"), by_type=False))
    return found.where(Task.__table__.c.about_id == record_id, record_table.c.state == state)


def _by_due(uow: UnitOfWork) -> Any:
    """Sort by day and time, a day before its times, what has no date last; high priority first among equals."""
    order = {"high": 0, "low": 2}

    def key(line: TaskLine) -> tuple[Any, ...]:
        due = line.due
        moment = "9" if due is None else due.starts_at(uow.zone).isoformat()
        return moment, order.get(str(line.value("priority")), 1), line.row.id

    return key


def _lines(uow: UnitOfWork, rows: Sequence[Row]) -> list[TaskLine]:
    """Give rows as lines: one query for what they are about, one for the names of others."""
    about = titles(uow, [target for row in rows if isinstance(target := row.values.get(SHOWN[row.type_key]), int)])
    others = {row.owner_id for row in rows if row.owner_id is not None and row.owner_id != uow.actor.user_id}
    names = user_names_of(uow, others)
    now, may = uow.now(), {key: uow.access.may("complete", key) for key in SHOWN}
    lines = []
    for row in rows:
        due = row.values.get("due")
        heading = heading_of(None if due is None else due.start, now, uow.zone)
        target = about.get(row.values.get(SHOWN[row.type_key]) or 0)
        lines.append(TaskLine(row, due, heading, target, names.get(row.owner_id or 0, ""), may[row.type_key]))
    return lines


def user_names_of(uow: UnitOfWork, ids: set[int]) -> dict[int, str]:
    """Give the names of some users by id; asks nothing when there are none."""
    if not ids:
        return {}
    columns = (user_table.c.id, user_table.c.first_name, user_table.c.last_name)
    rows = uow.session.execute(select(*columns).where(user_table.c.id.in_(sorted(ids))))
    return {row.id: f"{row.first_name} {row.last_name}".strip() for row in rows}


def known_users(uow: UnitOfWork) -> dict[int, tuple[str, str]]:
    """Give the name and user name of everybody who works in the CRM, by id and in the order of names: whom one gives a task."""
    columns = (user_table.c.id, user_table.c.first_name, user_table.c.last_name, user_table.c.username)
    roles = select(Grant.role_id).where(Grant.type_key == "@crm", Grant.act.in_(("use", "*")))
    inside = select(user_role_table.c.user_id).where(user_role_table.c.role_id.in_(roles))
    statement = select(*columns).where(user_table.c.active.is_(True), user_table.c.id.in_(inside))
    rows = uow.session.execute(statement.order_by(user_table.c.first_name, user_table.c.last_name, user_table.c.id))
    return {row.id: (f"{row.first_name} {row.last_name}".strip(), row.username) for row in rows}
