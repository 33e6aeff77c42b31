"""A mail of ours as an RFC 5322 message, the same for every way of delivery."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.kernel.settings import Settings
from crm.ops.ports import OutgoingMail
from crm.ops.services import refuse_bad_headers


def as_message(mail: OutgoingMail, settings: Settings, now: datetime) -> EmailMessage:
    """Give the message as it goes out, from the office's address.

    Raises:
        InvalidInput: a header holds a line break, or an address is none.
    """
    names = {f"attachment {number}": item.name for number, item in enumerate(mail.attachments, 1)}
    refuse_bad_headers(
        to=mail.to_address,
        to_name=mail.to_name,
        subject=mail.subject,
        reply_to=mail.reply_to or "",
        message_id=mail.message_id,
        **names,
    )
    message = EmailMessage(policy=SMTP)
    message["From"] = _address("from", settings.office_mail, settings.office_name)
    message["To"] = _address("to", mail.to_address, mail.to_name)
    if mail.reply_to:
        message["Reply-To"] = _address("reply_to", mail.reply_to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    for item in mail.attachments:
        kind, _, subtype = item.media_type.partition("/")
        # A text without a named character set is read as ASCII, and Danish letters in an invitation turn to noise.
        params = {"charset": "utf-8"} if kind == "text" else None
        message.add_attachment(item.content, maintype=kind, subtype=subtype or "octet-stream", filename=item.name, params=params)
    return message


def _address(header: str, address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    if not local or not domain:
        raise InvalidInput({header: N_("This is not an e-mail address.")})
    return Address(display_name=name, username=local, domain=domain.encode("idna").decode() if not domain.isascii() else domain)
