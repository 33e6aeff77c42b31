"""Signing in with a password: at the form, at the API, and again before something grave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.kernel.db import Database
from crm.kernel.errors import DomainError, InvalidInput
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.security.events import By, log_event
from crm.security.fab.hashing import password_matches
from crm.security.limits import Try, count_try, take_back
from crm.security.models import user_table
from crm.security.users import find_user


class SignInRefused(DomainError):
    """User name or password is wrong: which of them is not told, nor whether the user exists or is deactivated."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__(N_("The user name or the password is wrong."))


@dataclass(frozen=True, slots=True)
class Proven:
    """A user who has just shown that they know their password; `finish` completes the sign-in."""

    user_id: int
    counted: Try


def prove_password(database: Database, secret: str, typed: str, password: str, by: By) -> Proven:
    """Check user name (or e-mail) and password, within the limits.

    The comparison takes a tenth of a second and so lies between two short transactions, never inside one.

    Raises:
        TooManyTries: of this account or from this address.
        SignInRefused: they do not fit.
    """
    typed = clean(typed)
    with database.writing() as session:
        counted = count_try(session, secret, "password", typed, by.address or "", by.at)
    with database.reading() as session:
        found = find_user(session, typed)
    fits = password_matches(found[1] if found else None, password)
    if found is None or not fits:
        with database.writing() as session:
            log_event(session, "sign_in_failed", by, user_id=found[0] if found else None)
        raise SignInRefused
    return Proven(found[0], counted)


def finish(session: Session, proven: Proven, by: By, *, way: str) -> None:
    """Take the counted try back and note the sign-in; the caller then makes a session or token in the same transaction."""
    take_back(session, proven.counted)
    note_sign_in(session, proven.user_id, by, way=way)


def note_sign_in(session: Session, user_id: int, by: By, *, way: str) -> None:
    """Write the sign-in to the security log and to Flask-AppBuilder's `last_login` (naive, in UTC)."""
    session.execute(update(user_table).where(user_table.c.id == user_id).values(last_login=_naive(by.at)))
    log_event(session, "signed_in", By(by.at, user_id, by.address), user_id=user_id, way=way)


def confirm_password(database: Database, secret: str, user_id: int, password: str, by: By, *, field: str = "password") -> None:
    """Ask the signed-in user for their password again, within the same limits.

    Raises:
        TooManyTries: too many wrong ones.
        InvalidInput: it is not theirs; the reason stands on `field`.
    """
    with database.reading() as session:
        username = session.scalar(select(user_table.c.username).where(user_table.c.id == user_id)) or ""
    try:
        proven = prove_password(database, secret, username, password, by)
    except SignInRefused as error:
        raise InvalidInput({field: N_("This is not your password.")}) from error
    with database.writing() as session:
        take_back(session, proven.counted)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
