"""What an organisation and a person are on screen, in the API and in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from crm.directory import matching, rules
from crm.directory.models import Organisation, Person
from crm.directory.places import municipality_names
from crm.filters import NOTHING, Condition, Filter
from crm.kernel.i18n import Label
from crm.lifecycle.engine import Lifecycle, State, Transition
from crm.records.types import Column, Field, Functions, Links, Names, Option, RecordType, RuleContext, Spine, Values
from crm.security.actors import Actor

SECTION: Final = "directory"

#: What an organisation is; the keys are kept, the words may change.
KINDS: Final = (
    Option("cluster", Label(da="Klyngesekretariat", en="Cluster secretariat"), "blue"),
    Option("company", Label(da="Virksomhed", en="Company"), "teal"),
    Option("knowledge", Label(da="Videninstitution", en="Knowledge institution"), "purple"),
    Option("authority", Label(da="Offentlig myndighed", en="Public authority"), "orange"),
    Option("network", Label(da="Netværk", en="Network"), "cyan"),
    Option("partner", Label(da="Samarbejdspartner", en="Partner"), "grey"),
)

#: A new organisation is active unless told otherwise: most exist long before they are written down.
LIFECYCLE: Final = Lifecycle(
    states=(
        State("active", Label(da="Aktiv", en="Active"), "green"),
        State("starting", Label(da="Under opstart", en="Starting up"), "blue"),
        State("merged", Label(da="Fusioneret", en="Merged"), "purple", final=True),
        State("closed", Label(da="Ophørt", en="Closed"), "grey", final=True),
    ),
    transitions=(
        Transition("prepare", Label(da="Sæt til under opstart", en="Mark as starting up"), ("active",), "starting"),
        Transition("activate", Label(da="Sæt til aktiv", en="Mark as active"), ("starting",), "active"),
        Transition("merge", Label(da="Sæt til fusioneret", en="Mark as merged"), ("active", "starting"), "merged"),
        Transition("close", Label(da="Sæt til ophørt", en="Mark as closed"), ("active", "starting"), "closed"),
        Transition("reopen", Label(da="Sæt til aktiv igen", en="Mark as active again"), ("merged", "closed"), "active"),
    ),
)

#: Where and how an organisation is reached stands together.
CONTACT: Final = Label(da="Kontakt", en="Contact")

#: Suggested roles of a position; any other may be typed.
POSITION_ROLES: Final = ("Direktør", "Klyngechef", "Kontorchef", "Chefkonsulent", "Konsulent", "Projektleder", "Kontaktperson")
LINEAGE_ROLES: Final = ("Fusion", "Navneskift", "Virksomhedsoverdragelse", "Spaltning")


def _own(actor: Actor, _today: date) -> Filter:
    """An organisation or person that the actor owns."""
    return NOTHING if actor.user_id is None else Condition("owner", "is", actor.user_id)


def _self(actor: Actor, _today: date) -> Filter:
    """The person whom the actor is."""
    return NOTHING if actor.person_id is None else Condition("id", "is", actor.person_id)


def _normalise_organisation(values: Values) -> Values:
    return {"cvr": rules.tidy_cvr(values.get("cvr"))}


def _derive_organisation(_old: Values | None, new: Values, _context: RuleContext) -> Mapping[str, Any]:
    return {"cvr_doubtful": rules.cvr_is_doubtful(new.get("cvr"))}


ORGANISATION: Final = RecordType(
    key="organisation",
    names=Names(
        one=Label(da="organisation", en="organisation"),
        many=Label(da="organisationer", en="organisations"),
        new=Label(da="Ny organisation", en="New organisation"),
        title=Label(da="Organisationer", en="Organisations"),
    ),
    icon="building",
    model=Organisation,
    lifecycle=LIFECYCLE,
    section=SECTION,
    functions=Functions(normalise=_normalise_organisation, derive=_derive_organisation),
    scopes={"own": _own},
    matching=matching.ORGANISATION,
    list_fields=("title", "kind", "state", "municipality", "city", "phone"),
    fields=(
        Field("title", "text", Label(da="Navn", en="Name"), Spine(("title",)), required=True),
        Field("kind", "choice", Label(da="Slags", en="Kind"), Column(("kind_of",)), options=KINDS),
        Field(
            "parent",
            "relation",
            Label(da="Hører under", en="Part of"),
            Column(("parent_id",)),
            targets=("organisation",),
            back_label=Label(da="Hører herunder", en="Parts"),
        ),
        Field("cvr", "text", Label(da="CVR-nr.", en="CVR no."), Column(("cvr",)), config={"max_length": 40}),
        Field(
            "cvr_doubtful",
            "yes_no",
            Label(da="CVR-nr. bør slås op", en="CVR no. should be looked up"),
            Column(("cvr_doubtful",)),
            help=Label(da="Kontrolcifferet passer ikke.", en="The check digit does not fit."),
            read_only=True,
        ),
        Field("street", "text", Label(da="Adresse", en="Address"), Column(("street",)), section=CONTACT),
        Field(
            "postcode",
            "text",
            Label(da="Postnr.", en="Postcode"),
            Column(("postcode",)),
            config={"max_length": 10},
            section=CONTACT,
        ),
        Field("city", "text", Label(da="By", en="Town"), Column(("city", "city_key")), config={"max_length": 100}, section=CONTACT),
        Field(
            "municipality",
            "choice",
            Label(da="Kommune", en="Municipality"),
            Column(("municipality_code",)),
            options=tuple(Option(code, Label(da=name, en=name)) for code, name in municipality_names()),
            section=CONTACT,
        ),
        Field("website", "link", Label(da="Hjemmeside", en="Website"), Column(("website",)), section=CONTACT),
        Field("email", "emails", Label(da="E-mail", en="E-mail"), Column(("emails",)), section=CONTACT),
        Field("phone", "phones", Label(da="Telefon", en="Phone"), Column(("phones",)), config={"type": "main"}, section=CONTACT),
        Field("tags", "tags", Label(da="Emneord", en="Tags"), Column(("tags",))),
        Field(
            "successors",
            "relation",
            Label(da="Videreført i", en="Continued in"),
            Links(),
            config={"roles": LINEAGE_ROLES},
            targets=("organisation",),
            back_label=Label(da="Tidligere organisationer", en="Earlier organisations"),
        ),
        Field("note", "text", Label(da="Bemærkning", en="Note"), Column(("note",)), config={"multiline": True}),
    ),
)

PERSON: Final = RecordType(
    key="person",
    names=Names(
        one=Label(da="person", en="person"),
        many=Label(da="personer", en="people"),
        new=Label(da="Ny person", en="New person"),
        title=Label(da="Personer", en="People"),
    ),
    icon="user",
    model=Person,
    section=SECTION,
    functions=Functions(title=rules.person_title),
    scopes={"own": _own, "self": _self},
    matching=matching.PERSON,
    list_fields=("title", "email", "phone"),
    fields=(
        Field(
            "given_name",
            "text",
            Label(da="Fornavn", en="Given name"),
            Column(("given_name",)),
            config={"max_length": 100},
            required=True,
            personal=True,
        ),
        Field(
            "family_name",
            "text",
            Label(da="Efternavn", en="Family name"),
            Column(("family_name", "family_name_key")),
            config={"max_length": 100},
            personal=True,
        ),
        Field(
            "positions",
            "relation",
            Label(da="Stillinger", en="Positions"),
            Links(),
            config={"roles": POSITION_ROLES},
            targets=("organisation",),
            back_label=Label(da="Personer", en="People"),
            personal=True,
        ),
        Field("email", "emails", Label(da="E-mail", en="E-mail"), Column(("emails",)), personal=True),
        Field("phone", "phones", Label(da="Telefon", en="Phone"), Column(("phones",)), personal=True),
        Field("tags", "tags", Label(da="Emneord", en="Tags"), Column(("tags",)), personal=True),
        Field("note", "text", Label(da="Bemærkning", en="Note"), Column(("note",)), config={"multiline": True}, personal=True),
    ),
)

TYPES: Final = (ORGANISATION, PERSON)
