"""A mandate: the seat of a person in a board."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from crm.boards.models import Mandate
from crm.boards.types.common import PERIOD, SECTION, derived_title, relation_field
from crm.kernel.i18n import N_, Label
from crm.records.types import Column, Field, Functions, Names, Option, Problems, RecordType, RuleContext, Values

ROLES: Final = (
    Option("chair", Label(da="Formand", en="Chair"), "teal"),
    Option("deputy", Label(da="Næstformand", en="Deputy chair"), "cyan"),
    Option("member", Label(da="Medlem", en="Member"), "grey"),
    Option("substitute", Label(da="Suppleant", en="Substitute"), "slate"),
    Option("secretary", Label(da="Sekretær", en="Secretary"), "blue"),
)


def _derive_mandate(_old: Values | None, new: Values, context: RuleContext) -> Values:
    ids = [int(one) for one in (new.get("person"), new.get("board")) if one]
    known = context.related(ids)
    names = [str(known[one]["title"]) for one in ids if one in known]
    return {"_title": ", ".join(names)}


def _check_mandate(_old: Values | None, new: Values, context: RuleContext) -> Problems:
    """One person has at most one seat in a board at a time."""
    person, board, period = new.get("person"), new.get("board"), new.get("period")
    if not person or not board:
        return {}
    for other in context.having("mandate", "person", person):
        same = other["board"] == board and other["id"] != new.get("id") and other.get("deleted_at") is None
        if same and _overlap(period, other.get("period")):
            return {"period": N_("The person already has a seat in this board at that time.")}
    return {}


def _overlap(one: Any, other: Any) -> bool:
    """Say whether two periods share a day; an open end reaches for ever, no period is always."""
    first = (getattr(one, "start", None) or date.min, getattr(one, "end", None) or date.max)
    second = (getattr(other, "start", None) or date.min, getattr(other, "end", None) or date.max)
    return bool(first[0] <= second[1] and second[0] <= first[1])


MANDATE: Final = RecordType(
    key="mandate",
    names=Names(
        one=Label(da="udpegning", en="mandate"),
        many=Label(da="udpegninger", en="mandates"),
        new=Label(da="Ny udpegning", en="New mandate"),
        title=Label(da="Udpegninger", en="Mandates"),
    ),
    icon="user-check",
    model=Mandate,
    fields=(
        relation_field("board", Label(da="Udvalg", en="Board"), "board", Label(da="Medlemmer", en="Members"), required=True),
        relation_field("person", Label(da="Person", en="Person"), "person", Label(da="Udpegninger", en="Mandates"), required=True),
        relation_field(
            "organisation", Label(da="Udpeget af", en="Appointed by"), "organisation", Label(da="Udpegninger", en="Mandates")
        ),
        Field("role", "choice", Label(da="Rolle", en="Role"), Column(("role",)), default="member", required=True, options=ROLES),
        Field("period", "date", Label(da="Periode", en="Period"), PERIOD, config={"end": "optional"}),
    ),
    functions=Functions(derive=_derive_mandate, check=_check_mandate, title=derived_title),
    list_fields=("title", "board", "role", "organisation", "period"),
    section=SECTION,
)
