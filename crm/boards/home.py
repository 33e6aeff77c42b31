"""The front page: today's meetings, the next ones, and how near the next is and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from crm.boards.facts import item_facts
from crm.boards.lifecycle import BEFORE_PUBLISHED
from crm.boards.models import AgendaItem
from crm.boards.rules import lacks_text
from crm.filters import Condition
from crm.kernel import format as forms
from crm.kernel.i18n import N_, Message
from crm.records import query
from crm.records.query import Row
from crm.screens import home_boxes
from crm.screens.home_boxes import DayLine, HomeBox, HomeContext
from crm.screens.present import Presenter, Shown

#: So many of the next meetings stand on the page.
MEETINGS: Final = 5
#: So far ahead a meeting is worth a line in the greeting.
NEAR: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting to come, when and where it is."""

    row: Row
    when: Shown
    place: Shown
    day: date


def _meetings(context: HomeContext) -> list[MeetingLine]:
    return context.once("boards.meetings", lambda: _read(context))


def _read(context: HomeContext) -> list[MeetingLine]:
    uow = context.uow
    if not uow.access.may("read", "meeting"):
        return []
    record_type, presenter = uow.registry.get("meeting"), Presenter(uow, context.locale)
    where = Condition("when", "ge", uow.today().isoformat())
    page = query.list_page(uow, "meeting", where=where, sort="when", size=MEETINGS, fields=("when", "place"))
    fields = record_type.by_name
    found = []
    for row in page.rows:
        when, place = row.values.get("when"), row.values.get("place")
        if when is not None:
            words = presenter.show(fields["when"], when), presenter.show(fields["place"], place)
            found.append(MeetingLine(row, *words, when.first_day(uow.zone)))
    return found


def _today(context: HomeContext) -> Sequence[DayLine]:
    kind, uow = N_("Meeting"), context.uow
    return [
        DayLine(line.row.values["when"].starts_at(uow.zone), line.row.title, line.row.url, kind, line.place.text)
        for line in _meetings(context)
        if line.day == uow.today()
    ]


def _next(context: HomeContext) -> Mapping[str, Any]:
    return {"meetings": _meetings(context), "may_plan": context.uow.access.may("create", "meeting")}


def _matter(context: HomeContext) -> tuple[Message, str] | None:
    """Word how near the next meeting is, and how many of its items lack text; nothing when it is far off."""
    meetings, uow = _meetings(context), context.uow
    if not meetings or meetings[0].day - uow.today() > NEAR:
        return None
    line = meetings[0]
    facts: dict[str, Any] = {"meeting": line.row.title, "when": forms.relative_day(line.day, uow.today(), context.locale)}
    lacking = _lacking(context, line.row)
    if not lacking:
        return N_("%(meeting)s is %(when)s.", **facts), line.row.url
    if lacking == 1:
        return N_("%(meeting)s is %(when)s – 1 item lacks text.", **facts), line.row.url
    return N_("%(meeting)s is %(when)s – %(number)s items lack text.", **facts, number=lacking), line.row.url


def _lacking(context: HomeContext, row: Row) -> int:
    """Count the items without text of a meeting whose pack has not been sent."""
    if row.state not in BEFORE_PUBLISHED or not context.uow.access.may("read", "agenda_item"):
        return 0
    items = context.uow.session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == row.id))
    return sum(lacks_text(item_facts(item, 0)) for item in items)


def install() -> None:
    """Register the box, the lines of today and the greeting's word."""
    home_boxes.add(HomeBox("meetings", N_("Next meetings"), "boards/_home_meetings.html", _next, 40, type_key="meeting"))
    home_boxes.add_day("meetings", _today)
    home_boxes.add_matter("meetings", _matter, 10)
