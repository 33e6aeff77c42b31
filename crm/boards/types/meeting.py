"""A meeting of a board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from crm.boards import facts, lifecycle, rules
from crm.boards.models import Meeting
from crm.boards.types.common import PERIOD, SECTION, derived_title, number_field, relation_field, text_field
from crm.boards.types.scopes import meetings_of
from crm.kernel.i18n import N_, Label
from crm.records.types import Field, Functions, Names, Problems, RecordType, RuleContext, Values


def _derive_meeting(old: Values | None, new: Values, context: RuleContext) -> Values:
    """Give a meeting its number among the board's of the year when none was typed, and its title."""
    when, board_id = new.get("when"), new.get("board")
    if when is None or board_id is None:
        return {"_title": ""}
    follows = _moved_to_another_year(old, new)
    year = int(new["year"]) if new.get("year") and not follows else _day(when.start).year
    number = new.get("number")
    if number is None or follows:
        others = _others_of_year(new, year, context)
        number = rules.next_number(int(other["number"]) for other in others if other["number"])
    board = context.related([board_id]).get(board_id, {})
    title = rules.meeting_title(board.get("meeting_name"), str(board.get("title", "")), int(number), year, _day(when.start))
    return {"number": number, "year": year, "_title": title}


def _moved_to_another_year(old: Values | None, new: Values) -> bool:
    """Whether a meeting whose number followed its day now has a day in another year, before anyone outside was told the number."""
    if old is None or old.get("when") is None or new.get("state") not in lifecycle.BEFORE_PUBLISHED:
        return False
    before, after = _day(old["when"].start).year, _day(new["when"].start).year
    untouched = all(old.get(name) == new.get(name) for name in ("number", "year"))
    return untouched and old.get("year") == before != after


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _others_of_year(new: Values, year: int, context: RuleContext) -> list[Mapping[str, Any]]:
    others = context.having("meeting", "board", new["board"])
    return [other for other in others if other["year"] == year and (other["id"] != new.get("id") or not other["id"])]


def _check_meeting(old: Values | None, new: Values, context: RuleContext) -> Problems:
    if new.get("board") is None or new.get("number") is None or new.get("year") is None:
        return {}
    if old is not None and all(old.get(name) == new.get(name) for name in ("board", "number", "year")):
        return {}
    taken = {other["number"] for other in _others_of_year(new, int(new["year"]), context)}
    if new["number"] in taken:
        number = rules.meeting_number(int(new["number"]), int(new["year"]))
        return {"number": N_("The board already has a meeting %(number)s.", number=number)}
    return {}


MEETING: Final = RecordType(
    key="meeting",
    names=Names(
        one=Label(da="møde", en="meeting"),
        many=Label(da="møder", en="meetings"),
        new=Label(da="Nyt møde", en="New meeting"),
        title=Label(da="Møder", en="Meetings"),
    ),
    icon="calendar-event",
    model=Meeting,
    lifecycle=lifecycle.MEETING,
    fields=(
        relation_field("board", Label(da="Udvalg", en="Board"), "board", Label(da="Møder", en="Meetings"), required=True),
        Field(
            "when",
            "date",
            Label(da="Tid", en="Time"),
            PERIOD,
            required=True,
            config={"time": "required", "end": "optional"},
        ),
        text_field("place", Label(da="Sted", en="Place")),
        number_field(
            "number",
            Label(da="Nummer", en="Number"),
            high=999,
            help=Label(da="Tomt = næste nummer i året.", en="Empty = the year's next."),
        ),
        number_field(
            "year",
            Label(da="År", en="Year"),
            high=2200,
            plain=True,
            help=Label(da="Tomt = mødedagens år.", en="Empty = that of the meeting's day."),
        ),
        text_field("note", Label(da="Bemærkning", en="Remark"), lines=True),
    ),
    functions=Functions(derive=_derive_meeting, check=_check_meeting, title=derived_title),
    scopes={"board": meetings_of},
    facts=facts.meeting_facts,
    list_fields=("title", "board", "when", "place", "state"),
    list_sort=("when", True),
    section=SECTION,
)
