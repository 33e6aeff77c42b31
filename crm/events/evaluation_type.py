"""An answer to an event's evaluation, in the five steps that the office uses."""

from __future__ import annotations

from typing import Final

from crm.events.fields import relation_field, text_field
from crm.events.models import Evaluation
from crm.kernel.i18n import N_, Label
from crm.records.types import Column, Field, Functions, Names, Option, Problems, RecordType, RuleContext, Values

#: From best to worst.
SATISFACTION: Final = (
    Option("very_satisfied", Label(da="Meget tilfreds", en="Very satisfied"), "green"),
    Option("satisfied", Label(da="Tilfreds", en="Satisfied"), "teal"),
    Option("neither", Label(da="Hverken tilfreds eller utilfreds", en="Neither satisfied nor dissatisfied"), "grey"),
    Option("dissatisfied", Label(da="Utilfreds", en="Dissatisfied"), "orange"),
    Option("very_dissatisfied", Label(da="Meget utilfreds", en="Very dissatisfied"), "red"),
)
DEGREE: Final = (
    Option("very_high_degree", Label(da="I meget høj grad", en="To a very high degree"), "green"),
    Option("high_degree", Label(da="I høj grad", en="To a high degree"), "teal"),
    Option("some_degree", Label(da="I nogen grad", en="To some degree"), "grey"),
    Option("lesser_degree", Label(da="I mindre grad", en="To a lesser degree"), "orange"),
    Option("not_at_all", Label(da="Slet ikke", en="Not at all"), "red"),
)
#: The questions, in the order in which they are asked.
QUESTIONS: Final = ("content", "practical", "benefit")


def _derive(_old: Values | None, new: Values, context: RuleContext) -> Values:
    event_id = new.get("event")
    event = context.related([event_id]).get(event_id, {}) if event_id else {}
    return {"_title": str(event.get("title", ""))}


def _check(_old: Values | None, new: Values, _context: RuleContext) -> Problems:
    """An answer says something."""
    if any(new.get(name) for name in (*QUESTIONS, "comment")):
        return {}
    return {"content": N_("Answer at least one question, or write a comment.")}


EVALUATION: Final = RecordType(
    key="evaluation",
    names=Names(
        one=Label(da="evalueringssvar", en="evaluation answer"),
        many=Label(da="evalueringssvar", en="evaluation answers"),
        new=Label(da="Nyt evalueringssvar", en="New evaluation answer"),
        title=Label(da="Evalueringssvar", en="Evaluation answers"),
    ),
    icon="message",
    model=Evaluation,
    functions=Functions(derive=_derive, check=_check, title=lambda values: str(values.get("_title") or "")),
    follows="event",
    list_fields=("title", "answered", "content", "practical", "benefit", "comment"),
    list_sort=("answered", True),
    fields=(
        relation_field(
            "event", Label(da="Arrangement", en="Event"), "event", Label(da="Evalueringssvar", en="Answers"), required=True
        ),
        Field("answered", "date", Label(da="Besvaret den", en="Answered on"), Column(("answered",)), config={"store": "day"}),
        Field(
            "content",
            "choice",
            Label(da="Hvor tilfreds var du med indholdet?", en="How satisfied were you with the content?"),
            Column(("content",)),
            options=SATISFACTION,
        ),
        Field(
            "practical",
            "choice",
            Label(da="Hvor tilfreds var du med det praktiske?", en="How satisfied were you with the practicalities?"),
            Column(("practical",)),
            options=SATISFACTION,
        ),
        Field(
            "benefit",
            "choice",
            Label(da="I hvor høj grad fik du udbytte?", en="To what degree did you benefit?"),
            Column(("benefit",)),
            options=DEGREE,
        ),
        text_field("comment", Label(da="Kommentar", en="Comment"), lines=True, personal=True),
    ),
)
