"""What a sparring is on screen, in the API and in the log; who may see it, and what its next step sets off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from crm.filters import EVERYTHING, NOTHING, Any_, Condition, Filter
from crm.kernel.i18n import N_, Label
from crm.records.fields import DateValue
from crm.records.store.orders import Create, Delete, Order, Update
from crm.records.types import (
    ChangeFacts,
    Column,
    Field,
    Functions,
    Links,
    Names,
    Option,
    Problems,
    RecordType,
    RuleContext,
    Spine,
    Values,
)
from crm.security.actors import Actor
from crm.security.defaults import ADMINISTRATOR
from crm.sparring.models import Sparring
from crm.sparring.rules import Outcome, Promise, PromisedTask, default_due, outcome_of, tidied, title_of

SECTION: Final = "work"
TOPICS: Final = (
    Option("strategy", Label(da="Strategi", en="Strategy"), "blue"),
    Option("management", Label(da="Ledelse og governance", en="Management and governance"), "purple"),
    Option("administration", Label(da="Administration", en="Administration"), "slate"),
    Option("certification", Label(da="Certificering", en="Certification"), "amber"),
    Option("international", Label(da="Internationalisering", en="Internationalisation"), "teal"),
    Option("communication", Label(da="Kommunikation", en="Communication"), "pink"),
    Option("funding", Label(da="Finansiering og ansøgninger", en="Funding and applications"), "green"),
    Option("matchmaking", Label(da="Matchmaking", en="Matchmaking"), "orange"),
    Option("data", Label(da="CRM og data", en="CRM and data"), "cyan"),
)
CHANNELS: Final = (
    Option("phone", Label(da="Telefon", en="Phone")),
    Option("teams", Label(da="Teams", en="Teams")),
    Option("meeting", Label(da="Møde", en="Meeting")),
    Option("email", Label(da="E-mail", en="E-mail")),
    Option("strategy_meeting", Label(da="Strategimøde", en="Strategy meeting")),
)
OUTCOMES: Final = (
    Option("not_followed", Label(da="Ikke fulgt op", en="Not followed up"), "grey"),
    Option("contact", Label(da="Kontakt", en="Contact"), "blue"),
    Option("collaboration", Label(da="Samarbejde", en="Collaboration"), "green"),
    Option("nothing", Label(da="Intet", en="Nothing"), "slate"),
)
OUR_ROLES: Final = (
    Option("expert", Label(da="Klyngeekspert", en="Cluster expert")),
    Option("facilitator", Label(da="Facilitator", en="Facilitator")),
)
NEXT: Final = Label(da="Næste skridt", en="Next step")
TALK: Final = Label(da="Samtalen", en="The talk")
RIGHTS: Final = Label(da="Fortrolighed", en="Confidentiality")


def own_sparrings(actor: Actor, _today: date) -> Filter:
    """Give the filter of the sparrings that the actor gave."""
    return NOTHING if actor.user_id is None else Condition("owner", "is", actor.user_id)


def for_the_actor(actor: Actor, today: date) -> Filter:
    """Give the filter of the sparrings that are for the actor: a confidential one for its author, those named, administrators."""
    if ADMINISTRATOR in actor.roles:
        return EVERYTHING
    open_to_all = Condition("confidential", "is", False)
    if actor.user_id is None:
        return open_to_all
    named = Condition("shared_with", "has", actor.user_id)
    return Any_((open_to_all, own_sparrings(actor, today), Condition("created_by", "is", actor.user_id), named))


def _derive(old: Values | None, new: Values, context: RuleContext) -> Values:
    """Give the title, whose promise it is and when it is due, and (unstored) what becomes of its task."""
    person_id, held = new.get("person"), new.get("held")
    person = None if person_id is None else context.related([person_id]).get(person_id, {}).get("title")
    day = context.today if held is None else held.start
    found: dict[str, Any] = {"held": DateValue(day), "_title": title_of(person, day)}
    if new.get("next_step"):
        found["next_owner"] = new.get("next_owner") or new.get("owner")
        found["next_due"] = new.get("next_due") or DateValue(default_due(day))
    return {**found, "_outcome": _outcome(old, {**new, **found}, context)}


def _outcome(old: Values | None, new: Values, context: RuleContext) -> Outcome:
    before, after = Promise(None) if old is None else _promise(old), _promise(new)
    if old is None or before == after:
        return outcome_of(before, after, ())
    about = [task for task in context.having("task", "about", new["id"]) if task.get("deleted_at") is None]
    return outcome_of(before, after, [PromisedTask(task["id"], task["title"], task["state"] == "open") for task in about])


def _promise(values: Values) -> Promise:
    due = values.get("next_due")
    return Promise(values.get("next_step") or None, values.get("next_owner"), None if due is None else due.start)


def _check(old: Values | None, new: Values, context: RuleContext) -> Problems:
    held = new.get("held")
    moved = old is None or old.get("held") != held
    if held is not None and moved and held.start > context.today:
        return {"held": N_("A sparring is written down when it has been held: this day lies ahead.")}
    return {}


def _keep_promise(change: ChangeFacts) -> Sequence[Order]:
    """A next step is a task about the sparring, in the same act; it follows when the step is changed or removed."""
    new, outcome = change.new, change.new.get("_outcome", Outcome())
    values = {"title": new.get("next_step"), "owner": new.get("next_owner"), "due": new.get("next_due")}
    if outcome.write:
        return [Create("task", {**values, "about": change.record_id}, owner_id=new.get("next_owner"))]
    if outcome.change is not None:
        return [Update(outcome.change, values)]
    return [Delete(outcome.drop)] if outcome.drop is not None else []


SPARRING: Final = RecordType(
    key="sparring",
    names=Names(
        one=Label(da="sparring", en="sparring"),
        many=Label(da="sparringer", en="sparrings"),
        new=Label(da="Log sparring", en="Log sparring"),
        title=Label(da="Sparring", en="Sparring"),
    ),
    icon="messages",
    model=Sparring,
    section=SECTION,
    functions=Functions(
        normalise=tidied,
        derive=_derive,
        check=_check,
        title=lambda values: str(values.get("_title") or ""),
        after=_keep_promise,
    ),
    scopes={"own": own_sparrings},
    guarded=for_the_actor,
    holds_back="next_step",
    list_fields=("title", "held", "topics", "channel", "minutes", "owner", "next_step"),
    list_sort=("held", True),
    fields=(
        Field(
            "person",
            "relation",
            Label(da="Hvem", en="Who"),
            Column(("person_id",)),
            targets=("person",),
            back_label=Label(da="Sparring", en="Sparring"),
        ),
        Field(
            "organisations",
            "relation",
            Label(da="Organisation(er)", en="Organisation(s)"),
            Links(),
            targets=("organisation",),
            back_label=Label(da="Sparring", en="Sparring"),
        ),
        Field("topics", "choices", Label(da="Emner", en="Topics"), Column(("topics",)), options=TOPICS),
        Field("channel", "choice", Label(da="Form", en="Form"), Column(("channel",)), options=CHANNELS, default="phone"),
        Field(
            "minutes",
            "number",
            Label(da="Minutter", en="Minutes"),
            Column(("minutes",)),
            config={"integer_column": True, "min": 1, "max": 1440},
            default=15,
        ),
        Field(
            "held",
            "date",
            Label(da="Dato", en="Date"),
            Spine(("starts_at", "all_day")),
            help=Label(da="Tom = i dag.", en="Empty = today."),
        ),
        Field("owner", "user", Label(da="Rådgiver", en="Adviser"), Spine(("owner_id",))),
        Field(
            "note",
            "text",
            Label(da="Notat", en="Note"),
            Column(("note",)),
            config={"multiline": True},
            personal=True,
            section=TALK,
        ),
        Field(
            "our_role",
            "choice",
            Label(da="Vores rolle", en="Our role"),
            Column(("our_role",)),
            options=OUR_ROLES,
            help=Label(da="Ved strategimøder.", en="At strategy meetings."),
        ),
        Field(
            "next_step",
            "text",
            NEXT,
            Column(("next_step",)),
            config={"max_length": 200},
            help=Label(da="Bliver til en opgave.", en="Becomes a task."),
            section=NEXT,
        ),
        Field("next_owner", "user", Label(da="Hvem gør det", en="Who does it"), Column(("next_owner_id",)), section=NEXT),
        Field(
            "next_due",
            "date",
            Label(da="Senest", en="By"),
            Column(("next_due",)),
            config={"store": "day"},
            help=Label(da="Tom = fem arbejdsdage efter samtalen.", en="Empty = five working days after the talk."),
            section=NEXT,
        ),
        Field(
            "referred_to",
            "relation",
            Label(da="Henvist til", en="Referred to"),
            Column(("referred_to_id",)),
            targets=("organisation", "person"),
            back_label=Label(da="Henvisninger hertil", en="Referrals to here"),
            section=NEXT,
        ),
        Field("led_to", "choice", Label(da="Førte til", en="Led to"), Column(("led_to",)), options=OUTCOMES, section=NEXT),
        Field(
            "confidential",
            "yes_no",
            Label(da="Fortroligt", en="Confidential"),
            Column(("confidential",)),
            default=False,
            required=True,
            help=Label(
                da="Kun rådgiveren, de nævnte kolleger og administratorer kan se den.",
                en="Only the adviser, the colleagues named and administrators can see it.",
            ),
            section=RIGHTS,
        ),
        Field("shared_with", "users", Label(da="Deles med", en="Shared with"), Column(("shared_with",)), section=RIGHTS),
    ),
)

TYPES: Final = (SPARRING,)
