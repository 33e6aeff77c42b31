"""The blocks that this feature draws: the board's own follow-ups. What blocks there are stands in `packs.blocks`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from crm.boards import lifecycle
from crm.boards.models import FollowUp, Meeting
from crm.boards.packs import blocks
from crm.boards.packs.blocks import BlockContext
from crm.boards.packs.build import FollowUpSource, follow_up_parts
from crm.boards.packs.document import Part
from crm.kernel import format as fmt
from crm.kernel.clock import local_day
from crm.records.models import Change
from crm.records.query import titles
from crm.records.work import UnitOfWork


def follow_ups(uow: UnitOfWork, context: BlockContext) -> tuple[Part, ...]:
    """Draw *Opfølgningspunkter siden sidst*: of the board's earlier meetings those still open, and those done since the last."""
    earlier = earlier_meetings(uow, uow.get(Meeting, context.meeting_id))
    locale = context.locale
    ids = [one.id for one in earlier]
    rows = list(uow.session.scalars(select(FollowUp).where(FollowUp.meeting_id.in_(ids)).order_by(FollowUp.due_at, FollowUp.id)))
    done_at = _done_at(uow, [row.id for row in rows if row.state == lifecycle.DONE])
    since = earlier[-1].starts_at if earlier else None
    shown = [row for row in rows if row.state == lifecycle.OPEN or _since(done_at.get(row.id), since)]
    names = titles(uow, [row.responsible_id for row in shown if row.responsible_id])
    meetings = {one.id: one.title for one in earlier}
    sources = tuple(
        FollowUpSource(
            title=row.title,
            meeting_title=meetings[row.meeting_id],
            responsible=names[row.responsible_id].title if row.responsible_id in names else "",
            due=_day(row.due_at, uow.zone, locale),
            done=row.state == lifecycle.DONE,
            overdue=row.due_at is not None and local_day(row.due_at, uow.zone) < uow.today(),
            done_on=_day(done_at.get(row.id), uow.zone, locale),
            record_id=row.id,
        )
        for row in shown
    )
    return follow_up_parts(sources, fmt.moment(uow.now(), locale, zone=uow.zone), locale)


def earlier_meetings(uow: UnitOfWork, meeting: Meeting) -> list[Meeting]:
    """Give the earlier meetings of a meeting's board, the first one first."""
    wanted = select(Meeting).where(
        Meeting.board_id == meeting.board_id, Meeting.id != meeting.id, Meeting.starts_at < meeting.starts_at
    )
    return list(uow.session.scalars(wanted.order_by(Meeting.starts_at)))


def _done_at(uow: UnitOfWork, ids: list[int]) -> dict[int, datetime]:
    """When follow-ups that are done were closed: their last step in the change log."""
    if not ids:
        return {}
    rows = uow.session.execute(
        select(Change.record_id, func.max(Change.id))
        .where(Change.record_id.in_(ids), Change.kind == "transition")
        .group_by(Change.record_id)
    )
    last = {change_id: record_id for record_id, change_id in rows}
    moments = uow.session.execute(select(Change.id, Change.at).where(Change.id.in_(last)))
    return {last[change_id]: at for change_id, at in moments}


def _since(done: datetime | None, last_meeting: datetime | None) -> bool:
    return last_meeting is None or done is None or done >= last_meeting


def _day(moment: datetime | None, zone: str, locale: str) -> str:
    return "" if moment is None else fmt.day(local_day(moment, zone), locale)


def install() -> None:
    """Register it."""
    blocks.register("follow_ups", follow_ups)
