"""The security log: one append-only line for each sign-in, refusal and change of users, roles and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.security.models import SecurityEvent


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, when and from where."""

    at: datetime
    actor_id: int | None = None
    address: str | None = None


def log_event(session: Session, kind: str, by: By, *, user_id: int | None = None, **detail: Any) -> None:
    """Add a line. `detail` holds ids and role names, never passwords, tokens or contact data."""
    facts: dict[str, Any] = {} if user_id is None else {"user_id": user_id}
    session.add(SecurityEvent(at=by.at, kind=kind, actor_id=by.actor_id, address=by.address, detail=facts | dict(detail)))


@dataclass(frozen=True, slots=True)
class EventLine:
    """A line of the log for reading."""

    at: datetime
    kind: str
    actor_id: int | None
    address: str | None
    detail: Mapping[str, Any]


def events_about(session: Session, user_id: int, limit: int = 20) -> list[EventLine]:
    """Give the newest lines about a user."""
    about = SecurityEvent.detail["user_id"].as_integer() == user_id
    rows = session.scalars(select(SecurityEvent).where(about).order_by(SecurityEvent.id.desc()).limit(limit))
    return [EventLine(row.at, row.kind, row.actor_id, row.address, row.detail) for row in rows]
