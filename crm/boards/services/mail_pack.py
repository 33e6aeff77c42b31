"""*Materiale til {møde} …*: one mail to each member of the board on the meeting's day, by the outbox, with the meeting as .ics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select

from crm.boards import facts, rules
from crm.boards.invitation import Invitation, calendar_file
from crm.boards.letters import Letter, merge, read_template
from crm.boards.models import Meeting, PackVersion
from crm.boards.office import Office
from crm.boards.packs import words
from crm.boards.packs.document import PackDocument
from crm.boards.queries import owner_mail, owner_name, seats
from crm.boards.rules import ItemType
from crm.kernel import format as fmt
from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import DEFAULT_LOCALE
from crm.kernel.text import slug
from crm.ops.ports import Attachment
from crm.ops.services import queue_mail
from crm.records.fields.emails import primary_address
from crm.records.work import UnitOfWork, Works
from crm.security.actors import system_actor
from crm.security.models import Account, user_table

PUBLISHED: Final = "pack_published"
ASSEMBLED: Final = "pack_assembled"


@dataclass(frozen=True, slots=True)
class Receiver:
    """A member who is mailed, in their own language."""

    person_id: int
    name: str
    address: str
    locale: str = DEFAULT_LOCALE


def mail_members(uow: UnitOfWork, meeting: Meeting, version: PackVersion, news: tuple[str, ...], office: Office) -> int:
    """Queue a mail to each member who has an address; gives how many. A member is never mailed twice about one version."""
    reply_to = owner_mail(uow, meeting)
    attachment = Attachment("moede.ics", "text/calendar", _calendar(uow, meeting, version, office))
    queued = 0
    for receiver in receivers(uow, meeting):
        fields = merge_fields(uow, meeting, version, news, office, receiver.locale)
        template = read_template(PUBLISHED, receiver.locale, office.mail_folders)
        letter = merge(template, {**fields, "navn": receiver.name, "name": receiver.name})
        queued += _queue(uow, receiver, letter, f"pack-{version.id}-{receiver.person_id}", reply_to, (attachment,))
    return queued


def receivers(uow: UnitOfWork, meeting: Meeting) -> list[Receiver]:
    """Give the members of a meeting's board who can be mailed: by the person's address, else by that of their user."""
    members = seats(uow, meeting.board_id, facts.held_on(meeting, uow.zone) or uow.today())
    accounts = {
        row.person_id: row
        for row in uow.session.execute(
            select(Account.person_id, Account.locale, user_table.c.email)
            .join(user_table, user_table.c.id == Account.user_id)
            .where(Account.person_id.in_([seat.person_id for seat in members]), user_table.c.active)
        )
    }
    found = []
    for seat in members:
        account = accounts.get(seat.person_id)
        own = primary_address(uow.records.values(seat.person_id).get("email"))
        address = own or (account.email if account is not None else None)
        if address:
            locale = (account.locale if account is not None else None) or DEFAULT_LOCALE
            found.append(Receiver(seat.person_id, seat.name, str(address), locale))
    return found


def _queue(
    uow: UnitOfWork, to: Receiver, letter: Letter, key: str, reply_to: str | None, attachments: Sequence[Attachment] = ()
) -> bool:
    """Queue one mail; an address that is none does not keep the others from theirs."""
    try:
        row = queue_mail(
            uow.session,
            to.address,
            letter.subject,
            letter.text,
            once_key=key,
            reply_to=reply_to,
            to_name=to.name,
            attachments=attachments,
            at=uow.now(),
        )
    except InvalidInput:
        return False
    return row is not None


def tell_assembled(works: Works, version_id: int, office: Office) -> int:
    """Tell the one who prepares the meeting that its material can be approved; gives how many mails were queued (0 or 1).

    Raises:
        NotFound: there is no such version.
    """
    with works.writing(system_actor("flow"), cause="flow") as uow:
        version = uow.session.get(PackVersion, version_id)
        if version is None:
            raise NotFound
        meeting = uow.get(Meeting, version.meeting_id)
        address, name = owner_mail(uow, meeting), owner_name(uow, meeting)
        if address is None:
            return 0
        page = f"{office.url}/r/{meeting.id}/{slug(meeting.title)}"
        fields = {
            **merge_fields(uow, meeting, version, (), office, DEFAULT_LOCALE),
            "navn": name,
            "name": name,
            "side": page,
            "page": page,
        }
        letter = merge(read_template(ASSEMBLED, DEFAULT_LOCALE, office.mail_folders), fields)
        return int(_queue(uow, Receiver(0, name, address), letter, f"assembled-{version.id}-{version.digest[:12]}", None))


def merge_fields(
    uow: UnitOfWork, meeting: Meeting, version: PackVersion, news: tuple[str, ...], office: Office, locale: str
) -> dict[str, str]:
    """Give the values of a pack mail by field name, in Danish and in English names alike."""
    document = PackDocument.from_json(version.document)
    start = fmt.local(meeting.starts_at or uow.now(), uow.zone)
    end = fmt.local(meeting.ends_at, uow.zone) if meeting.ends_at is not None else None
    decisions = [str(item.number) for item in document.items if item.item_type == ItemType.DECISION]
    until = f"–{fmt.clock_time(end.time(), locale)}" if end is not None and end.date() == start.date() else ""
    where = f"{fmt.clock_time(start.time(), locale, word=True)}{until}"
    values = {
        ("møde", "meeting"): meeting.title,
        ("ugedag", "weekday"): fmt.weekday(start.date(), locale),
        ("dato", "date"): fmt.day(start.date(), locale, "long"),
        ("kl", "start"): fmt.clock_time(start.time(), locale),
        ("tid_og_sted", "when_where"): ", ".join(part for part in (where, _place(meeting, document)) if part),
        ("punkter", "decisions"): fmt.listing(decisions, locale),
        ("nyt", "news"): "; ".join(news),
        ("frist", "deadline"): fmt.day(rules.reply_by(start.date(), uow.today()), locale, "full"),
        ("link", "link"): f"{office.url}/b/meetings/{meeting.id}",
        ("word", "word"): f"{office.url}/packs/{version.id}.docx",
        ("hilsen", "greeting"): "\n".join(part for part in (owner_name(uow, meeting), office.name) if part),
    }
    return {name: value for names, value in values.items() for name in names}


def _place(meeting: Meeting, document: PackDocument) -> str:
    """The place as the pack says it (the board's usual one when the meeting names none)."""
    return dict(document.front.lines).get(words.WHERE(document.locale)) or meeting.place or ""


def _calendar(uow: UnitOfWork, meeting: Meeting, version: PackVersion, office: Office) -> bytes:
    """The meeting for the reader's calendar; a later version changes the same entry."""
    return calendar_file(
        Invitation(
            uid=f"meeting-{meeting.id}@{urlsplit(office.url).hostname or 'klynge'}",
            title=meeting.title,
            starts_at=meeting.starts_at or uow.now(),
            ends_at=meeting.ends_at,
            place=_place(meeting, PackDocument.from_json(version.document)),
            url=f"{office.url}/b/meetings/{meeting.id}",
            organiser=office.name,
            organiser_mail=office.mail,
            written_at=uow.now(),
            sequence=version.number,
        )
    )
