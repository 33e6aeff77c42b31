"""What a case is on screen, in the API and in the log; what its kind puts into it, and what its end writes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from crm.cases import rules
from crm.cases.models import Case
from crm.cases.queries import case_facts
from crm.filters import NOTHING, Condition, Filter
from crm.kernel.i18n import Label
from crm.lifecycle.engine import Lifecycle, State, Transition
from crm.records.fields import DateValue
from crm.records.store.orders import Order, Update
from crm.records.types import (
    ChangeFacts,
    Column,
    Field,
    Functions,
    Links,
    Names,
    Option,
    RecordType,
    RuleContext,
    Spine,
    Values,
)
from crm.security.actors import Actor

SECTION: Final = "work"
#: Suggested roles of a person in a case; any other may be typed.
PERSON_ROLES: Final = ("Kontaktperson", "Klyngechef", "Formand", "Ansøger", "Rådgiver", "Assessor")

LIFECYCLE: Final = Lifecycle(
    states=(
        State(rules.OPEN, Label(da="Ny", en="New"), "blue"),
        State(rules.ACTIVE, Label(da="I gang", en="Under way"), "teal"),
        State(rules.WAITING, Label(da="Afventer", en="Waiting"), "amber"),
        State(rules.CLOSED, Label(da="Afsluttet", en="Closed"), "green", final=True),
        State(rules.DROPPED, Label(da="Afbrudt", en="Dropped"), "grey", final=True),
    ),
    transitions=(
        Transition("start", Label(da="Gå i gang", en="Begin"), (rules.OPEN,), rules.ACTIVE),
        Transition("wait", Label(da="Sæt til afventer", en="Mark as waiting"), (rules.OPEN, rules.ACTIVE), rules.WAITING),
        Transition("resume", Label(da="Genoptag", en="Resume"), (rules.WAITING,), rules.ACTIVE),
        Transition(
            "close",
            Label(da="Afslut sagen", en="Close the case"),
            rules.RUNNING,
            rules.CLOSED,
            guards=(rules.rows_are_done, rules.tasks_are_done),
        ),
        Transition("drop", Label(da="Afbryd sagen", en="Drop the case"), rules.RUNNING, rules.DROPPED),
        Transition("reopen", Label(da="Genåbn", en="Open again"), rules.ENDED, rules.ACTIVE),
    ),
)


def own_cases(actor: Actor, _today: date) -> Filter:
    """Give the filter of the cases that the actor handles."""
    return NOTHING if actor.user_id is None else Condition("owner", "is", actor.user_id)


def _derive(old: Values | None, new: Values, context: RuleContext) -> Mapping[str, Any]:
    fresh = DateValue(context.today) if old is None else None
    ended = new.get("state") in rules.ENDED
    return {
        "opened": new.get("opened") or fresh,
        "closed": (new.get("closed") or fresh) if ended else None,
        "checklist": rules.checklist_of(old, new),
    }


def _note_the_end(change: ChangeFacts, today: date, _zone: str) -> Sequence[Order]:
    """Ending a case writes the day down, and opening it again takes it away: in the same act, so that undo takes both back."""
    held = change.new.get("closed")
    ended = rules.closed_on(change.new.get("state"), held.start if isinstance(held, DateValue) else None, today)
    wanted = None if ended is None else DateValue(ended)
    return () if wanted == held else (Update(change.record_id, {"closed": wanted}),)


CASE: Final = RecordType(
    key="case",
    names=Names(
        one=Label(da="sag", en="case"),
        many=Label(da="sager", en="cases"),
        new=Label(da="Ny sag", en="New case"),
        title=Label(da="Sager", en="Cases"),
    ),
    icon="briefcase",
    model=Case,
    lifecycle=LIFECYCLE,
    section=SECTION,
    functions=Functions(derive=_derive, after_step=_note_the_end),
    scopes={"own": own_cases},
    facts=case_facts,
    list_fields=("title", "kind", "organisation", "state", "owner", "due", "checklist"),
    list_sort=("opened", True),
    fields=(
        Field("title", "text", Label(da="Sag", en="Case"), Spine(("title",)), required=True),
        Field(
            "kind",
            "choice",
            Label(da="Slags", en="Kind"),
            Column(("kind_of",)),
            options=tuple(Option(kind.key, kind.label, kind.colour) for kind in rules.case_kinds()),
            help=Label(da="Sætter slagsens punkter på en tom tjekliste.", en="Puts the kind's rows on an empty checklist."),
        ),
        Field(
            "organisation",
            "relation",
            Label(da="Organisation", en="Organisation"),
            Column(("organisation_id",)),
            targets=("organisation",),
            back_label=Label(da="Sager", en="Cases"),
        ),
        Field(
            "persons",
            "relation",
            Label(da="Personer", en="People"),
            Links(),
            config={"roles": PERSON_ROLES},
            targets=("person",),
        ),
        Field(
            "owner",
            "user",
            Label(da="Sagsbehandler", en="Case manager"),
            Spine(("owner_id",)),
            help=Label(da="Tomt på en ny sag = dig selv.", en="Empty on a new case = yourself."),
        ),
        Field("due", "date", Label(da="Frist", en="Due"), Spine(("due_at", "all_day"))),
        Field("checklist", "checklist", Label(da="Tjekliste", en="Checklist"), Column(("checklist", "checklist_open"))),
        Field(
            "description",
            "text",
            Label(da="Beskrivelse", en="Description"),
            Column(("description",)),
            config={"multiline": True},
        ),
        Field(
            "opened",
            "date",
            Label(da="Oprettet den", en="Opened on"),
            Column(("opened_on",)),
            config={"store": "day"},
            help=Label(da="Tomt på en ny sag = i dag.", en="Empty on a new case = today."),
        ),
        Field(
            "closed",
            "date",
            Label(da="Afsluttet den", en="Ended on"),
            Column(("closed_on",)),
            config={"store": "day"},
            help=Label(da="Sættes, når sagen afsluttes eller afbrydes.", en="Set when the case is closed or dropped."),
        ),
    ),
)

TYPES: Final[tuple[RecordType, ...]] = (CASE,)
