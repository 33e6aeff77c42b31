"""The kinds of field, by key."""

from __future__ import annotations

from typing import Final

from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.fields.choice import ChoiceKind
from crm.records.fields.date import DateKind, DateValue
from crm.records.fields.link import LinkKind
from crm.records.fields.number import NumberKind
from crm.records.fields.relation import RelationKind
from crm.records.fields.text import TextKind
from crm.records.fields.user import UserKind
from crm.records.fields.yes_no import YesNoKind

KINDS: Final[dict[str, FieldKind]] = {
    kind.key: kind
    for kind in (TextKind(), NumberKind(), DateKind(), ChoiceKind(), YesNoKind(), UserKind(), LinkKind(), RelationKind())
}

__all__ = ["KINDS", "DateValue", "FieldKind", "ValueProblem"]
