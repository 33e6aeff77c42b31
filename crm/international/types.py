"""What an international activity and a seat in an outside board are on screen, in the API and in the log."""

from __future__ import annotations

from datetime import date
from typing import Final

from crm.filters import NOTHING, Condition, Filter
from crm.international.countries import countries
from crm.international.models import InternationalActivity, OutsideSeat
from crm.kernel.i18n import Label
from crm.records.types import Column, Field, Links, Names, Option, RecordType, Spine
from crm.security.actors import Actor

SECTION: Final = "outreach"

KINDS: Final = (
    Option("market_visit", Label(da="Markedsbesøg", en="Market visit"), "blue"),
    Option("matchmaking", Label(da="Matchmaking", en="Matchmaking"), "purple"),
    Option("partner_search", Label(da="Partnersøgning", en="Partner search"), "teal"),
    Option("conference", Label(da="Konference", en="Conference"), "orange"),
    Option("advice", Label(da="Rådgivning", en="Advice"), "grey"),
)
#: How far it led; the network's own classes of outcomes differ by contract and are not copied here.
OUTCOMES: Final = (
    Option("open", Label(da="Afventer", en="Pending"), "amber"),
    Option("contact", Label(da="Kontakt etableret", en="Contact made"), "blue"),
    Option("dialogue", Label(da="Dialog i gang", en="In dialogue"), "teal"),
    Option("agreement", Label(da="Partneraftale indgået", en="Partnership agreed"), "green"),
    Option("nothing", Label(da="Intet", en="Nothing"), "grey"),
)
#: Suggested roles of a company in an activity; any other may be typed.
COMPANY_ROLES: Final = ("Deltager", "Søger partner", "Tilbyder")


def own_activities(actor: Actor, _today: date) -> Filter:
    """Give the filter of the activities that the actor advised on."""
    return NOTHING if actor.user_id is None else Condition("owner", "is", actor.user_id)


ACTIVITY: Final = RecordType(
    key="international_activity",
    names=Names(
        one=Label(da="international aktivitet", en="international activity"),
        many=Label(da="internationale aktiviteter", en="international activities"),
        new=Label(da="Ny international aktivitet", en="New international activity"),
        title=Label(da="Internationale aktiviteter", en="International activities"),
    ),
    icon="world",
    model=InternationalActivity,
    section=SECTION,
    scopes={"own": own_activities},
    list_fields=("title", "kind", "cluster", "country", "held", "outcome", "owner"),
    list_sort=("held", True),
    fields=(
        Field("title", "text", Label(da="Aktivitet", en="Activity"), Spine(("title",)), required=True),
        Field("kind", "choice", Label(da="Slags", en="Kind"), Column(("kind_of",)), options=KINDS),
        Field(
            "cluster",
            "relation",
            Label(da="Klynge", en="Cluster"),
            Column(("cluster_id",)),
            targets=("organisation",),
            back_label=Label(da="Internationale aktiviteter", en="International activities"),
        ),
        Field(
            "companies",
            "relation",
            Label(da="Virksomheder", en="Companies"),
            Links(),
            config={"roles": COMPANY_ROLES},
            targets=("organisation",),
        ),
        Field(
            "company_count",
            "number",
            Label(da="Øvrige virksomheder (antal)", en="Other companies (number)"),
            Column(("company_count",)),
            config={"integer_column": True, "min": 0, "max": 100_000},
            help=Label(
                da="Hjulpne virksomheder, der ikke er registreret enkeltvis. Tælles for sig.",
                en="Companies helped that are not registered one by one. Counted apart.",
            ),
        ),
        Field("country", "choice", Label(da="Land", en="Country"), Column(("country",)), options=countries()),
        Field("een_partner", "text", Label(da="EEN-partner", en="EEN partner"), Column(("een_partner",))),
        Field("owner", "user", Label(da="Rådgiver", en="Adviser"), Spine(("owner_id",))),
        Field("held", "date", Label(da="Dato", en="Date"), Spine(("starts_at", "all_day"))),
        Field("outcome", "choice", Label(da="Førte til", en="Led to"), Column(("outcome",)), options=OUTCOMES),
        Field("documentation", "link", Label(da="Dokumentation", en="Documentation"), Column(("documentation",))),
        Field("result", "text", Label(da="Resultat", en="Result"), Column(("result",)), config={"multiline": True}),
    ),
)

SEAT: Final = RecordType(
    key="outside_seat",
    names=Names(
        one=Label(da="egen post", en="outside seat"),
        many=Label(da="egne poster", en="outside seats"),
        new=Label(da="Ny egen post", en="New outside seat"),
        title=Label(da="Egne poster", en="Outside seats"),
    ),
    icon="flag",
    model=OutsideSeat,
    section=SECTION,
    list_fields=("title", "organisation", "person", "role", "period"),
    fields=(
        Field("title", "text", Label(da="Post", en="Seat"), Spine(("title",)), required=True),
        Field(
            "organisation",
            "relation",
            Label(da="Organisation", en="Organisation"),
            Column(("organisation_id",)),
            targets=("organisation",),
            back_label=Label(da="Vores poster her", en="Our seats here"),
        ),
        Field(
            "person",
            "relation",
            Label(da="Person", en="Person"),
            Column(("person_id",)),
            targets=("person",),
            back_label=Label(da="Egne poster", en="Outside seats"),
            personal=True,
        ),
        Field("role", "text", Label(da="Rolle", en="Role"), Column(("role",))),
        Field(
            "period",
            "date",
            Label(da="Periode", en="Period"),
            Spine(("starts_at", "ends_at", "all_day")),
            config={"end": "optional"},
        ),
    ),
)

TYPES: Final[tuple[RecordType, ...]] = (ACTIVITY, SEAT)
