"""A board: a body that meets, with the settings of its meetings."""

from __future__ import annotations

from typing import Final

from crm.boards.models import Board
from crm.boards.types.common import SECTION, TITLE, number_field, text_field, yes_no_field
from crm.boards.types.scopes import boards_of
from crm.kernel.i18n import Label
from crm.records.types import Column, Field, Names, Option, RecordType

_DAYS: Final = Label(da="kalenderdage", en="calendar days")

BOARD: Final = RecordType(
    key="board",
    names=Names(
        one=Label(da="udvalg", en="board"),
        many=Label(da="udvalg", en="boards"),
        new=Label(da="Nyt udvalg", en="New board"),
        title=Label(da="Udvalg og grupper", en="Boards"),
    ),
    icon="users-group",
    model=Board,
    fields=(
        Field("title", "text", Label(da="Navn", en="Name"), TITLE, required=True),
        Field(
            "kind",
            "choice",
            Label(da="Art", en="Kind"),
            Column(("kind_of",)),
            default="steering",
            required=True,
            options=(
                Option("steering", Label(da="Styregruppe", en="Steering group"), "teal"),
                Option("advisory", Label(da="Rådgivende udvalg", en="Advisory board"), "blue"),
                Option("committee", Label(da="Arbejdsgruppe", en="Committee"), "grey"),
            ),
        ),
        text_field(
            "meeting_name",
            Label(da="Et møde hedder", en="A meeting is called"),
            longest=100,
            help=Label(
                da="For eksempel Styregruppemøde; nummeret sættes på.",
                en="For example Steering group meeting; the number is added.",
            ),
        ),
        text_field("purpose", Label(da="Formål", en="Purpose"), lines=True),
        text_field("place", Label(da="Sædvanligt mødested", en="Usual place")),
        Field(
            "item_numbering",
            "choice",
            Label(da="Punkter nummereres", en="Items are numbered"),
            Column(("item_numbering",)),
            default="meeting",
            required=True,
            options=(
                Option("meeting", Label(da="Fra 1 i hvert møde", en="From 1 in each meeting")),
                Option("year", Label(da="Fortløbende over året", en="On through the year")),
            ),
        ),
        number_field(
            "items_days", Label(da="Punkter skal være inde før mødet", en="Items are due before the meeting"), 21, help=_DAYS
        ),
        number_field(
            "draft_days", Label(da="Udkast skal være klar før mødet", en="The draft is due before the meeting"), 14, help=_DAYS
        ),
        number_field(
            "dispatch_days", Label(da="Materiale udsendes før mødet", en="Material is sent before the meeting"), 7, help=_DAYS
        ),
        number_field(
            "minutes_days", Label(da="Referat udsendes efter mødet", en="Minutes are sent after the meeting"), 7, help=_DAYS
        ),
        number_field(
            "comments_days", Label(da="Bemærkninger til referat inden for", en="Comments on the minutes within"), 5, help=_DAYS
        ),
        yes_no_field("names_clusters", Label(da="Navngiv klynger", en="Name clusters"), default=True),
    ),
    scopes={"board": boards_of},
    list_fields=("title", "kind", "meeting_name"),
    section=SECTION,
)
