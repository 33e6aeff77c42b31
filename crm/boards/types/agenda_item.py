"""An item of a meeting's agenda, with the texts of its sheet."""

from __future__ import annotations

from typing import Final

from crm.boards import lifecycle, rules
from crm.boards.models import AgendaItem
from crm.boards.packs.blocks import BLOCKS
from crm.boards.types.common import TITLE, number_field, relation_field, text_field, yes_no_field
from crm.boards.types.scopes import items_of
from crm.kernel.i18n import N_, Label
from crm.records.types import Column, Field, Functions, Names, Option, Problems, RecordType, RuleContext, Values


def _derive_item(_old: Values | None, new: Values, context: RuleContext) -> Values:
    """A new item goes to the end of the agenda."""
    if new.get("position") is not None or new.get("meeting") is None:
        return {}
    others = context.having("agenda_item", "meeting", new["meeting"])
    return {"position": rules.next_number(int(other["position"]) for other in others if other["position"])}


def _check_item(old: Values | None, new: Values, context: RuleContext) -> Problems:
    problems = dict(_agenda_is_closed(old, new, context))
    item_type = str(new.get("item_type") or "")
    if item_type and new.get("recommendation") and not rules.may_hold_recommendation(item_type):
        problems["recommendation"] = N_(
            "An item for information has no recommendation. Choose decision or discussion, or remove the text."
        )
    if old is not None and old.get("item_type") != item_type and not rules.may_hold_decision(item_type):
        decided = [one for one in context.having("decision", "agenda_item", new["id"]) if one.get("deleted_at") is None]
        if decided:
            problems["item_type"] = N_("The item has a decision, so it cannot become an item for information.")
    return problems


def _agenda_is_closed(old: Values | None, new: Values, context: RuleContext) -> Problems:
    """From the day a meeting was held its agenda is a fact: neither changed, nor added to, nor moved to or from."""
    if old is not None and all(new.get(item.api_name) == old.get(item.api_name) for item in AGENDA_ITEM.fields):
        return {}
    meetings = {values["meeting"] for values in (old, new) if values is not None and values.get("meeting") is not None}
    for meeting in context.related(sorted(meetings)).values():
        if meeting["state"] in lifecycle.AFTER_HELD:
            return {"meeting": N_("The meeting has been held, so its agenda stays as it was.")}
    return {}


AGENDA_ITEM: Final = RecordType(
    key="agenda_item",
    names=Names(
        one=Label(da="punkt", en="agenda item"),
        many=Label(da="punkter", en="agenda items"),
        new=Label(da="Nyt punkt", en="New agenda item"),
        title=Label(da="Dagsordenspunkter", en="Agenda items"),
    ),
    icon="list-check",
    model=AgendaItem,
    fields=(
        Field("title", "text", Label(da="Emne", en="Subject"), TITLE, required=True),
        relation_field(
            "meeting", Label(da="Møde", en="Meeting"), "meeting", Label(da="Dagsordenspunkter", en="Agenda items"), required=True
        ),
        Field(
            "item_type",
            "choice",
            Label(da="Type", en="Type"),
            Column(("item_type",)),
            required=True,
            options=tuple(
                Option(key.value, name, colour)
                for (key, name), colour in zip(rules.ITEM_TYPES.items(), ("teal", "blue", "grey"), strict=True)
            ),
        ),
        number_field("position", Label(da="Rækkefølge", en="Order"), high=999, help=Label(da="Tomt = sidst.", en="Empty = last.")),
        number_field("minutes", Label(da="Minutter", en="Minutes"), high=1440),
        text_field("presenter", Label(da="Oplæg", en="Presented by")),
        text_field(
            "recommendation",
            Label(da="Indstilling", en="Recommendation"),
            lines=True,
            help=Label(
                da="Ét forslag pr. linje, begynd med ”at”. Ved drøftelse: det, der skal drøftes.",
                en="One proposal a line, begin with “that”. For a discussion: what is to be discussed.",
            ),
        ),
        text_field("background", Label(da="Baggrund", en="Background"), lines=True),
        text_field(
            "presentation",
            Label(da="Sagsfremstilling", en="The case"),
            lines=True,
            help=Label(da="Ved orientering: selve orienteringen.", en="For an item for information: the information itself."),
        ),
        text_field("finances", Label(da="Økonomi", en="Finances"), lines=True),
        Field(
            "blocks",
            "picks",
            Label(da="Hentes fra CRM", en="Drawn from the CRM"),
            Column(("blocks",)),
            options=tuple(Option(block.key, block.label) for block in BLOCKS.values()),
            help=Label(
                da="Tal og tabeller, der hentes igen, hver gang materialet samles. Bemærkningen til en blok bliver stående.",
                en="Figures and tables, drawn anew each time the material is assembled. The remark to a block stays.",
            ),
        ),
        text_field("secretariat_note", Label(da="Sekretariatets bemærkning", en="The secretariat's remark"), lines=True),
        yes_no_field(
            "standing",
            Label(da="Fast punkt", en="Standing item"),
            default=False,
            help=Label(da="Faste punkter kan stå uden tekst.", en="Standing items may be without text."),
        ),
        yes_no_field("closed", Label(da="Lukket punkt", en="Closed item"), default=False),
    ),
    functions=Functions(derive=_derive_item, check=_check_item),
    scopes={"board": items_of},
    list_fields=("title", "meeting", "item_type", "minutes", "presenter"),
)
