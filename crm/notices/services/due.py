"""Telling people of their tasks on the day: due, overdue, or to be remembered; each at most once a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, String, and_, cast, exists, literal, or_, select

from crm.boards.models import FollowUp
from crm.kernel.clock import day_start
from crm.notices.models import Notice
from crm.notices.receivers import Desk, Receivers
from crm.notices.rules import Kind, Way
from crm.notices.services.tell import ACTOR
from crm.records.models import record_table
from crm.records.work import UnitOfWork, Works
from crm.security.models import Account
from crm.tasks.models import Task
from crm.tasks.rules import OPEN

#: So many are looked at in one transaction.
BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class _Due:
    """A task whose day has come, and whose it is."""

    record_id: int
    user_id: int
    why: str


def tell_due(works: Works, desk: Desk) -> int:
    """Tell of all that is due today or earlier, or to be remembered today; gives how many notices were written.

    A task stays one notice while it is unread; who has read it and still not done it is told again the next day.
    """
    told = 0
    for find in (_tasks, _follow_ups):
        after: int | None = 0
        while after is not None:
            with works.reading(ACTOR) as uow:
                found = _due(uow, find, after)
            after = found[-1].record_id if len(found) == BATCH else None
            if found:
                with works.writing(ACTOR) as uow:
                    told += _tell(works, uow, desk, found)
    return told


def _tell(works: Works, uow: UnitOfWork, desk: Desk, found: Sequence[_Due]) -> int:
    receivers, told = Receivers(works, uow, desk), 0
    for user_id in {due.user_id for due in found}:
        receiver = receivers.get(user_id)
        if receiver is None or receiver.ways[Kind.DUE] is Way.OFF:
            continue
        mine = [due for due in found if due.user_id == user_id]
        seen = receivers.look(receiver, [due.record_id for due in mine])
        unread = select(Notice).where(Notice.user_id == user_id, Notice.kind == Kind.DUE.value, Notice.read_at.is_(None))
        before = {one.record_id: one for one in uow.session.scalars(unread)}
        for due in mine:
            known = before.get(due.record_id)
            if known is not None:
                known.once_key, known.detail, known.at = _key(uow, due.record_id), {"why": due.why}, uow.now()
            elif due.record_id in seen:
                notice = _write(uow, due)
                if receiver.ways[Kind.DUE] is Way.MAIL:
                    receivers.mail(receiver, notice, seen[due.record_id], "")
                told += 1
    return told


def _write(uow: UnitOfWork, due: _Due) -> Notice:
    notice = Notice(
        user_id=due.user_id,
        kind=Kind.DUE.value,
        record_id=due.record_id,
        at=uow.now(),
        once_key=_key(uow, due.record_id),
        detail={"why": due.why},
        times=1,
    )
    uow.session.add(notice)
    uow.session.flush()
    return notice


def _key(uow: UnitOfWork, record_id: int) -> str:
    return f"d{uow.today().isoformat()}-{record_id}"


def _due(uow: UnitOfWork, find: Callable[[UnitOfWork, datetime], Select[Any]], after: int) -> list[_Due]:
    """Give a page of what nobody was told of today yet, in the order of their ids."""
    today = uow.today()
    begins, ends = day_start(today, uow.zone), day_start(today + timedelta(days=1), uow.zone)
    found: list[_Due] = []
    for row in uow.session.execute(find(uow, ends).where(record_table.c.id > after).limit(BATCH)):
        why = "remind" if row.due_at is None or row.due_at >= ends else "overdue" if row.due_at < begins else "today"
        found.append(_Due(row.id, row.user_id, why))
    return found


def _tasks(uow: UnitOfWork, ends: datetime) -> Select[Any]:
    task, spine = Task.__table__, record_table
    day_came = or_(and_(spine.c.due_at.is_not(None), spine.c.due_at < ends), task.c.remind_on == uow.today())
    statement = select(spine.c.id, spine.c.due_at, spine.c.owner_id.label("user_id"))
    statement = statement.join(task, task.c.id == spine.c.id).where(spine.c.owner_id.is_not(None), day_came)
    return _untold(uow, statement, "task", spine.c.owner_id)


def _follow_ups(uow: UnitOfWork, ends: datetime) -> Select[Any]:
    follow_up, spine = FollowUp.__table__, record_table
    statement = select(spine.c.id, spine.c.due_at, Account.user_id)
    statement = statement.join(follow_up, follow_up.c.id == spine.c.id).join(
        Account, Account.person_id == follow_up.c.responsible_id
    )
    statement = statement.where(spine.c.due_at.is_not(None), spine.c.due_at < ends)
    return _untold(uow, statement, "follow_up", Account.user_id)


def _untold(uow: UnitOfWork, statement: Select[Any], type_key: str, user: Any) -> Select[Any]:
    spine, key = record_table, literal(_key(uow, 0)[:-1]).concat(cast(record_table.c.id, String(20)))
    told = exists().where(Notice.user_id == user, Notice.once_key == key)
    is_open = (spine.c.type_id == uow.registry.get(type_key).id, spine.c.state == OPEN, spine.c.deleted_at.is_(None))
    return statement.where(*is_open, ~told).order_by(spine.c.id)
