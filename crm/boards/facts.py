"""What the guards of a meeting look at beside its own values, read in three small queries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from crm.boards import rules
from crm.boards.models import AgendaItem, Board, Decision, Meeting, PackVersion
from crm.boards.rules import ItemFacts
from crm.kernel.clock import local_day
from crm.records.files import CURRENT
from crm.records.models import Change, StoredFile, record_table

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def meeting_facts(uow: UnitOfWork, meeting_id: int) -> Mapping[str, Any]:
    """Give: items, decided (item numbers), assembled, changed_since, approved, held_on, today."""
    meeting = uow.get(Meeting, meeting_id)
    items = agenda(uow, meeting)
    numbers = item_numbers(uow, meeting, len(items))
    version = uow.session.scalars(
        select(PackVersion).where(PackVersion.meeting_id == meeting_id).order_by(PackVersion.number.desc()).limit(1)
    ).first()
    working = version if version is not None and version.published_at is None else None
    decided = set(
        uow.session.scalars(select(Decision.agenda_item_id).where(Decision.agenda_item_id.in_([item.id for item in items])))
    )
    return {
        "items": [item_facts(item, number) for item, number in zip(items, numbers, strict=True)],
        "decided": {number for item, number in zip(items, numbers, strict=True) if item.id in decided},
        "assembled": working is not None,
        "changed_since": working is not None and changed_since(uow, meeting_id, working),
        "approved": working is not None and working.approved_at is not None,
        "held_on": held_on(meeting, uow.zone),
        "today": uow.today(),
    }


def held_on(meeting: Meeting, zone: str) -> date | None:
    """Give the office's day on which a meeting is held."""
    return None if meeting.starts_at is None else local_day(meeting.starts_at, zone)


def agenda(uow: UnitOfWork, meeting: Meeting) -> list[AgendaItem]:
    """Give a meeting's items in order."""
    wanted = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position, AgendaItem.id)
    return list(uow.session.scalars(wanted))


def item_numbers(uow: UnitOfWork, meeting: Meeting, count: int) -> tuple[int, ...]:
    """Give the printed numbers of a meeting's items, by its board's setting."""
    board = uow.session.get(Board, meeting.board_id)
    numbering = board.item_numbering if board is not None else rules.Numbering.MEETING
    earlier = earlier_items(uow, meeting) if numbering == rules.Numbering.YEAR else 0
    return rules.item_numbers(count, numbering, earlier)


def earlier_items(uow: UnitOfWork, meeting: Meeting) -> int:
    """Count the items of the board's earlier meetings of the same year."""
    statement = (
        select(func.count(AgendaItem.id))
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.board_id == meeting.board_id, Meeting.year == meeting.year, Meeting.number < (meeting.number or 0))
    )
    return uow.session.scalar(statement) or 0


def item_facts(item: AgendaItem, number: int) -> ItemFacts:
    """Give an item as the rules look at it."""
    return ItemFacts(
        number=number,
        title=item.title,
        item_type=item.item_type,
        recommendation=item.recommendation,
        background=item.background,
        presentation=item.presentation,
        finances=item.finances,
        standing=item.standing,
        has_blocks=bool(item.blocks),
    )


def changed_since(uow: UnitOfWork, meeting_id: int, version: PackVersion) -> bool:
    """Say whether the agenda is another than when the pack was assembled: an item or annex changed, came, went or moved."""
    items = version.document["items"]
    drawn = {item["item_id"] for item in items}
    rows = uow.session.execute(
        select(record_table.c.id, record_table.c.updated_at)
        .join(AgendaItem.__table__, AgendaItem.__table__.c.id == record_table.c.id)
        .where(AgendaItem.__table__.c.meeting_id == meeting_id, record_table.c.deleted_at.is_(None))
    ).all()
    if {row.id for row in rows} != drawn or any(row.updated_at > version.built_at for row in rows):
        return True
    files = set(uow.session.scalars(select(StoredFile.id).where(StoredFile.record_id.in_(drawn), CURRENT)))
    return files != {annex["file_id"] for item in items for annex in item["annexes"]} or _meeting_changed(uow, meeting_id, version)


def _meeting_changed(uow: UnitOfWork, meeting_id: int, version: PackVersion) -> bool:
    """Whether time, place or name of the meeting were changed since: its steps through the states do not count."""
    later = select(Change.id).where(Change.record_id == meeting_id, Change.kind == "update", Change.at > version.built_at)
    return uow.session.execute(later.limit(1)).first() is not None
