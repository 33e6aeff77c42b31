"""Putting a mail into the outbox, in the caller's transaction: what is rolled back is never sent."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from unicodedata import category
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.ops.models import MailOutbox
from crm.ops.ports import Attachment

#: Attachments of one mail together, in bytes: an invitation, not an archive.
MOST_ATTACHED: Final = 256 * 1024
#: Control signs, line and paragraph separators.
_BREAKS: Final = frozenset({"Cc", "Zl", "Zp"})


def queue_mail(  # noqa: PLR0913 - as many as a mail has parts
    session: Session,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    *,
    once_key: str | None = None,
    reply_to: str | None = None,
    to_name: str = "",
    attachments: Sequence[Attachment] = (),
    not_before: datetime | None = None,
    at: datetime | None = None,
) -> int | None:
    """Put a mail into the outbox, in the caller's transaction; the worker sends it after the commit.

    Args:
        session: the caller's.
        to: one plain address.
        subject: one line.
        text: the mail as plain text.
        html: the same as HTML.
        once_key: a second call with the same key sends nothing and gives None.
        reply_to: whom an answer goes to, when not to the office.
        to_name: the receiver's name.
        attachments: small files, 256 kB together.
        not_before: send it then, not at once.
        at: the moment of the order, when another than the machine's.

    Raises:
        InvalidInput: a header holds a line break, the address is none, or the attachments are too large.
    """
    refuse_bad_headers(to=to, subject=subject, reply_to=reply_to or "", to_name=to_name)
    if to.count("@") != 1 or " " in to or to.startswith("@") or to.endswith("@"):
        raise InvalidInput({"to": N_("This is not an e-mail address.")})
    if sum(len(item.content) for item in attachments) > MOST_ATTACHED:
        raise InvalidInput({"attachments": N_("The attachments are too large for a mail.")})
    if once_key is not None and session.scalar(select(MailOutbox.id).where(MailOutbox.once_key == once_key)) is not None:
        return None
    row = MailOutbox(
        to_address=to,
        to_name=to_name,
        reply_to=reply_to,
        subject=subject,
        text=text,
        html=html,
        attachments=[_stored_file(item) for item in attachments],
        once_key=once_key,
        message_id=f"<{uuid4().hex}@klynge>",
        next_at=not_before,
        act_id=_act_of(session),
    )
    if at is not None:
        row.created_at = at
    session.add(row)
    session.flush()
    return row.id


def _act_of(session: Session) -> str | None:
    """Give the act that a unit of work does; a plain session does none."""
    uow = session.info.get("uow")
    return None if uow is None else str(uow.act.id)


def _stored_file(item: Attachment) -> dict[str, str]:
    return {"name": item.name, "media_type": item.media_type, "content": b64encode(item.content).decode()}


def refuse_bad_headers(**headers: str) -> None:
    """Refuse header texts that would begin a new header.

    Raises:
        InvalidInput: one holds a line break or another control sign.
    """
    message = N_("A line break is not allowed here.")
    wrong = {name: message for name, value in headers.items() if any(category(sign) in _BREAKS for sign in value)}
    if wrong:
        raise InvalidInput(wrong)
