"""Sends what lies in the mail outbox.

A mail is taken in hand (committed), delivered, and marked (committed). A sender that dies in between leaves a lease that
runs out; the mail is then sent once more, with the same Message-ID, and never a third time.
"""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from crm.kernel.errors import DomainError, IntegrationError
from crm.ops.models import FAILED, QUEUED, SENDING, SENT, MailOutbox
from crm.ops.ports import Attachment, Mailer, OutgoingMail
from crm.records.work import Works
from crm.security.actors import Actor

log = structlog.get_logger()

LEASE: Final = timedelta(minutes=3)
#: A mail that could not be delivered for this long is given up.
GIVE_UP_AFTER: Final = timedelta(hours=24)
LONGEST_PAUSE: Final = timedelta(hours=1)


def claim(session: Session, now: datetime) -> MailOutbox | None:
    """Take the next due mail in hand; None when there is none. Mails whose end is unknown twice over are given up."""
    due = or_(
        and_(MailOutbox.state == QUEUED, or_(MailOutbox.next_at.is_(None), MailOutbox.next_at <= now)),
        and_(MailOutbox.state == SENDING, MailOutbox.lease_until <= now),
    )
    wanted = select(MailOutbox).where(due).order_by(MailOutbox.id).limit(1).with_for_update(skip_locked=True)
    while (row := session.scalars(wanted).first()) is not None:
        if row.state == SENDING:
            row.lost += 1
        if row.lost > 1:
            row.state = FAILED
            row.problem = "The sender stopped twice while sending; whether it arrived is not known."
            session.flush()
            continue
        row.state = SENDING
        row.attempts += 1
        row.lease_until = now + LEASE
        return row
    return None


def sent_since(session: Session, moment: datetime) -> int:
    """Count the mails sent since a moment."""
    return session.scalar(select(func.count()).select_from(MailOutbox).where(MailOutbox.sent_at >= moment)) or 0


def as_mail(row: MailOutbox) -> OutgoingMail:
    """Give a row as the mail that it is."""
    files = tuple(Attachment(item["name"], item["media_type"], b64decode(item["content"])) for item in row.attachments or [])
    return OutgoingMail(
        to_address=row.to_address,
        to_name=row.to_name,
        reply_to=row.reply_to,
        subject=row.subject,
        text=row.text,
        html=row.html,
        message_id=row.message_id,
        attachments=files,
    )


class OutboxSender:
    """Empties the outbox, one mail after the other."""

    def __init__(self, works: Works, mailer: Mailer, actor: Actor, *, daily_cap: int = 1000) -> None:
        self._works = works
        self._mailer = mailer
        self._actor = actor
        self._daily_cap = daily_cap

    def waiting(self) -> bool:
        """Tell cheaply, without a write, whether there may be something to do."""
        with self._works.reading(self._actor) as uow:
            found = select(MailOutbox.id).where(MailOutbox.state.in_((QUEUED, SENDING))).limit(1)
            return uow.session.scalar(found) is not None

    def send_one(self) -> bool:
        """Send the next due mail; False when there is none, or the day's number is reached."""
        with self._works.writing(self._actor) as uow:
            now = uow.now()
            if sent_since(uow.session, now - timedelta(days=1)) >= self._daily_cap:
                log.warning("mail_cap_reached", cap=self._daily_cap)
                return False
            row = claim(uow.session, now)
            if row is None:
                return False
            mail_id, mail = row.id, as_mail(row)
        try:
            self._mailer.send(mail)
        except IntegrationError as error:
            self._not_sent(mail_id, str(error), retryable=error.retryable)
            return not error.retryable
        except DomainError as error:
            self._not_sent(mail_id, str(error), retryable=False)
            return True
        with self._works.writing(self._actor) as uow:
            sent = uow.session.get(MailOutbox, mail_id)
            if sent is not None:
                sent.state, sent.sent_at, sent.lease_until, sent.problem = SENT, uow.now(), None, None
        log.info("mail_sent", mail_id=mail_id)
        return True

    def _not_sent(self, mail_id: int, problem: str, *, retryable: bool) -> None:
        with self._works.writing(self._actor) as uow:
            row = uow.session.get(MailOutbox, mail_id)
            if row is None:
                return
            now = uow.now()
            row.problem, row.lease_until = problem, None
            if retryable and now - row.created_at < GIVE_UP_AFTER:
                row.state = QUEUED
                row.next_at = now + min(LONGEST_PAUSE, timedelta(seconds=15 * 2 ** min(row.attempts - 1, 10)))
            else:
                row.state = FAILED
        log.warning("mail_not_sent", mail_id=mail_id, retryable=retryable)
