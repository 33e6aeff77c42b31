"""Reads of one's own notices and of what one follows; what one may no longer see is left out each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from crm.kernel.i18n import Message
from crm.notices.models import Follow, Notice
from crm.notices.receivers import words_of
from crm.notices.rules import Kind
from crm.records.query import Title, titles
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.security.models import user_table

PAGE: Final = 30
#: What the bell shows without being asked for more.
LATEST: Final = 8
#: Beyond so many unread ones the bell says "99+".
MOST_UNREAD: Final = 99
# Made once, of the plain table: every record page asks it.
_follow: Final[Any] = Follow.__table__
_MUTED: Final = select(_follow.c.muted).where(
    _follow.c.user_id == bindparam("user_id"), _follow.c.record_id == bindparam("record_id")
)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice, worded for the one who reads it."""

    id: int
    kind: Kind
    words: Message
    url: str
    at: datetime
    times: int
    unread: bool
    type: RecordType


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page of notices; `before` leads to the older ones."""

    lines: tuple[NoticeLine, ...]
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """A record that the actor follows, or has muted."""

    title: Title
    type: RecordType
    muted: bool
    at: datetime


def count_unread(uow: UnitOfWork) -> int:
    """Count the unread notices about what the actor may see now; up to one more than the bell can say."""
    if uow.actor.user_id is None:
        return 0
    mine = select(Notice.record_id).where(Notice.user_id == uow.actor.user_id, Notice.read_at.is_(None))
    records = uow.session.scalars(mine.order_by(Notice.id.desc()).limit(MOST_UNREAD + 1)).all()
    if not records:
        return 0
    seen = titles(uow, records)
    return sum(record_id in seen for record_id in records)


def notices(
    uow: UnitOfWork, *, kind: Kind | None = None, unread: bool = False, before: int | None = None, size: int = PAGE
) -> NoticePage:
    """Give a page of the actor's notices, the newest first: three queries, whatever their number."""
    statement = select(Notice).where(Notice.user_id == uow.actor.user_id)
    if kind is not None:
        statement = statement.where(Notice.kind == kind.value)
    if unread:
        statement = statement.where(Notice.read_at.is_(None))
    if before is not None:
        statement = statement.where(Notice.id < before)
    rows = uow.session.scalars(statement.order_by(Notice.id.desc()).limit(size + 1)).all()
    page = rows[:size]
    return NoticePage(tuple(_lines(uow, page)), page[-1].id if len(rows) > size else None)


def _lines(uow: UnitOfWork, rows: Sequence[Notice]) -> list[NoticeLine]:
    seen = titles(uow, [row.record_id for row in rows])
    names = _names(uow, {row.actor_id for row in rows if row.actor_id is not None})
    lines = []
    for row in rows:
        title = seen.get(row.record_id)
        if title is None:
            continue
        words = words_of(uow, row, title, names.get(row.actor_id or 0, ""))
        record_type = uow.registry.get(title.type_key)
        lines.append(NoticeLine(row.id, Kind(row.kind), words, title.url, row.at, row.times, row.read_at is None, record_type))
    return lines


def _names(uow: UnitOfWork, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    columns: Select[tuple[int, str, str]] = select(user_table.c.id, user_table.c.first_name, user_table.c.last_name)
    rows = uow.session.execute(columns.where(user_table.c.id.in_(sorted(ids))))
    return {row.id: f"{row.first_name} {row.last_name}".strip() for row in rows}


def my_muting(uow: UnitOfWork, record_id: int) -> bool | None:
    """Tell whether the actor has muted a record; None when they neither follow nor mute it."""
    if uow.actor.user_id is None:
        return None
    muted: bool | None = uow.session.scalar(_MUTED, {"user_id": uow.actor.user_id, "record_id": record_id})
    return muted


def followed(uow: UnitOfWork, *, limit: int = 500) -> list[Followed]:
    """Give what the actor follows and may still see, the latest first."""
    mine = select(Follow).where(Follow.user_id == uow.actor.user_id)
    rows = uow.session.scalars(mine.order_by(Follow.at.desc(), Follow.record_id.desc()).limit(limit)).all()
    seen = titles(uow, [row.record_id for row in rows])
    found = ((row, seen.get(row.record_id)) for row in rows)
    return [Followed(title, uow.registry.get(title.type_key), row.muted, row.at) for row, title in found if title is not None]
