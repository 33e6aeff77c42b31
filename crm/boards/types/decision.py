"""A decision under an agenda item."""

from __future__ import annotations

from typing import Final

from crm.boards import rules
from crm.boards.models import Decision
from crm.boards.types.common import SECTION, derived_title, relation_field, text_field
from crm.boards.types.scopes import decisions_of
from crm.kernel.i18n import N_, Label
from crm.records.types import Column, Field, Functions, Names, Problems, RecordType, RuleContext, Values


def _derive_decision(_old: Values | None, new: Values, context: RuleContext) -> Values:
    item_id = new.get("agenda_item")
    item = context.related([item_id]).get(item_id, {}) if item_id else {}
    return {"_title": item.get("title", "")}


def _check_decision(old: Values | None, new: Values, context: RuleContext) -> Problems:
    """Decisions are made only under items announced for it, one an item."""
    item_id = new.get("agenda_item")
    item = context.related([item_id]).get(item_id) if item_id else None
    if item is not None and not rules.may_hold_decision(str(item["item_type"])):
        return {"agenda_item": N_("An item for information cannot hold a decision.")}
    if item_id and item is not None and (old is None or old.get("agenda_item") != item_id):
        others = context.having("decision", "agenda_item", item_id)
        if any(one["id"] != new["id"] and one.get("deleted_at") is None for one in others):
            return {"agenda_item": N_("The item already has a decision. Change that one instead.")}
    return {}


DECISION: Final = RecordType(
    key="decision",
    names=Names(
        one=Label(da="beslutning", en="decision"),
        many=Label(da="beslutninger", en="decisions"),
        new=Label(da="Ny beslutning", en="New decision"),
        title=Label(da="Beslutninger", en="Decisions"),
    ),
    icon="gavel",
    model=Decision,
    fields=(
        relation_field(
            "agenda_item",
            Label(da="Punkt", en="Agenda item"),
            "agenda_item",
            Label(da="Beslutninger", en="Decisions"),
            required=True,
        ),
        text_field("text", Label(da="Beslutning", en="Decision"), lines=True, required=True),
        Field("decided_on", "date", Label(da="Besluttet den", en="Decided on"), Column(("decided_on",)), config={"store": "day"}),
    ),
    functions=Functions(derive=_derive_decision, check=_check_decision, title=derived_title),
    scopes={"board": decisions_of},
    list_fields=("title", "agenda_item", "decided_on"),
    list_sort=("decided_on", True),
    section=SECTION,
)
