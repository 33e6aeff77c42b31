"""What security needs from the parts above it, registered by `wiring`: the seats of a person, and a way to send mail."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from crm.security.actors import MandateSpan


class MandateSource(Protocol):
    """Reads the seats of a person (the feature `boards` does)."""

    def __call__(self, connection: Connection, person_id: int) -> tuple[MandateSpan, ...]:
        """Give all seats of the person, past and to come ones too."""
        ...


class MailQueue(Protocol):
    """Puts a mail into the outbox in the caller's transaction (`crm.ops.services.queue_mail` does)."""

    def __call__(
        self, session: Session, to: str, subject: str, text: str, *, to_name: str = "", at: datetime | None = None
    ) -> object:
        """Queue one mail; nothing is sent before the transaction is committed."""
        ...


def no_mandates(connection: Connection, person_id: int) -> tuple[MandateSpan, ...]:
    """Stand for the boards where there are none."""
    return ()
