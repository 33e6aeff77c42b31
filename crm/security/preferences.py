"""What a user chose for themselves: small switches and last-used values, kept beside the account and never secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.security.models import Account


def read_preferences(session: Session, user_id: int | None) -> Mapping[str, Any]:
    """Give all that a user chose, by name; empty for a system actor or a user without an account."""
    if user_id is None:
        return {}
    return session.scalar(select(Account.preferences).where(Account.user_id == user_id)) or {}


def write_preference(session: Session, user_id: int, name: str, value: Any) -> None:
    """Keep one choice; None takes it back. Reads the account again for update, so that two windows do not undo each other."""
    account = session.scalar(select(Account).where(Account.user_id == user_id).with_for_update())
    if account is None:
        account = Account(user_id=user_id, session_epoch=1, preferences={})
        session.add(account)
    kept = {key: item for key, item in account.preferences.items() if key != name}
    account.preferences = kept if value is None else {**kept, name: value}
