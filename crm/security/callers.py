"""Who is calling: one read for session or token, user, account with its preferences, and epochs; roles cached by security epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from crm.kernel.errors import AccessDenied
from crm.security.actors import ANONYMOUS, Actor
from crm.security.keys import key_hash
from crm.security.models import Account, ApiToken, PlatformState, WebSession, role_table, user_role_table, user_table
from crm.security.ports import MandateSource, no_mandates

_sessions, _tokens, _accounts, _state = (model.__table__.c for model in (WebSession, ApiToken, Account, PlatformState))
_USER: Final = (
    user_table.c.id.label("user_id"),
    user_table.c.first_name,
    user_table.c.last_name,
    user_table.c.active,
    _accounts.person_id,
    _accounts.locale,
    _accounts.preferences,
    func.coalesce(_accounts.session_epoch, 1).label("account_epoch"),
    _state.security_epoch,
    _state.registry_epoch,
)
#: Built once, on plain tables, with a bound key: this read begins every request, and so is kept cheap.
_BY_SESSION: Final[Select[Any]] = (
    select(_sessions.key_hash, _sessions.session_epoch, _sessions.data, _sessions.seen_at, _sessions.expires_at, *_USER)
    .select_from(WebSession.__table__)
    .join(PlatformState.__table__, _state.id == 1)
    .outerjoin(user_table, user_table.c.id == _sessions.user_id)
    .outerjoin(Account.__table__, _accounts.user_id == user_table.c.id)
    .where(_sessions.key_hash == bindparam("hashed"))
)
_BY_TOKEN: Final[Select[Any]] = (
    select(_tokens.id, _tokens.session_epoch, _tokens.scope, _tokens.expires_at, _tokens.revoked_at, _tokens.last_used_at, *_USER)
    .select_from(ApiToken.__table__)
    .join(PlatformState.__table__, _state.id == 1)
    .join(user_table, user_table.c.id == _tokens.user_id)
    .outerjoin(Account.__table__, _accounts.user_id == user_table.c.id)
    .where(_tokens.token_hash == bindparam("hashed"))
)
_BY_USER: Final[Select[Any]] = (
    select(*_USER)
    .select_from(user_table)
    .join(PlatformState.__table__, _state.id == 1)
    .outerjoin(Account.__table__, _accounts.user_id == user_table.c.id)
    .where(user_table.c.id == bindparam("user_id"))
)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A live browser session as one read found it; the actor is anonymous when nobody has signed in."""

    key_hash: str
    actor: Actor
    data: Mapping[str, Any]
    seen_at: datetime
    #: What the user chose for themselves; see `security.preferences`.
    preferences: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A live bearer token."""

    token_id: int
    actor: Actor
    scope: str
    last_used_at: datetime | None
    preferences: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Callers:
    """The read that every request begins with; one per process.

    Args:
        idle: a session ends after this long without a request.
        mandates: reads the seats of a person.
    """

    idle: timedelta
    mandates: MandateSource = no_mandates
    _epoch: int = field(default=-1, init=False)
    _roles: dict[int, frozenset[str]] = field(default_factory=dict, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def by_session(self, connection: Connection, key: str, now: datetime) -> SessionFacts | None:
        """Find the live session of a cookie's key."""
        row = connection.execute(_BY_SESSION, {"hashed": key_hash(key)}).one_or_none()
        if row is None or row.expires_at <= now or row.seen_at + self.idle <= now:
            return None
        if row.user_id is None:
            return SessionFacts(row.key_hash, ANONYMOUS, row.data, row.seen_at)
        if not row.active or row.session_epoch != row.account_epoch:
            return None
        return SessionFacts(row.key_hash, self._actor(connection, row), row.data, row.seen_at, row.preferences or {})

    def by_token(self, connection: Connection, token: str, now: datetime) -> TokenFacts | None:
        """Find the live bearer token."""
        row = connection.execute(_BY_TOKEN, {"hashed": key_hash(token)}).one_or_none()
        if row is None or row.revoked_at is not None or row.expires_at <= now:
            return None
        if not row.active or row.session_epoch != row.account_epoch:
            return None
        return TokenFacts(row.id, self._actor(connection, row), row.scope, row.last_used_at, row.preferences or {})

    def _actor(self, connection: Connection, row: Row[Any]) -> Actor:
        return _actor_of(connection, row, self._roles_of(connection, row.user_id, row.security_epoch), self.mandates)

    def _roles_of(self, connection: Connection, user_id: int, epoch: int) -> frozenset[str]:
        with self._lock:
            if epoch != self._epoch:
                self._epoch, self._roles = epoch, {}
            found = self._roles.get(user_id)
        if found is None:
            found = roles_of(connection, user_id)
            with self._lock:
                if epoch == self._epoch:
                    self._roles[user_id] = found
        return found


def actor_for(session: Session, user_id: int, mandates: MandateSource = no_mandates) -> Actor:
    """Give a user as an actor outside a request: a flow that acts for the person who approved.

    Raises:
        AccessDenied: there is no such user, or they are deactivated.
    """
    connection = session.connection()
    row = connection.execute(_BY_USER, {"user_id": user_id}).one_or_none()
    if row is None or not row.active:
        raise AccessDenied
    return _actor_of(connection, row, roles_of(connection, user_id), mandates)


def roles_of(connection: Connection, user_id: int) -> frozenset[str]:
    """Read the names of a user's roles."""
    names = (
        select(role_table.c.name)
        .join(user_role_table, user_role_table.c.role_id == role_table.c.id)
        .where(user_role_table.c.user_id == user_id)
    )
    return frozenset(connection.scalars(names))


def _actor_of(connection: Connection, row: Row[Any], roles: frozenset[str], mandates: MandateSource) -> Actor:
    return Actor(
        user_id=row.user_id,
        name=f"{row.first_name} {row.last_name}".strip(),
        roles=roles,
        person_id=row.person_id,
        mandates=mandates(connection, row.person_id) if row.person_id is not None else (),
        locale=row.locale,
        security_epoch=row.security_epoch,
        registry_epoch=row.registry_epoch,
    )
