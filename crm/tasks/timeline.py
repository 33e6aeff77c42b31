"""Tasks about a record as lines of its timeline: written, done, opened again; each under the reader's rights to the task.

A file beside the kit: the timeline is a screen of the platform's that a feature adds lines to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, exists, select

from crm.kernel.i18n import N_, Message
from crm.kernel.text import slug
from crm.records.models import MAX_ID, Change, ChangeValue, record_table
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens.present import user_names
from crm.screens.timeline_sources import Entry, register_source
from crm.tasks.models import Task
from crm.tasks.queries import may_be_about
from crm.tasks.rules import DONE

_task: Final[Any] = Task.__table__
_SOME: Final = exists().where(_task.c.about_id == bindparam("record_id"))
_WRITTEN: Final = N_("Task written")
_DONE: Final = N_("Task done")
_OPENED: Final = N_("Task opened again")


@dataclass(frozen=True, slots=True)
class TaskStep:
    """What happened to a task about the record."""

    words: Message
    title: str
    url: str
    done: bool
    actor_id: int | None
    at: datetime


def steps_about(uow: UnitOfWork, row: Row, before: int | None, limit: int) -> Sequence[Entry]:
    """Give the latest steps of tasks about a record that the actor may see; none of tasks in the trash."""
    if not may_be_about(uow, row.type_key):
        return []
    task, spine = _task, record_table
    statement = (
        select(Change.id, Change.at, Change.actor_id, Change.kind, ChangeValue.patch, spine.c.id.label("task_id"), spine.c.title)
        .select_from(task.join(spine, spine.c.id == task.c.id).join(Change, Change.record_id == task.c.id))
        .outerjoin(ChangeValue, ChangeValue.change_id == Change.id)
        .where(task.c.about_id == row.id, spine.c.deleted_at.is_(None))
        .where(Change.kind.in_(("create", "transition")), Change.id < (before or MAX_ID))
    )
    visible = uow.visible(uow.registry.get("task"))
    if visible is not None:
        statement = statement.where(visible)
    return [
        Entry(found.id, found.at, _step(found)) for found in uow.session.execute(statement.order_by(Change.id.desc()).limit(limit))
    ]


def _step(found: Any) -> TaskStep:
    done = found.kind == "transition" and (found.patch or {}).get("state", [None, None])[1] == DONE
    words = _WRITTEN if found.kind == "create" else _DONE if done else _OPENED
    return TaskStep(words, found.title, f"/r/{found.task_id}/{slug(found.title)}", done, found.actor_id, found.at)


def named(uow: UnitOfWork, _row: Row, entries: Sequence[Entry], _locale: str) -> Sequence[Any]:
    """Put names to the lines of a page: one query."""
    people = {entry.line.actor_id for entry in entries if entry.line.actor_id is not None}
    names = user_names(uow, people) if people else {}
    return [(entry.line, names.get(entry.line.actor_id or 0, "Klynge")) for entry in entries]


def install() -> None:
    """Register the lines; called once, when the app is made."""
    register_source("tasks", N_("Tasks"), steps_about, template="tasks/_timeline_line.html", present=named, position=40, some=_SOME)
