"""Bearer tokens for the API: random, hashed at rest, scoped, expiring, revocable, and ended by the user's epoch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.security.events import By, log_event
from crm.security.keys import key_hash, new_key
from crm.security.models import Account, ApiToken

Scope = Literal["read", "write"]
SCOPES: Final = ("read", "write")
#: Tokens are told by this beginning, by secret scanners too.
PREFIX: Final = "klynge_"
#: What `POST /api/v1/security/login` gives out.
LOGIN_LASTS: Final = timedelta(minutes=15)
LOGIN_NAME: Final = "login"
LONGEST: Final = timedelta(days=366)
#: "Last used" is written at most this often.
USED_EVERY: Final = timedelta(minutes=1)


def issue(session: Session, user_id: int, name: str, scope: str, lasts: timedelta, by: By) -> str:
    """Make a token; it is given here, once, and never again.

    Raises:
        InvalidInput: no name, an unknown scope, or a life that is too long.
    """
    name = clean(name)
    if not 1 <= len(name) <= 100:
        raise InvalidInput({"name": N_("Give the token a name, so that you know it again.")})
    if scope not in SCOPES:
        raise InvalidInput({"scope": N_("Choose read or write.")})
    if not timedelta(0) < lasts <= LONGEST:
        raise InvalidInput({"days": N_("Choose between 1 and %(days)s days.", days=LONGEST.days)})
    token = PREFIX + new_key()
    epoch = session.scalar(select(Account.session_epoch).where(Account.user_id == user_id)) or 1
    session.add(
        ApiToken(
            token_hash=key_hash(token),
            user_id=user_id,
            name=name,
            scope=scope,
            session_epoch=epoch,
            created_at=by.at,
            expires_at=by.at + lasts,
        )
    )
    log_event(session, "token_made", by, user_id=user_id, scope=scope, days=lasts.days)
    return token


@dataclass(frozen=True, slots=True)
class OwnToken:
    """A line of the profile page."""

    id: int
    name: str
    scope: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


def tokens_of(session: Session, user_id: int, now: datetime) -> list[OwnToken]:
    """Give a user's live tokens, but those of the last minutes' API sign-ins."""
    rows = session.scalars(
        select(ApiToken)
        .join(Account, Account.user_id == ApiToken.user_id)
        .where(
            ApiToken.user_id == user_id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            ApiToken.name != LOGIN_NAME,
            ApiToken.session_epoch == Account.session_epoch,
        )
        .order_by(ApiToken.id.desc())
    )
    return [OwnToken(row.id, row.name, row.scope, row.created_at, row.expires_at, row.last_used_at) for row in rows]


def revoke(session: Session, user_id: int, token_id: int, by: By) -> None:
    """End one of a user's tokens.

    Raises:
        NotFound: the user has no such token.
    """
    row = session.get(ApiToken, token_id)
    if row is None or row.user_id != user_id:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = by.at
        log_event(session, "token_revoked", by, user_id=user_id, token_id=token_id)


def mark_used(session: Session, token_id: int, now: datetime) -> None:
    """Note that a token is in use."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))
