"""Which meeting a form means, and how its runs are called: shared by the flows about meetings."""

from __future__ import annotations

import re
from typing import Final

from prefect import runtime

from crm.boards.services import MeetingRef, board_choices, find_meeting, meeting_ref
from crm.kernel.errors import DomainError, NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.records.work import UnitOfWork
from workflows.forms import MeetingForm
from workflows.runtime import ACTOR, Order, container

#: The record's number in a pasted address, of the staff's page or of the portal's.
_ADDRESS: Final = re.compile(r"/(?:r|b/meetings)/(\d+)\b")


def wanted_meeting(uow: UnitOfWork, form: MeetingForm) -> MeetingRef:
    """Find the meeting that a form means: by board and number, the board's next one, or by address.

    Raises:
        RuleViolation: nothing fits; the sentence says what would.
    """
    if form.board:
        return find_meeting(uow, form.board, form.meeting)
    if address := _ADDRESS.search(form.meeting):
        try:
            return meeting_ref(uow, int(address.group(1)))
        except NotFound:
            raise RuleViolation(N_("There is no meeting at that address.")) from None
    boards = board_choices(uow)
    if len(boards) == 1:
        return find_meeting(uow, boards[0].id, form.meeting)
    raise RuleViolation(N_("Choose a board, or paste the address of the meeting."))


def meeting_of(order: Order, form: MeetingForm) -> MeetingRef:
    """Find the meeting of a run, and note it on the order."""
    with container().works.reading(ACTOR) as uow:
        ordered = order.parameters.get("meeting_id")
        meeting = meeting_ref(uow, int(ordered)) if ordered is not None else wanted_meeting(uow, form)
    order.about(meeting.id)
    return meeting


def run_name(form_class: type[MeetingForm], ending: str) -> str:
    """Name a run after its meeting (`Styregruppen 1/2027 – mødemateriale`); after its ending alone when none is found."""
    given = runtime.flow_run.parameters.get("form")
    try:
        form = given if isinstance(given, MeetingForm) else form_class.model_validate(given or {})
        with container().works.reading(ACTOR) as uow:
            meeting = wanted_meeting(uow, form)
    except (DomainError, ValueError):
        return ending.capitalize()
    return f"{meeting.board_title} {meeting.number}/{meeting.year} – {ending}"


def meeting_url(meeting: MeetingRef) -> str:
    """Give the full address of a meeting's page in the CRM."""
    return container().settings.public_url.rstrip("/") + meeting.url
