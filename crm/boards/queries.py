"""Reads of the meeting work: what a pack is made of, which versions there are, who sits where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from crm.boards import facts, lifecycle, rules
from crm.boards.blocks import earlier_meetings
from crm.boards.models import AgendaItem, Board, Mandate, Meeting, PackBuild, PackVersion
from crm.boards.office import Office
from crm.boards.packs import blocks
from crm.boards.packs.blocks import Audience, BlockContext
from crm.boards.packs.build import AnnexSource, BlockSource, ItemSource, PackSource
from crm.boards.packs.document import PackDocument
from crm.boards.types.mandate import ROLES
from crm.kernel.errors import NotFound
from crm.records.files import CURRENT
from crm.records.models import StoredFile, record_table
from crm.records.query import titles
from crm.records.work import UnitOfWork
from crm.security.actors import MandateSpan
from crm.security.models import user_table

_seat: Final[Any] = Mandate.__table__
# Made once: it is asked with every request of a user who is a person too, since a seat that is taken away ends rights at once.
_SEATS: Final = (
    select(_seat.c.board_id, record_table.c.starts_at, record_table.c.ends_at)
    .join(record_table, record_table.c.id == _seat.c.id)
    .where(_seat.c.person_id == bindparam("person_id"), record_table.c.deleted_at.is_(None))
    .order_by(_seat.c.id)
)


def mandates_of(connection: Connection, person_id: int) -> tuple[MandateSpan, ...]:
    """Give all seats of a person, past and to come ones too: what the scope *board* asks for."""
    rows = connection.execute(_SEATS, {"person_id": person_id})
    return tuple(MandateSpan(row.board_id, day_of(row.starts_at), day_of(row.ends_at)) for row in rows)


def day_of(moment: datetime | None) -> date | None:
    """Give the day that an all-day column stands for: it holds the office's midnight, so twelve hours on it is that day in UTC."""
    return None if moment is None else (moment + timedelta(hours=12)).date()


# --- versions and builds ---------------------------------------------------------------------------------------------------


def versions(uow: UnitOfWork, meeting_id: int) -> Sequence[PackVersion]:
    """Give a meeting's pack versions, newest first. Ask only about meetings that the actor may see."""
    return uow.session.scalars(
        select(PackVersion).where(PackVersion.meeting_id == meeting_id).order_by(PackVersion.number.desc())
    ).all()


def working_version(uow: UnitOfWork, meeting_id: int) -> PackVersion | None:
    """Give the version that is not published yet."""
    newest = next(iter(versions(uow, meeting_id)), None)
    return newest if newest is not None and newest.published_at is None else None


def published_version(uow: UnitOfWork, meeting_id: int) -> PackVersion | None:
    """Give the newest published version."""
    return next((version for version in versions(uow, meeting_id) if version.published_at is not None), None)


def version_of(uow: UnitOfWork, version_id: int) -> tuple[PackVersion, Meeting]:
    """Give a version and its meeting, if the actor may see the meeting; a working version only to those in the CRM.

    Raises:
        NotFound: there is none, or it is not theirs to see.
    """
    version = uow.session.get(PackVersion, version_id)
    if version is None:
        raise NotFound
    meeting = uow.get(Meeting, version.meeting_id)
    if version.published_at is None and not uow.access.may_use("@crm"):
        raise NotFound
    return version, meeting


def latest_build(uow: UnitOfWork, meeting_id: int) -> PackBuild | None:
    """Give the newest build of a meeting's pack."""
    return uow.session.scalars(
        select(PackBuild).where(PackBuild.meeting_id == meeting_id).order_by(PackBuild.id.desc()).limit(1)
    ).first()


# --- what a pack is made of ------------------------------------------------------------------------------------------------


def pack_source(uow: UnitOfWork, meeting_id: int, office: Office, *, locale: str = "da") -> PackSource:
    """Read all that a meeting's pack is made of, as it is now.

    Raises:
        NotFound: there is no such meeting.
    """
    meeting = uow.get(Meeting, meeting_id)
    board = uow.get(Board, meeting.board_id)
    items = facts.agenda(uow, meeting)
    files = annexes(uow, [item.id for item in items])
    known = versions(uow, meeting_id)
    context = block_context(uow, meeting, board, locale)
    working = known[0] if known and known[0].published_at is None else None
    number = working.number if working is not None else 1 + max((version.number for version in known), default=0)
    return PackSource(
        meeting_id=meeting.id,
        meeting_title=meeting.title,
        board_title=board.title,
        office=office.name,
        starts_at=meeting.starts_at or uow.now(),
        ends_at=meeting.ends_at,
        place=meeting.place or board.place,
        contact=owner_name(uow, meeting),
        items=tuple(_item(uow, item, files.get(item.id, ()), context) for item in items),
        version=number,
        built_at=uow.now(),
        zone=uow.zone,
        locale=locale,
        numbering=board.item_numbering,
        earlier_items=facts.earlier_items(uow, meeting) if board.item_numbering == rules.Numbering.YEAR else 0,
        members=tuple(seat.line(locale) for seat in seats(uow, board.id, facts.held_on(meeting, uow.zone) or uow.today())),
        kept_annexes=kept_annexes(uow, known),
    )


def kept_annexes(uow: UnitOfWork, known: Sequence[PackVersion]) -> dict[int, int]:
    """Give the numbers that published versions gave to files, by the file's first version.

    A new version of an annex keeps the number that people have on paper, and so does one whose item came, went or moved.
    """
    given: dict[int, int] = {}
    for version in sorted(known, key=lambda one: one.number):
        if version.published_at is not None:
            given.update({annex.file_id: annex.number for annex in PackDocument.from_json(version.document).annexes})
    if not given:
        return {}
    rows = uow.session.execute(select(StoredFile.id, StoredFile.first_id).where(StoredFile.id.in_(sorted(given))))
    firsts = {row.id: row.first_id or row.id for row in rows}
    return {firsts.get(file_id, file_id): number for file_id, number in given.items()}


def block_context(uow: UnitOfWork, meeting: Meeting, board: Board, locale: str) -> BlockContext:
    """Give what the blocks of a meeting's items are drawn for, as of now."""
    earlier = [(facts.held_on(one, uow.zone), one.state in lifecycle.AFTER_HELD) for one in earlier_meetings(uow, meeting)]
    return BlockContext(
        meeting_id=meeting.id,
        board_id=board.id,
        first=rules.since_last([(day, held) for day, held in earlier if day is not None], uow.today()),
        last=uow.today(),
        at=uow.now(),
        zone=uow.zone,
        locale=locale,
        audience=Audience(names_clusters=board.names_clusters),
    )


def _item(uow: UnitOfWork, item: AgendaItem, files: Sequence[AnnexSource], context: BlockContext) -> ItemSource:
    return ItemSource(
        record_id=item.id,
        title=item.title,
        item_type=item.item_type,
        minutes=item.minutes,
        presenter=item.presenter,
        standing=item.standing,
        closed=item.closed,
        recommendation=item.recommendation,
        background=item.background,
        presentation=item.presentation,
        finances=item.finances,
        note=item.secretariat_note,
        blocks=tuple(_blocks(uow, item, context)),
        annexes=tuple(files),
    )


def _blocks(uow: UnitOfWork, item: AgendaItem, context: BlockContext) -> Iterator[BlockSource]:
    for one in item.blocks or ():
        known = blocks.BLOCKS.get(one["key"])
        heading = one["key"] if known is None else known.label(context.locale)
        yield BlockSource(heading, blocks.draw(uow, one["key"], context), one.get("remark"))


def annexes(uow: UnitOfWork, item_ids: Sequence[int]) -> dict[int, tuple[AnnexSource, ...]]:
    """Give the files of agenda items, oldest first."""
    found: dict[int, tuple[AnnexSource, ...]] = {}
    rows = uow.session.scalars(select(StoredFile).where(StoredFile.record_id.in_(item_ids), CURRENT).order_by(StoredFile.first_id))
    for row in rows:
        if row.record_id is not None:
            found[row.record_id] = (*found.get(row.record_id, ()), AnnexSource(row.id, row.name, row.size, row.first_id or row.id))
    return found


# --- people ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of a board on a day."""

    person_id: int
    name: str
    role: str
    organisation: str

    def line(self, locale: str) -> str:
        """Word it for the front page: Anne Holm (formand), Grøn Energi Nord."""
        role = next((option.label(locale).lower() for option in ROLES if option.key == self.role and self.role != "member"), "")
        name = f"{self.name} ({role})" if role else self.name
        return ", ".join(part for part in (name, self.organisation) if part)


_ORDER = {option.key: place for place, option in enumerate(ROLES)}


def seats(uow: UnitOfWork, board_id: int, on: date) -> list[Seat]:
    """Give who sits in a board on a day: the chair first, then by role and name."""
    rows = [
        seat
        for seat in uow.session.scalars(select(Mandate).where(Mandate.board_id == board_id))
        if MandateSpan(board_id, day_of(seat.starts_at), day_of(seat.ends_at)).active(on)
    ]
    names = titles(uow, [one for seat in rows for one in (seat.person_id, seat.organisation_id) if one])
    found = [
        Seat(
            seat.person_id,
            names[seat.person_id].title,
            seat.role,
            names[seat.organisation_id].title if seat.organisation_id in names else "",
        )
        for seat in rows
        if seat.person_id in names
    ]
    return sorted(found, key=lambda seat: (_ORDER.get(seat.role, 9), seat.name))


def owner_name(uow: UnitOfWork, meeting: Meeting) -> str:
    """Name the one who prepares a meeting; empty when nobody is set."""
    row = uow.session.execute(
        select(user_table.c.first_name, user_table.c.last_name).where(user_table.c.id == meeting.owner_id)
    ).one_or_none()
    return "" if row is None else f"{row.first_name} {row.last_name}".strip()


def owner_mail(uow: UnitOfWork, meeting: Meeting) -> str | None:
    """Give the mail address of the one who prepares a meeting."""
    return uow.session.scalar(select(user_table.c.email).where(user_table.c.id == meeting.owner_id))
