"""The two epochs of security: of everything (roles, grants), and of one user (password, roles, deactivation)."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from crm.security.models import Account, PlatformState, WebSession


def raise_security_epoch(session: Session) -> None:
    """Let every process forget its cached grants and roles."""
    session.execute(update(PlatformState).values(security_epoch=PlatformState.security_epoch + 1))


def end_all_access(session: Session, user_id: int, *, but: str | None = None) -> None:
    """End every session and token of a user.

    Args:
        session: the caller's transaction.
        user_id: whose.
        but: the hash of a session that goes on (one's own, when one changes one's password).
    """
    session.execute(update(Account).where(Account.user_id == user_id).values(session_epoch=Account.session_epoch + 1))
    ended = delete(WebSession).where(WebSession.user_id == user_id)
    session.execute(ended if but is None else ended.where(WebSession.key_hash != but))
    if but is not None:
        account = session.get_one(Account, user_id)
        session.refresh(account)
        session.execute(update(WebSession).where(WebSession.key_hash == but).values(session_epoch=account.session_epoch))
