"""Marking notices as read: one's own only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from crm.kernel.errors import NotFound
from crm.notices.models import Notice
from crm.records.work import UnitOfWork

#: How long a notice stays after it was read.
KEPT: Final = timedelta(days=180)


def mark_read(uow: UnitOfWork, notice_id: int) -> int:
    """Mark one notice as read and give the record's id; twice does it once.

    Raises:
        NotFound: the actor was told no such thing.
    """
    found = uow.session.get(Notice, notice_id)
    if found is None or uow.actor.user_id is None or found.user_id != uow.actor.user_id:
        raise NotFound
    if found.read_at is None:
        found.read_at = uow.now()
    return found.record_id


def sweep_notices(session: Session, now: datetime) -> int:
    """Delete notices that were read long ago: nobody's memory of a colleague's acts is kept for ever."""
    gone: Any = session.execute(delete(Notice).where(Notice.read_at.is_not(None), Notice.read_at < now - KEPT))
    return int(gone.rowcount)


def mark_all_read(uow: UnitOfWork, *, up_to: int | None = None, records: Sequence[int] = ()) -> int:
    """Mark the actor's notices as read and give how many: all, those up to one, or those about some records."""
    wanted = [Notice.user_id == uow.actor.user_id, Notice.read_at.is_(None)]
    if up_to is not None:
        wanted.append(Notice.id <= up_to)
    if records:
        wanted.append(Notice.record_id.in_(records))
    done: Any = uow.session.execute(update(Notice).where(*wanted).values(read_at=uow.now()))
    return int(done.rowcount)
