"""A follow-up: a task from a meeting."""

from __future__ import annotations

from typing import Final

from crm.boards import lifecycle
from crm.boards.models import FollowUp
from crm.boards.types.common import SECTION, TITLE, relation_field, text_field
from crm.boards.types.scopes import own_follow_ups
from crm.kernel.i18n import N_, Label
from crm.records.types import Field, Functions, Names, Problems, RecordType, RuleContext, Spine, Values


def _check_follow_up(_old: Values | None, new: Values, context: RuleContext) -> Problems:
    item_id, meeting_id = new.get("agenda_item"), new.get("meeting")
    item = context.related([item_id]).get(item_id) if item_id else None
    if item is not None and meeting_id is not None and item["meeting"] != meeting_id:
        return {"agenda_item": N_("The item belongs to another meeting.")}
    return {}


FOLLOW_UP: Final = RecordType(
    key="follow_up",
    names=Names(
        one=Label(da="opfølgningspunkt", en="follow-up"),
        many=Label(da="opfølgningspunkter", en="follow-ups"),
        new=Label(da="Nyt opfølgningspunkt", en="New follow-up"),
        title=Label(da="Opfølgningspunkter", en="Follow-ups"),
    ),
    icon="checkbox",
    model=FollowUp,
    lifecycle=lifecycle.FOLLOW_UP,
    fields=(
        Field("title", "text", Label(da="Opfølgningspunkt", en="Follow-up"), TITLE, required=True),
        relation_field(
            "meeting",
            Label(da="Fra møde", en="From meeting"),
            "meeting",
            Label(da="Opfølgningspunkter", en="Follow-ups"),
            required=True,
        ),
        relation_field(
            "agenda_item", Label(da="Fra punkt", en="From item"), "agenda_item", Label(da="Opfølgningspunkter", en="Follow-ups")
        ),
        relation_field(
            "responsible", Label(da="Ansvarlig", en="Responsible"), "person", Label(da="Opfølgningspunkter", en="Follow-ups")
        ),
        Field("due", "date", Label(da="Frist", en="Due"), Spine(("due_at",))),
        text_field("note", Label(da="Note", en="Note"), lines=True),
    ),
    functions=Functions(check=_check_follow_up),
    scopes={"own": own_follow_ups},
    list_fields=("title", "meeting", "responsible", "due", "state"),
    list_sort=("due", False),
    section=SECTION,
)
