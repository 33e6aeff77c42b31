"""*Materiale til {møde} …*: one mail to each member of the board on the meeting's day, by the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.boards import facts, rules
from crm.boards.letters import Letter, merge, read_template
from crm.boards.models import Meeting, PackVersion
from crm.boards.office import Office
from crm.boards.packs.document import PackDocument
from crm.boards.queries import owner_mail, owner_name, seats
from crm.boards.rules import ItemType
from crm.kernel import format as fmt
from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.text import slug
from crm.ops.services import queue_mail
from crm.records.work import UnitOfWork, Works
from crm.security.actors import system_actor

MAIL = "pack_published"
LOCALE = "da"


def mail_members(uow: UnitOfWork, meeting: Meeting, version: PackVersion, news: tuple[str, ...], office: Office) -> int:
    """Queue a mail to each member who has an address; gives how many. A member is never mailed twice about one version."""
    held_on = facts.held_on(meeting, uow.zone) or uow.today()
    template = read_template(MAIL, LOCALE, office.mail_folders)
    fields = merge_fields(uow, meeting, version, news, office)
    reply_to = owner_mail(uow, meeting)
    queued = 0
    for seat in seats(uow, meeting.board_id, held_on):
        values: Mapping[str, Any] = uow.records.values(seat.person_id)
        address = str(values.get("email") or "")
        if not address:
            continue
        letter = merge(template, {**fields, "navn": seat.name, "name": seat.name})
        queued += _queue(uow, address, letter, f"pack-{version.id}-{seat.person_id}", reply_to, seat.name)
    return queued


def _queue(uow: UnitOfWork, address: str, letter: Letter, key: str, reply_to: str | None, name: str) -> bool:
    """Queue one mail; an address that is none does not keep the others from theirs."""
    try:
        row = queue_mail(
            uow.session, address, letter.subject, letter.text, once_key=key, reply_to=reply_to, to_name=name, at=uow.now()
        )
    except InvalidInput:
        return False
    return row is not None


def tell_assembled(works: Works, version_id: int, office: Office) -> int:
    """Tell the one who prepares the meeting that its material can be approved; gives how many mails were queued (0 or 1)."""
    with works.writing(system_actor("flow"), cause="flow") as uow:
        version = uow.session.get(PackVersion, version_id)
        if version is None:
            raise NotFound
        meeting = uow.get(Meeting, version.meeting_id)
        address = owner_mail(uow, meeting)
        if address is None:
            return 0
        name = owner_name(uow, meeting)
        fields = {
            **merge_fields(uow, meeting, version, (), office),
            "navn": name,
            "name": name,
            "side": f"{office.url}/r/{meeting.id}/{slug(meeting.title)}",
            "page": f"{office.url}/r/{meeting.id}/{slug(meeting.title)}",
        }
        letter = merge(read_template("pack_assembled", LOCALE, office.mail_folders), fields)
        return int(_queue(uow, address, letter, f"assembled-{version.id}-{version.digest[:12]}", None, name))


def merge_fields(uow: UnitOfWork, meeting: Meeting, version: PackVersion, news: tuple[str, ...], office: Office) -> dict[str, str]:
    """Give the values of a pack mail by field name, in Danish and in English names alike."""
    document = PackDocument.from_json(version.document)
    start = fmt.local(meeting.starts_at or uow.now(), uow.zone)
    end = fmt.local(meeting.ends_at, uow.zone) if meeting.ends_at is not None else None
    decisions = [str(item.number) for item in document.items if item.item_type == ItemType.DECISION]
    link = f"{office.url}/b/meetings/{meeting.id}"
    until = f"–{fmt.clock_time(end.time(), LOCALE)}" if end is not None and end.date() == start.date() else ""
    where = f"{fmt.clock_time(start.time(), LOCALE, word=True)}{until}"
    place = dict(document.front.lines).get("Sted") or meeting.place or ""
    values = {
        ("møde", "meeting"): meeting.title,
        ("ugedag", "weekday"): fmt.weekday(start.date(), LOCALE),
        ("dato", "date"): fmt.day(start.date(), LOCALE, "long"),
        ("kl", "start"): fmt.clock_time(start.time(), LOCALE),
        ("tid_og_sted", "when_where"): ", ".join(part for part in (where, place) if part),
        ("punkter", "decisions"): fmt.listing(decisions, LOCALE),
        ("nyt", "news"): "; ".join(news),
        ("frist", "deadline"): fmt.day(rules.reply_by(start.date(), uow.today()), LOCALE, "full"),
        ("link", "link"): link,
        ("word", "word"): f"{office.url}/packs/{version.id}.docx",
        ("hilsen", "greeting"): "\n".join(part for part in (owner_name(uow, meeting), office.name) if part),
    }
    return {name: value for names, value in values.items() for name in names}
