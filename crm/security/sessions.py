"""Browser sessions, kept on the server. The cookie holds a random key, the table only its hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crm.kernel.errors import NotFound
from crm.security.keys import key_hash, new_key
from crm.security.models import Account, WebSession

#: A visitor who has not signed in is remembered this long, if anything had to be stored at all.
VISITOR: Final = timedelta(hours=1)
#: "Last seen" is written at most this often.
SEEN_EVERY: Final = timedelta(minutes=1)
#: Signs of a session's hash that stand for it in addresses and forms.
SHORT: Final = 16


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a session comes from, shown to its owner."""

    address: str | None = None
    name: str | None = None


def start_session(session: Session, user_id: int, *, now: datetime, lasts: timedelta, browser: Browser) -> str:
    """Begin a session for a user who has just proved who they are; give the key for the cookie."""
    key = new_key()
    epoch = session.scalar(select(Account.session_epoch).where(Account.user_id == user_id)) or 1
    session.add(
        WebSession(
            key_hash=key_hash(key),
            user_id=user_id,
            session_epoch=epoch,
            data={},
            created_at=now,
            seen_at=now,
            expires_at=now + lasts,
            address=browser.address,
            browser=(browser.name or "")[:200] or None,
        )
    )
    return key


def keep_data(session: Session, key: str, data: Mapping[str, Any], *, now: datetime) -> None:
    """Store what a request left in the session; a visitor's row is made by the first such write."""
    kept = session.execute(update(WebSession).where(WebSession.key_hash == key_hash(key)).values(data=dict(data)))
    if kept.rowcount == 0 and data:  # type: ignore[attr-defined]  # a CursorResult
        session.add(WebSession(key_hash=key_hash(key), data=dict(data), created_at=now, seen_at=now, expires_at=now + VISITOR))


def mark_seen(session: Session, hashed: str, now: datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(WebSession).where(WebSession.key_hash == hashed).values(seen_at=now))


def end_session(session: Session, hashed: str) -> None:
    """End one session."""
    session.execute(delete(WebSession).where(WebSession.key_hash == hashed))


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A line of "where am I signed in"."""

    short: str
    created_at: datetime
    seen_at: datetime
    address: str | None
    browser: str | None
    current: bool


def sessions_of(session: Session, user_id: int, *, now: datetime, idle: timedelta, current: str | None = None) -> list[OwnSession]:
    """Give a user's live sessions, newest first."""
    live = (
        select(WebSession)
        .join(Account, Account.user_id == WebSession.user_id)
        .where(
            WebSession.user_id == user_id,
            WebSession.session_epoch == Account.session_epoch,
            WebSession.expires_at > now,
            WebSession.seen_at > now - idle,
        )
        .order_by(WebSession.seen_at.desc())
    )
    return [
        OwnSession(row.key_hash[:SHORT], row.created_at, row.seen_at, row.address, row.browser, row.key_hash == current)
        for row in session.scalars(live)
    ]


def end_own_session(session: Session, user_id: int, short: str) -> None:
    """End one of a user's sessions by the short form of its hash.

    Raises:
        NotFound: the user has no such session.
    """
    found = session.scalar(select(WebSession.key_hash).where(WebSession.user_id == user_id, WebSession.key_hash.startswith(short)))
    if found is None or len(short) != SHORT:
        raise NotFound
    end_session(session, found)


def last_seen(session: Session, user_ids: list[int]) -> dict[int, datetime]:
    """Give when each user was last seen, as far as a session still tells."""
    rows = session.execute(
        select(WebSession.user_id, WebSession.seen_at).where(WebSession.user_id.in_(user_ids)).order_by(WebSession.seen_at)
    )
    return {user_id: seen_at for user_id, seen_at in rows if user_id is not None}
