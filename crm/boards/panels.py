"""What a meeting's page shows beyond any record: where it stands, its agenda, its material, and the preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import func, select

from crm.boards import facts, lifecycle, rules
from crm.boards.models import DONE, FAILED, AgendaItem, Board, Decision, Meeting, PackBuild, PackVersion
from crm.boards.packs.blocks import BLOCKS
from crm.boards.packs.changes import news
from crm.boards.packs.document import PackDocument
from crm.boards.packs.html import template_words
from crm.boards.queries import kept_annexes, latest_build, versions
from crm.boards.services.annexes import SENT
from crm.boards.services.approvable import approval_problem
from crm.boards.services.approve_pack import FLOW as PUBLISH_FLOW
from crm.boards.services.assemble_pack import StepReport, build_seconds, read_step
from crm.boards.services.order_pack import FLOW as BUILD_FLOW
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.wording import read
from crm.lifecycle.engine import State
from crm.ops.panels import name_flow
from crm.ops.queries import FlowStatus, latest_flow
from crm.records.files import CURRENT
from crm.records.models import StoredFile
from crm.records.query import Row
from crm.records.types import Option
from crm.records.work import UnitOfWork
from crm.screens.files import KEY as FILES
from crm.screens.files import files_box
from crm.screens.panels import Act, Panel, hide_related, register, register_acts, register_list_hint
from crm.screens.queries import may_do
from crm.web.context import klynge

#: The chevrons under the heading; the states of the minutes are one step.
SHOWN_STATES: Final = lifecycle.MEETING.states


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """An item as the agenda panel shows it."""

    item: AgendaItem
    number: int
    kind: Option
    files: int
    #: What the item lacks before the pack can be sent.
    problem: Message | None
    #: What was decided under it.
    decision: str = ""
    #: The names of the blocks that the item draws.
    blocks: tuple[Label, ...] = ()


def agenda_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any]:
    """Load the agenda: numbers, types, minutes, files, and what is missing."""
    meeting = uow.get(Meeting, row.id)
    items = facts.agenda(uow, meeting)
    numbers = facts.item_numbers(uow, meeting, len(items))
    ids = [item.id for item in items]
    counted = select(StoredFile.record_id, func.count()).where(StoredFile.record_id.in_(ids), CURRENT)
    files = {row[0]: row[1] for row in uow.session.execute(counted.group_by(StoredFile.record_id))}
    options = {option.key: option for option in uow.registry.get("agenda_item").by_name["item_type"].options}
    decided = {
        one.agenda_item_id: one.text for one in uow.session.scalars(select(Decision).where(Decision.agenda_item_id.in_(ids)))
    }
    lines = [
        AgendaRow(
            item,
            number,
            options[item.item_type],
            files.get(item.id, 0),
            _problem(item, number),
            decided.get(item.id, ""),
            tuple(BLOCKS[one["key"]].label for one in item.blocks or () if one["key"] in BLOCKS),
        )
        for item, number in zip(items, numbers, strict=True)
    ]
    board = uow.get(Board, meeting.board_id)
    held_on = facts.held_on(meeting, uow.zone)
    notice = rules.Notice(board.items_days, board.draft_days, board.dispatch_days, board.minutes_days, board.comments_days)
    is_open = row.state in (*lifecycle.BEFORE_PUBLISHED, lifecycle.PUBLISHED)
    total = rules.total_minutes(item.minutes for item in items)
    return {
        "lines": lines,
        "deadlines": rules.deadlines(held_on, notice) if held_on is not None and row.state in lifecycle.BEFORE_PUBLISHED else None,
        "total": {locale: rules.duration(total, locale) for locale in ("da", "en")} if total else None,
        "may_decide": row.state == lifecycle.HELD and uow.access.may("create", "decision"),
        "may_add": is_open and uow.access.may("create", "agenda_item"),
        "may_move": is_open and uow.access.may("update", "agenda_item") and len(items) > 1,
    }


def _problem(item: AgendaItem, number: int) -> Message | None:
    found = facts.item_facts(item, number)
    if rules.lacks_text(found):
        return N_("Text is missing")
    return N_("A recommendation is missing") if rules.lacks_recommendation(found) else None


@dataclass(frozen=True, slots=True)
class PackStatus:
    """How a meeting's material stands: what the status fragment shows."""

    meeting_id: int
    state: str
    build: PackBuild | None
    version: PackVersion | None
    published: PackVersion | None
    steps: tuple[StepReport, ...]
    #: The order that is under way, and its address in Prefect (for administrators).
    order: FlowStatus | None
    headline: Message
    failure: Message | None
    news: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something is under way, so that the page asks again."""
        return self.order is not None and self.order.is_open


def pack_status(uow: UnitOfWork, meeting_id: int) -> PackStatus:
    """Read how a meeting's material stands."""
    meeting = uow.get(Meeting, meeting_id)
    known = versions(uow, meeting_id)
    newest = known[0] if known else None
    published = next((one for one in known if one.published_at is not None), None)
    build = latest_build(uow, meeting_id)
    order = _newest(latest_flow(uow, meeting_id, BUILD_FLOW), latest_flow(uow, meeting_id, PUBLISH_FLOW))
    steps = tuple(read_step(line) for line in build.steps) if build is not None else ()
    return PackStatus(
        meeting_id,
        meeting.state or "",
        build,
        newest,
        published,
        steps,
        order,
        _headline(build, newest, order),
        _failure(build, order),
        _news(known),
    )


def _newest(*orders: FlowStatus | None) -> FlowStatus | None:
    return max((order for order in orders if order is not None), key=lambda order: order.id, default=None)


def _news(known: Sequence[PackVersion]) -> tuple[str, ...]:
    """What the working version has that the published one before it has not."""
    if len(known) < 2 or known[0].published_at is not None:
        return ()
    return news(PackDocument.from_json(known[1].document), PackDocument.from_json(known[0].document))


def _headline(build: PackBuild | None, version: PackVersion | None, order: FlowStatus | None) -> Message:
    if order is not None and order.is_open:
        return N_("The material is being assembled") if order.flow == BUILD_FLOW else N_("The material is being sent")
    if version is not None and version.published_at is not None:
        return N_("Version %(number)s has been sent", number=version.number)
    if version is not None and version.approved_at is not None:
        return N_("The material is approved and about to be sent")
    if build is not None and build.state == DONE:
        seconds = max(1, round(build_seconds(build)))
        if seconds == 1:
            return N_("The material was assembled in 1 second")
        return N_("The material was assembled in %(seconds)s seconds", seconds=seconds)
    return N_("The material has not been assembled yet")


def _failure(build: PackBuild | None, order: FlowStatus | None) -> Message | None:
    """Why the last try came to nothing."""
    if order is not None and order.is_open:
        return None
    if order is not None and order.state == "failed":
        return order.message or N_("It did not succeed. Try again.")
    if build is not None and build.state == FAILED:
        return read(build.message)
    return None


def status_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any]:
    """Load the status of the material."""
    return {"status": pack_status(uow, row.id), "codes_allowed": klynge().settings.approval_in_prefect}


def preview_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load the newest version's document for the preview; none before the first build."""
    known = versions(uow, row.id)
    if not known:
        return None
    return {"version": known[0], **template_words(PackDocument.from_json(known[0].document), linked=True)}


def chevrons_panel(_uow: UnitOfWork, row: Row) -> Mapping[str, Any]:
    """Load the row of states with what is done and what is now."""
    states: Sequence[State] = SHOWN_STATES
    here = next((place for place, state in enumerate(states) if state.key == row.state), 0)
    return {"states": states, "here": here}


def meeting_acts(uow: UnitOfWork, row: Row) -> list[Act]:
    """Offer what can be done with the material in this state, to those who may; a blocked act says why."""
    meeting_type = uow.registry.get("meeting")
    known = versions(uow, row.id)
    working = known[0] if known and known[0].published_at is None else None
    acts: list[Act] = []
    if known:
        acts.append(Act("member", N_("View as member"), f"/r/{row.id}/pack/member", icon="eye", method="get"))
    if row.state in (*lifecycle.BEFORE_PUBLISHED, lifecycle.PUBLISHED) and may_do(uow, "build", meeting_type, row.id):
        words = N_("Assemble again") if known else N_("Assemble the material")
        acts.append(Act("build", words, f"/r/{row.id}/pack/build", primary=not known, icon="refresh"))
    if working is not None and may_do(uow, "approve", meeting_type, row.id):
        problem = approval_problem(uow, uow.get(Meeting, row.id), working)
        reasons = (problem,) if problem is not None else ()
        if row.state in (lifecycle.FOR_APPROVAL, lifecycle.PUBLISHED):
            if klynge().settings.approval_in_prefect:
                acts.append(Act("code", N_("Show approval code"), f"/r/{row.id}/pack/code", icon="key", reasons=reasons))
            approve = N_("Approve and send")
            acts.append(
                Act("approve", approve, f"/r/{row.id}/pack/approval", primary=True, icon="check", reasons=reasons, method="get")
            )
    return acts


def annex_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any]:
    """Load an item's annexes: files, of which those that were sent have the number they were sent with, and stay."""
    meeting_id = row.values.get("meeting")
    numbers = kept_annexes(uow, versions(uow, meeting_id)) if meeting_id else {}
    box = files_box(uow, row, N_("Annexes"))
    marks = {file.id: N_("Annex %(number)s", number=numbers[file.first_id]) for file in box.files if file.first_id in numbers}
    return {"box": replace(box, marks=marks, kept=dict.fromkeys(marks, SENT))}


def install() -> None:
    """Register panels, acts and hints; called once, when the app is made."""
    register("meeting", Panel("chevrons", N_("Status"), "boards/_chevrons.html", chevrons_panel, position=1))
    register("meeting", Panel("agenda", N_("Agenda"), "boards/_agenda_panel.html", agenda_panel, position=10))
    register("meeting", Panel("pack", N_("Meeting material"), "boards/_pack_panel.html", status_panel, position=20))
    register("meeting", Panel("preview", N_("Preview"), "boards/_preview_panel.html", preview_panel, position=10, side=True))
    register("agenda_item", Panel(FILES, N_("Annexes"), "boards/_annex_panel.html", annex_panel, position=10))
    register_acts("meeting", meeting_acts)
    name_flow(BUILD_FLOW, Label(da="Samling af mødemateriale", en="Assembling the material"))
    name_flow(PUBLISH_FLOW, Label(da="Udsendelse af mødemateriale", en="Sending the material"))
    hide_related("meeting", "agenda_item", "meeting")
    register_list_hint("meeting", N_("Choose “New meeting” to plan the first one."))
    register_list_hint("follow_up", N_("Follow-ups are written down at meetings."))
