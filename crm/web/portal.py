"""The board portal: meetings of own boards, their published packs, decisions, own follow-ups. For a tablet, twice a year.

Only published versions are read here, as they were frozen; what is not the reader's answers 404. Staff may look, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from crm.boards import lifecycle
from crm.boards.models import AgendaItem, Board, Decision, FollowUp, Meeting, PackVersion
from crm.boards.packs.changes import news
from crm.boards.packs.document import PackDocument
from crm.boards.queries import published_version, versions
from crm.boards.views import reading_page
from crm.kernel.clock import local_day
from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_
from crm.records.files import stream
from crm.records.models import StoredFile
from crm.records.query import titles
from crm.records.work import UnitOfWork
from crm.screens.tell import tell
from crm.screens.views.files import as_download
from crm.web.context import current_actor, klynge, works
from crm.web.guard import needs

bp = Blueprint("portal", __name__, url_prefix="/b")


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in the portal's list."""

    meeting: Meeting
    board: str
    version: PackVersion | None


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision with where it was made."""

    decision: Decision
    item: str
    meeting: Meeting | None


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """A follow-up of the reader's."""

    follow_up: FollowUp
    meeting: str
    late: bool


@bp.get("/")
@needs("@portal", "@crm")
def meetings() -> str:
    """Show the meetings of the reader's boards, the coming ones first."""
    with works().reading(current_actor()) as uow:
        wanted = select(Meeting).where(Meeting.state.in_(lifecycle.PUBLIC_STATES)).order_by(Meeting.starts_at)
        lines = _meeting_lines(uow, uow.session.scalars(wanted).all())
        today = uow.today()
        coming = [line for line in lines if line.meeting.starts_at and local_day(line.meeting.starts_at, uow.zone) >= today]
        earlier = [line for line in reversed(lines) if line not in coming]
        waiting = len(_own_follow_ups(uow, lifecycle.OPEN))
        return render_template("portal/meetings.html", coming=coming, earlier=earlier, waiting=waiting)


def _meeting_lines(uow: UnitOfWork, found: Sequence[Meeting]) -> list[MeetingLine]:
    boards = {
        board.id: board.title for board in uow.session.scalars(select(Board).where(Board.id.in_([one.board_id for one in found])))
    }
    newest: dict[int, PackVersion] = {}
    published = select(PackVersion).where(
        PackVersion.meeting_id.in_([one.id for one in found]), PackVersion.published_at.is_not(None)
    )
    for version in uow.session.scalars(published.order_by(PackVersion.number)):
        newest[version.meeting_id] = version
    return [MeetingLine(one, boards.get(one.board_id, ""), newest.get(one.id)) for one in found]


@bp.get("/meetings/<int:meeting_id>")
@needs("@portal", "@crm")
def meeting(meeting_id: int) -> str:
    """Show a meeting's published pack: its agenda, or one item on a screen of its own (`?item=`)."""
    with works().reading(current_actor()) as uow:
        found, version = _published(uow, meeting_id)
        document = PackDocument.from_json(version.document)
        asked = request.args.get("item", type=int)
        if asked is not None and document.item(asked) is None:
            raise NotFound
        before = next(
            (one for one in versions(uow, meeting_id) if one.published_at is not None and one.number < version.number), None
        )
        whats_new = news(PackDocument.from_json(before.document), document) if before is not None else ()
        address = f"/b/meetings/{meeting_id}"
        return reading_page(document, found, version, item_id=asked, address=address, whats_new=whats_new)


def _published(uow: UnitOfWork, meeting_id: int) -> tuple[Meeting, PackVersion]:
    """Give a meeting and its newest published version.

    Raises:
        NotFound: the reader may not see the meeting, or nothing has been published.
    """
    found = uow.get(Meeting, meeting_id)
    version = published_version(uow, meeting_id)
    if version is None or found.state not in lifecycle.PUBLIC_STATES:
        raise NotFound
    return found, version


@bp.get("/meetings/<int:meeting_id>/annexes/<int:file_id>")
@needs("@portal", "@crm")
def annex(meeting_id: int, file_id: int) -> Response:
    """Give an annex of the published pack."""
    with works().reading(current_actor()) as uow:
        _, version = _published(uow, meeting_id)
        known = {one.file_id: one for one in PackDocument.from_json(version.document).annexes}
        row = uow.session.get(StoredFile, file_id)
        if file_id not in known or row is None:
            raise NotFound
        return as_download(stream(klynge().files, row), row.media_type, known[file_id].file_name)


@bp.get("/decisions")
@needs("@portal", "@crm")
def decisions() -> str:
    """Show what the reader's boards have decided, newest first."""
    with works().reading(current_actor()) as uow:
        found = uow.session.scalars(
            select(Decision).order_by(Decision.decided_on.is_(None), Decision.decided_on.desc(), Decision.id.desc()).limit(200)
        ).all()
        items = {
            one.id: one
            for one in uow.session.scalars(select(AgendaItem).where(AgendaItem.id.in_([d.agenda_item_id for d in found])))
        }
        held = {
            one.id: one
            for one in uow.session.scalars(select(Meeting).where(Meeting.id.in_([i.meeting_id for i in items.values()])))
        }
        lines = [_decision_line(one, items.get(one.agenda_item_id), held) for one in found]
        return render_template("portal/decisions.html", lines=lines)


def _decision_line(decision: Decision, item: AgendaItem | None, held: dict[int, Meeting]) -> DecisionLine:
    return DecisionLine(decision, item.title if item else decision.title, held.get(item.meeting_id) if item else None)


@bp.get("/follow-ups")
@needs("@portal", "@crm")
def follow_ups() -> str:
    """Show the reader's own follow-ups: open ones by due day, then those that are done."""
    with works().reading(current_actor()) as uow:
        return render_template(
            "portal/follow_ups.html",
            open_lines=_own_follow_ups(uow, lifecycle.OPEN),
            done_lines=_own_follow_ups(uow, lifecycle.DONE),
            has_person=uow.actor.person_id is not None,
        )


def _own_follow_ups(uow: UnitOfWork, state: str) -> list[FollowUpLine]:
    """Give the follow-ups of the reader's own person, also when their rights reach further."""
    if uow.actor.person_id is None or not uow.access.may("read", "follow_up"):
        return []
    wanted = select(FollowUp).where(FollowUp.responsible_id == uow.actor.person_id, FollowUp.state == state)
    found = uow.session.scalars(wanted.order_by(FollowUp.due_at.is_(None), FollowUp.due_at, FollowUp.id).limit(100)).all()
    names = titles(uow, [one.meeting_id for one in found])
    today = uow.today()
    return [
        FollowUpLine(
            one,
            names[one.meeting_id].title if one.meeting_id in names else "",
            one.state == lifecycle.OPEN and one.due_at is not None and local_day(one.due_at, uow.zone) < today,
        )
        for one in found
    ]


@bp.post("/follow-ups/<int:follow_up_id>/complete")
@needs("@portal", "@crm")
def complete(follow_up_id: int) -> Response:
    """*Udført*: one's own follow-up is done."""
    with works().writing(current_actor()) as uow:
        found = uow.get(FollowUp, follow_up_id)
        if uow.actor.person_id is None or found.responsible_id != uow.actor.person_id:
            raise NotFound
        uow.records.transition(follow_up_id, "complete")
    tell(N_("Marked as done. Thank you."))
    return redirect("/b/follow-ups", 303)
