"""The catalogue of a national function: entries, the numbered criteria, and how each entry meets them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crm.kernel.i18n import N_, Label
from crm.membership.models import CatalogueAnswer, CatalogueCriterion, CatalogueEntry
from crm.membership.types.common import PERIOD, SECTION, TITLE, day_of, derived_title
from crm.records.types import Column, Field, Functions, Names, Option, Problems, RecordType, RuleContext, Values

ANSWERS: Final = (
    Option("met", Label(da="Opfyldt", en="Met"), "green"),
    Option("partly", Label(da="Delvist", en="Partly"), "amber"),
    Option("no", Label(da="Nej", en="No"), "red"),
)


def _entry_title(_old: Values | None, new: Values, context: RuleContext) -> Mapping[str, Any]:
    """Name it by its organisation and the year it was taken in; the organisation's own name must not stand twice in a search."""
    organisation, since = new.get("organisation"), day_of(new.get("period"))
    name = context.related([organisation]).get(organisation, {}).get("title", "") if organisation else ""
    return {"_title": f"{name}, katalog {since.year}" if since is not None else f"{name}, katalog"}


CATALOGUE_ENTRY: Final = RecordType(
    key="catalogue_entry",
    names=Names(
        one=Label(da="katalogoptagelse", en="catalogue entry"),
        many=Label(da="katalogoptagelser", en="catalogue entries"),
        new=Label(da="Ny katalogoptagelse", en="New catalogue entry"),
        title=Label(da="Katalog", en="Catalogue"),
    ),
    icon="notebook",
    model=CatalogueEntry,
    section=SECTION,
    functions=Functions(derive=_entry_title, title=derived_title),
    list_fields=("title", "period", "decided_at", "contact"),
    fields=(
        Field(
            "organisation",
            "relation",
            Label(da="Organisation", en="Organisation"),
            Column(("organisation_id",)),
            required=True,
            targets=("organisation",),
            back_label=Label(da="Katalogoptagelser", en="Catalogue entries"),
        ),
        Field("period", "date", Label(da="Optaget", en="In the catalogue"), PERIOD, config={"end": "optional"}),
        Field(
            "decided_at",
            "relation",
            Label(da="Besluttet på", en="Decided at"),
            Column(("decided_at_id",)),
            targets=("meeting",),
            back_label=Label(da="Katalogoptagelser", en="Catalogue entries"),
        ),
        Field(
            "contact",
            "relation",
            Label(da="Kontaktperson", en="Contact"),
            Column(("contact_id",)),
            targets=("person",),
            back_label=Label(da="Kontakt i kataloget", en="Contact in the catalogue"),
        ),
        Field(
            "text_da",
            "text",
            Label(da="Katalogtekst, dansk", en="Catalogue text, Danish"),
            Column(("text_da",)),
            config={"multiline": True},
        ),
        Field(
            "text_en",
            "text",
            Label(da="Katalogtekst, engelsk", en="Catalogue text, English"),
            Column(("text_en",)),
            config={"multiline": True},
        ),
    ),
)

CATALOGUE_CRITERION: Final = RecordType(
    key="catalogue_criterion",
    names=Names(
        one=Label(da="katalogkriterium", en="catalogue criterion"),
        many=Label(da="katalogkriterier", en="catalogue criteria"),
        new=Label(da="Nyt katalogkriterium", en="New catalogue criterion"),
        title=Label(da="Katalogkriterier", en="Catalogue criteria"),
    ),
    icon="list-check",
    model=CatalogueCriterion,
    list_fields=("number", "title", "text"),
    fields=(
        Field("title", "text", Label(da="Navn", en="Name"), TITLE, required=True),
        Field(
            "number",
            "number",
            Label(da="Nummer", en="Number"),
            Column(("number",)),
            required=True,
            config={"integer_column": True, "min": 1, "max": 999, "plain": True},
        ),
        Field(
            "text",
            "text",
            Label(da="Ordlyd", en="Wording"),
            Column(("text",)),
            config={"multiline": True},
            help=Label(da="Udfyldes af sekretariatet.", en="To be filled in by the secretariat."),
        ),
    ),
)


def _answer_title(_old: Values | None, new: Values, context: RuleContext) -> Mapping[str, Any]:
    ids = [int(one) for one in (new.get("entry"), new.get("criterion")) if one]
    known = context.related(ids)
    names = [str(known[one]["title"]) for one in ids if one in known]
    return {"_title": ", ".join(names)}


def _one_answer_each(_old: Values | None, new: Values, context: RuleContext) -> Problems:
    entry, criterion = new.get("entry"), new.get("criterion")
    if not entry or not criterion:
        return {}
    for other in context.having("catalogue_answer", "entry", entry):
        if other.get("criterion") == criterion and other["id"] != new.get("id") and other.get("deleted_at") is None:
            return {"criterion": N_("This criterion is answered already.")}
    return {}


CATALOGUE_ANSWER: Final = RecordType(
    key="catalogue_answer",
    names=Names(
        one=Label(da="vurdering", en="assessment"),
        many=Label(da="vurderinger", en="assessments"),
        new=Label(da="Ny vurdering", en="New assessment"),
        title=Label(da="Vurderinger efter kriterierne", en="Assessments by the criteria"),
    ),
    icon="clipboard-check",
    model=CatalogueAnswer,
    follows="entry",
    functions=Functions(derive=_answer_title, check=_one_answer_each, title=derived_title),
    list_fields=("title", "entry", "criterion", "answer"),
    fields=(
        Field(
            "entry",
            "relation",
            Label(da="Katalogoptagelse", en="Catalogue entry"),
            Column(("entry_id",)),
            required=True,
            targets=("catalogue_entry",),
        ),
        Field(
            "criterion",
            "relation",
            Label(da="Kriterium", en="Criterion"),
            Column(("criterion_id",)),
            required=True,
            targets=("catalogue_criterion",),
        ),
        Field("answer", "choice", Label(da="Vurdering", en="Assessment"), Column(("answer",)), options=ANSWERS),
        Field("note", "text", Label(da="Bemærkning", en="Note"), Column(("note",)), config={"multiline": True}),
    ),
)
