"""What the records of this feature are on screen, in the API and in the log."""

from __future__ import annotations

from datetime import date
from typing import Final

from crm.directory.places import municipality_names
from crm.events.evaluation_type import EVALUATION
from crm.events.facts import event_facts
from crm.events.fields import PERIOD, TITLE, number_field, relation_field, text_field
from crm.events.lifecycle import EVENT as LIFECYCLE
from crm.events.models import Event, EventSession
from crm.events.participation_type import PARTICIPATION, freeze_all
from crm.events.places import REGIONS, region_of_place
from crm.filters import NOTHING, Condition, Filter
from crm.kernel.i18n import N_, Label
from crm.records.types import Column, Field, Functions, Names, Option, Problems, RecordType, RuleContext, Values
from crm.security.actors import Actor

SECTION: Final = "work"

#: What the support function holds (domain facts §3.3); the keys are kept, the words may change.
KINDS: Final = (
    Option("camp", Label(da="Innovation Camp", en="Innovation Camp"), "purple"),
    Option("workshop", Label(da="Workshop", en="Workshop"), "blue"),
    Option("master_class", Label(da="Master Class", en="Master Class"), "teal"),
    Option("lab", Label(da="Cluster Lab", en="Cluster Lab"), "cyan"),
    Option("experience_group", Label(da="Erfagruppe", en="Experience group"), "green"),
    Option("course", Label(da="Kursus", en="Course"), "lime"),
    Option("conference", Label(da="Konference", en="Conference"), "orange"),
    Option("summit", Label(da="Summit", en="Summit"), "amber"),
    Option("regional_meeting", Label(da="Regionalt klyngemøde", en="Regional cluster meeting"), "pink"),
    Option("regional_visit", Label(da="Regionsbesøg", en="Regional visit"), "red"),
    Option("strategy_meeting", Label(da="Klynges strategimøde", en="A cluster's strategy meeting"), "slate"),
    Option("other", Label(da="Andet", en="Other"), "grey"),
)
OUR_ROLES: Final = (
    Option("organiser", Label(da="Arrangør", en="Organiser"), "teal"),
    Option("expert", Label(da="Klyngeekspert", en="Cluster expert"), "blue"),
    Option("facilitator", Label(da="Facilitator", en="Facilitator"), "purple"),
    Option("participant", Label(da="Deltager", en="Participant"), "grey"),
)
FIGURES: Final = Label(da="Opgjorte tal", en="Figures")


def _own(actor: Actor, _today: date) -> Filter:
    """The events that the actor answers for."""
    return NOTHING if actor.user_id is None else Condition("owner", "is", actor.user_id)


def _derive(_old: Values | None, new: Values, context: RuleContext) -> Values:
    """Say in which region it is held."""
    when = new.get("when")
    return {
        "region": region_of_place(new.get("municipality"), context.today if when is None else when.first_day(context.zone)) or None
    }


def _check_session(_old: Values | None, new: Values, context: RuleContext) -> Problems:
    """A part lies within the days of the whole."""
    when, event_id = new.get("when"), new.get("event")
    event = context.related([event_id]).get(event_id) if event_id else None
    whole = None if event is None else event.get("when")
    if when is None or whole is None:
        return {}
    if when.first_day(context.zone) < whole.first_day(context.zone) or when.last_day(context.zone) > whole.last_day(context.zone):
        return {"when": N_("The session lies outside the days of the event.")}
    return {}


EVENT: Final = RecordType(
    key="event",
    names=Names(
        one=Label(da="arrangement", en="event"),
        many=Label(da="arrangementer", en="events"),
        new=Label(da="Nyt arrangement", en="New event"),
        title=Label(da="Arrangementer", en="Events"),
    ),
    icon="calendar-event",
    model=Event,
    lifecycle=LIFECYCLE,
    section=SECTION,
    functions=Functions(derive=_derive, after_step=freeze_all),
    scopes={"own": _own},
    facts=event_facts,
    list_fields=("title", "kind", "when", "place", "host", "state"),
    list_sort=("when", True),
    fields=(
        Field("title", "text", Label(da="Navn", en="Name"), TITLE, required=True),
        Field("kind", "choice", Label(da="Slags", en="Kind"), Column(("kind_of",)), required=True, default="other", options=KINDS),
        Field(
            "when",
            "date",
            Label(da="Tid", en="Time"),
            PERIOD,
            config={"time": "optional", "end": "optional"},
        ),
        text_field("place", Label(da="Sted", en="Place"), longest=200),
        Field(
            "municipality",
            "choice",
            Label(da="Kommune", en="Municipality"),
            Column(("municipality_code",)),
            options=tuple(Option(code, Label(da=name, en=name)) for code, name in municipality_names()),
            help=Label(da="Hvor det holdes: giver arrangementets region.", en="Where it is held: gives the event's region."),
        ),
        Field(
            "region",
            "choice",
            Label(da="Region", en="Region"),
            Column(("region",)),
            options=REGIONS,
            read_only=True,
            help=Label(da="Kommunens region på dagen.", en="The municipality's region on the day."),
        ),
        relation_field(
            "host", Label(da="Vært", en="Host"), "organisation", Label(da="Vært for arrangementer", en="Host of events")
        ),
        number_field(
            "capacity",
            Label(da="Pladser", en="Places"),
            help=Label(da="Tomt = ingen grænse.", en="Empty = no limit."),
        ),
        Field("our_role", "choice", Label(da="Vores rolle", en="Our role"), Column(("our_role",)), options=OUR_ROLES),
        text_field("description", Label(da="Beskrivelse", en="Description"), lines=True),
        number_field(
            "people_count",
            Label(da="Personer", en="People"),
            section=FIGURES,
            help=Label(da="Hvor deltagerne ikke står her én for én.", en="Where the participants are not listed one by one."),
        ),
        number_field("cluster_count", Label(da="Klynger", en="Clusters"), section=FIGURES),
        number_field("country_count", Label(da="Lande", en="Countries"), section=FIGURES),
        number_field("meeting_count", Label(da="Møder", en="Meetings"), section=FIGURES),
    ),
)

SESSION: Final = RecordType(
    key="session",
    names=Names(
        one=Label(da="programpunkt", en="programme item"),
        many=Label(da="programpunkter", en="programme items"),
        new=Label(da="Nyt programpunkt", en="New programme item"),
        title=Label(da="Programpunkter", en="Programme items"),
    ),
    icon="presentation",
    model=EventSession,
    functions=Functions(check=_check_session),
    follows="event",
    list_fields=("title", "event", "when", "speaker", "place"),
    list_sort=("when", False),
    fields=(
        Field("title", "text", Label(da="Navn", en="Name"), TITLE, required=True),
        relation_field("event", Label(da="Arrangement", en="Event"), "event", Label(da="Program", en="Programme"), required=True),
        Field("when", "date", Label(da="Tid", en="Time"), PERIOD, config={"time": "required", "end": "optional"}),
        text_field("speaker", Label(da="Oplægsholder", en="Speaker"), longest=200),
        text_field("place", Label(da="Sted", en="Place"), longest=200),
    ),
)

TYPES: Final[tuple[RecordType, ...]] = (EVENT, SESSION, PARTICIPATION, EVALUATION)
