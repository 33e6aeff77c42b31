"""Limits on guessing: per account and per address, counted in the database so that all processes share them.

A try is written *before* the password is compared and taken back when it was right, so parallel guesses cannot slip by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from crm.kernel.errors import DomainError
from crm.kernel.i18n import N_
from crm.kernel.text import fold
from crm.security.keys import keyed_hash
from crm.security.models import LoginAttempt

WINDOW: Final = timedelta(minutes=10)
PER_ACCOUNT: Final = 10
PER_ADDRESS: Final = 50


class TooManyTries(DomainError):
    """Too many tries from here or on this account; `wait` says for how long."""

    code = "too_many_tries"

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        super().__init__(N_("Too many tries. Wait %(minutes)s minutes and try again.", minutes=minutes))


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted; taken back when it was right."""

    attempt_id: int


def count_try(session: Session, secret: str, kind: str, typed: str, address: str, now: datetime) -> Try:
    """Count a try, or refuse it.

    Args:
        session: a write transaction of its own, to be committed before the password is compared.
        secret: the signing key; the table keeps a keyed hash of the typed name.
        kind: `password` or `link`; each has its own count per account.
        typed: the user name or e-mail as typed.
        address: the caller's address.
        now: the moment.

    Raises:
        TooManyTries: the limit of the account or the address is reached.
    """
    address = network_of(address)
    account = keyed_hash(secret, f"login-{kind}", fold(typed.strip()))
    if session.get_bind().dialect.name == "postgresql":
        # One count at a time: parallel transactions would not see each other's rows.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('klynge-login'))"))
    since = now - WINDOW
    for column, value, most in ((LoginAttempt.account, account, PER_ACCOUNT), (LoginAttempt.address, address, PER_ADDRESS)):
        number, oldest = session.execute(
            select(func.count(), func.min(LoginAttempt.at)).where(column == value, LoginAttempt.at > since)
        ).one()
        if number >= most:
            raise TooManyTries(oldest + WINDOW - now)
    attempt = LoginAttempt(at=now, account=account, address=address)
    session.add(attempt)
    session.flush()
    return Try(attempt.id)


def network_of(address: str) -> str:
    """Give what counts as one address: of IPv6 the /64 network, which is what one household or server is given."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return address


def take_back(session: Session, counted: Try) -> None:
    """Forget a try that was right."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.id == counted.attempt_id))
