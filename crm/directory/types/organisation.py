"""An organisation: a cluster secretariat, a company, an authority or another body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from crm.directory import matching, names, rules
from crm.directory.lifespan import ENDED
from crm.directory.models import Organisation
from crm.directory.places import size_classes
from crm.directory.regions import next_region_day, region_on_day
from crm.directory.types.common import (
    CONTACT,
    LEVEL_OPTIONS,
    MARKETING,
    REGION_OPTIONS,
    REGIONS,
    SECTION,
    SIZE,
    SIZE_OPTIONS,
    SOURCES,
    THEME_OPTIONS,
    TITLE,
    address_fields,
    own,
)
from crm.kernel.clock import local_day
from crm.kernel.i18n import Label
from crm.lifecycle.engine import Lifecycle, State, Transition
from crm.records.fields import DateValue
from crm.records.store.orders import Create, Delete, Order, Update
from crm.records.types import (
    Ages,
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
    Values,
)

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
LINEAGE_ROLES: Final = ("Fusion", "Navneskift", "Virksomhedsoverdragelse", "Spaltning")
REGION_RULES: Final = (
    Option("primary", Label(da="Tæller i sin primære region", en="Counts in its primary region")),
    Option("fractional", Label(da="Deles ligeligt mellem sine regioner", en="Split evenly among its regions")),
)
ORIGINS: Final = (
    Option("own", Label(da="Egen", en="Own")),
    Option("catalogue", Label(da="Offentligt katalog", en="Public catalogue"), "purple"),
)


def _normalise(values: Values) -> Values:
    found: dict[str, Any] = {"cvr": rules.tidy_cvr(values.get("cvr"))}
    if values.get("employees") is not None:
        found["size_class"] = rules.size_class_of(int(values["employees"]), size_classes())
    if values.get("kind") == "cluster" and values.get("region_rule") is None:
        found["region_rule"] = "primary"
    return found


def _derive(_old: Values | None, new: Values, context: RuleContext) -> Mapping[str, Any]:
    return {"cvr_doubtful": rules.cvr_is_doubtful(new.get("cvr")), "region": region_on_day(new, context.today)}


def _region_turns(values: Values, context: RuleContext) -> date | None:
    """Give the next day on which the organisation lies in another region."""
    return next_region_day(values, context.today)


def _region_basis(_settings: Mapping[str, Any]) -> str:
    return "regions 1"


def _check(old: Values | None, new: Values, context: RuleContext) -> Problems:
    found = dict(rules.region_problems(new))
    if old is not None and new.get("parent") is not None and new["parent"] != old.get("parent"):
        problem = rules.circle_problem(int(new["id"]), int(new["parent"]), lambda ids: _parents(context, ids))
        if problem is not None:
            found["parent"] = problem
    return found


def _parents(context: RuleContext, ids: Sequence[int]) -> dict[int, int | None]:
    return {one: values.get("parent") for one, values in context.related(ids).items()}


def _after_update(change: ChangeFacts, context: RuleContext) -> Sequence[Order]:
    """A new name goes on from today, and the old one is kept with its last day."""
    old, new = change.old or {}, change.new
    rows = [row for row in context.having("organisation_name", "organisation", change.record_id) if row.get("deleted_at") is None]
    known = names.first_known(old.get("founded"), local_day(old["created_at"], context.zone) if old.get("created_at") else None)
    steps = names.renamed([names.Name.of(row) for row in rows], str(old["title"]), str(new["title"]), context.today, known)
    return [_name_order(change.record_id, step) for step in steps]


def _name_order(organisation_id: int, step: names.Step) -> Order:
    if step.forget:
        return Delete(step.name.record_id)
    values = {"title": step.name.title, "period": DateValue(step.name.first, step.name.last)}
    if step.name.record_id:
        return Update(step.name.record_id, values)
    return Create("organisation_name", {**values, "organisation": organisation_id})


def _after_step(change: ChangeFacts, today: date, _zone: str) -> Sequence[Order]:
    """What is merged or closed has ended, on a day that is known from now on; what is active again has not."""
    state, ended = change.new.get("state"), change.new.get("ended")
    if state in ENDED and ended is None:
        return [Update(change.record_id, {"ended": today})]
    if state not in ENDED and ended is not None:
        return [Update(change.record_id, {"ended": None})]
    return ()


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
    functions=Functions(
        normalise=_normalise,
        derive=_derive,
        check=_check,
        after_step=_after_step,
        after_update=_after_update,
        watched=frozenset({"title"}),
    ),
    ages=Ages(("region",), _region_turns, _region_basis),
    scopes={"own": own},
    matching=matching.ORGANISATION,
    list_fields=("title", "kind", "region", "certificate_level", "certificate_until", "state", "city"),
    says_what=("kind", "region", "themes"),
    fields=(
        Field("title", "text", Label(da="Navn", en="Name"), TITLE, required=True),
        Field("kind", "choice", Label(da="Slags", en="Kind"), Column(("kind_of",)), options=KINDS),
        Field(
            "certificate_level",
            "choice",
            Label(da="Certifikat", en="Certificate"),
            Column(("certificate_level",)),
            options=LEVEL_OPTIONS,
            config={"badge": True},
            read_only=True,
            help=Label(da="Det højeste, der gælder i dag.", en="The highest in force today."),
        ),
        Field(
            "certificate_until",
            "date",
            Label(da="Udløber", en="Expires"),
            Column(("certificate_until",)),
            config={"store": "day"},
            read_only=True,
            help=Label(da="Certifikatets sidste dag.", en="The certificate's last day."),
        ),
        Field("themes", "choices", Label(da="Temaer", en="Themes"), Column(("themes",)), options=THEME_OPTIONS),
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
        Field("founded", "date", Label(da="Stiftet", en="Founded"), Column(("founded",)), config={"store": "day"}),
        Field(
            "ended",
            "date",
            Label(da="Ophørt den", en="Ended on"),
            Column(("ended",)),
            config={"store": "day"},
            help=Label(
                da="Den sidste dag, den fandtes. Udfyldes, når status bliver fusioneret eller ophørt.",
                en="The last day on which it existed. Filled in when its status becomes merged or closed.",
            ),
        ),
        *address_fields(),
        Field("website", "link", Label(da="Hjemmeside", en="Website"), Column(("website",)), section=CONTACT),
        Field("email", "emails", Label(da="E-mail", en="E-mail"), Column(("emails",)), section=CONTACT),
        Field("phone", "phones", Label(da="Telefon", en="Phone"), Column(("phones",)), config={"type": "main"}, section=CONTACT),
        Field(
            "employees",
            "number",
            Label(da="Ansatte", en="Employees"),
            Column(("employees",)),
            config={"integer_column": True, "min": 0},
            help=Label(da="Størrelsen følger af tallet.", en="The size follows from the number."),
            section=SIZE,
        ),
        Field(
            "size_class",
            "choice",
            Label(da="Størrelse", en="Size class"),
            Column(("size_class",)),
            options=SIZE_OPTIONS,
            section=SIZE,
        ),
        Field(
            "members_count",
            "number",
            Label(da="Medlemmer", en="Members"),
            Column(("members_count",)),
            config={"integer_column": True, "min": 0},
            help=Label(da="Så mange medlemmer klyngen selv siger, den har.", en="As many members as the cluster says it has."),
            section=SIZE,
        ),
        Field(
            "region",
            "choice",
            Label(da="Region", en="Region"),
            Column(("region",)),
            options=REGION_OPTIONS,
            read_only=True,
            help=Label(da="Følger af kommunen og dagen.", en="Follows from the municipality and the day."),
            section=REGIONS,
        ),
        Field(
            "region_rule",
            "choice",
            Label(da="Tælles i regioner", en="Counted by region"),
            Column(("region_rule",)),
            options=REGION_RULES,
            help=Label(
                da="For klynger med flere regioner. Ellers tæller kommunens region.",
                en="For clusters in several regions. Otherwise the municipality's region counts.",
            ),
            section=REGIONS,
        ),
        Field(
            "primary_region",
            "choice",
            Label(da="Primær region", en="Primary region"),
            Column(("primary_region",)),
            options=REGION_OPTIONS,
            help=Label(da="Tomt = kommunens region.", en="Empty = the municipality's region."),
            section=REGIONS,
        ),
        Field(
            "regions",
            "choices",
            Label(da="Dækker regionerne", en="Covers the regions"),
            Column(("regions",)),
            options=REGION_OPTIONS,
            section=REGIONS,
        ),
        Field(
            "advertising_protected",
            "yes_no",
            Label(da="Reklamebeskyttet", en="Protected from advertising"),
            Column(("advertising_protected",)),
            default=False,
            help=Label(
                da="Står i CVR: må ikke få uopfordret reklame.", en="Says the company register: gets no unsolicited advertising."
            ),
            section=MARKETING,
        ),
        Field(
            "protected_on",
            "date",
            Label(da="Slået op i CVR den", en="Looked up on"),
            Column(("protected_on",)),
            config={"store": "day"},
            section=MARKETING,
        ),
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
        Field(
            "origin",
            "choice",
            Label(da="Oprindelse", en="Origin"),
            Column(("origin",)),
            options=ORIGINS,
            default="own",
            read_only=True,
            section=SOURCES,
        ),
        Field("source", "text", Label(da="Kilde", en="Source"), Column(("source",)), config={"multiline": True}, section=SOURCES),
        Field(
            "uncertain",
            "text",
            Label(da="Usikkert", en="Uncertain"),
            Column(("uncertain",)),
            config={"multiline": True},
            help=Label(da="Hvad kilderne ikke afgør.", en="What the sources leave open."),
            section=SOURCES,
        ),
        Field("note", "text", Label(da="Bemærkning", en="Note"), Column(("note",)), config={"multiline": True}),
    ),
)
