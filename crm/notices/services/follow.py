"""Following a record, no longer following it, or hearing nothing of it whatever happens."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import delete

from crm.kernel.errors import AccessDenied
from crm.notices.models import Follow
from crm.records.query import one
from crm.records.work import UnitOfWork


class Wish(StrEnum):
    """What a person wants to hear of a record."""

    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    MUTE = "mute"


def follow(uow: UnitOfWork, record_id: int, wish: Wish) -> None:
    """Keep what the actor wants to hear of a record; twice does it once.

    Raises:
        NotFound: there is no such record that they may see.
        AccessDenied: the actor is a part of the system.
    """
    if uow.actor.user_id is None:
        raise AccessDenied
    one(uow, record_id)
    if wish is Wish.UNFOLLOW:
        mine = (Follow.user_id == uow.actor.user_id, Follow.record_id == record_id)
        uow.session.execute(delete(Follow).where(*mine))
        return
    muted = wish is Wish.MUTE
    known = uow.session.get(Follow, (uow.actor.user_id, record_id))
    if known is None:
        uow.session.add(Follow(user_id=uow.actor.user_id, record_id=record_id, muted=muted, at=uow.now()))
    elif known.muted is not muted:
        known.muted, known.at = muted, uow.now()
