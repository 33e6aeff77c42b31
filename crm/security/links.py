"""One-time links by mail: to sign in, to choose a new password, to accept an invitation. Spent only by a POST."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crm.kernel.errors import NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.security.events import By, log_event
from crm.security.keys import key_hash, new_key
from crm.security.mails import link_mail
from crm.security.models import LoginAttempt, SignInLink, user_table
from crm.security.ports import MailQueue
from crm.security.users import find_user, get_user

Purpose = Literal["sign_in", "password", "invitation"]
LASTS: Final[dict[Purpose, timedelta]] = {
    "sign_in": timedelta(minutes=15),
    "password": timedelta(minutes=15),
    "invitation": timedelta(days=14),
}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a mail says of the sender: the public address that links begin with, and the office's name."""

    public_url: str
    office: str


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link that still works."""

    user_id: int
    purpose: str


def send_link(session: Session, user_id: int, purpose: Purpose, queue: MailQueue, head: Letterhead, by: By) -> None:
    """Make a link and queue the mail that carries it; earlier ones of the same purpose stop working.

    Raises:
        RuleViolation: the user has no e-mail address.
    """
    user = get_user(session, user_id)
    if not user.email:
        raise RuleViolation(N_("%(name)s has no e-mail address.", name=user.name))
    session.execute(delete(SignInLink).where(SignInLink.user_id == user_id, SignInLink.purpose == purpose))
    token = new_key()
    session.add(
        SignInLink(
            token_hash=key_hash(token), user_id=user_id, purpose=purpose, created_at=by.at, expires_at=by.at + LASTS[purpose]
        )
    )
    address = f"{head.public_url.rstrip('/')}/login/link/{token}"
    mail = link_mail(purpose, name=user.name, username=user.username, address=address, office=head.office, locale=user.locale)
    queue(session, user.email, mail.subject, mail.text, to_name=user.name, at=by.at)
    log_event(session, "link_sent", by, user_id=user_id, purpose=purpose)


def ask_for_link(session: Session, typed: str, purpose: Purpose, queue: MailQueue, head: Letterhead, by: By) -> None:
    """Send a link to whoever typed an address, if it is a user's; the caller says the same in either case."""
    found = find_user(session, typed)
    user = get_user(session, found[0]) if found else None
    if user is not None and user.email:
        send_link(session, user.id, purpose, queue, head, by)
    else:
        _take_as_long(session, purpose, head, by)
        log_event(session, "link_refused", by, purpose=purpose)


def _take_as_long(session: Session, purpose: Purpose, head: Letterhead, by: By) -> None:
    """Do for nobody what `send_link` does for a user, so that the time of the answer does not tell them apart."""
    for _ in range(2):
        with suppress(NotFound):
            get_user(session, 0)
    session.execute(delete(SignInLink).where(SignInLink.user_id == 0, SignInLink.purpose == purpose))
    mail = link_mail(purpose, name="", username="", address=new_key(), office=head.office, locale=None)
    with session.begin_nested() as undone:
        # Two rows, written and taken back: a link and a mail are two.
        session.add_all(LoginAttempt(at=by.at, account=key_hash(mail.text), address="") for _ in range(2))
        session.flush()
        undone.rollback()


def look_at(session: Session, token: str, now: datetime) -> LinkFacts | None:
    """Read a link without spending it: a page opened by a mail scanner uses nothing up."""
    row = session.execute(
        select(SignInLink.user_id, SignInLink.purpose)
        .join(user_table, user_table.c.id == SignInLink.user_id)
        .where(
            SignInLink.token_hash == key_hash(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now, user_table.c.active
        )
    ).one_or_none()
    return None if row is None else LinkFacts(row.user_id, row.purpose)


def spend(session: Session, token: str, now: datetime) -> LinkFacts:
    """Use a link up, once: of two at the same time one wins.

    Raises:
        RuleViolation: it was used before, has run out, or never was.
    """
    facts = look_at(session, token, now)
    if facts is not None:
        taken = update(SignInLink).where(SignInLink.token_hash == key_hash(token), SignInLink.used_at.is_(None)).values(used_at=now)
        if session.execute(taken).rowcount == 1:  # type: ignore[attr-defined]  # a CursorResult
            return facts
    raise RuleViolation(N_("This link no longer works. It can be used once, and only for a short time."))
