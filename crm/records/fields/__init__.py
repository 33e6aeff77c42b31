"""The kinds of field, by key."""

from __future__ import annotations

from typing import Final

from crm.records.fields.address import AddressKind, AddressValue
from crm.records.fields.auto_number import AutoNumberKind
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.fields.checklist import ChecklistKind, CheckRow
from crm.records.fields.choice import ChoiceKind
from crm.records.fields.choices import ChoicesKind
from crm.records.fields.date import DateKind, DateValue
from crm.records.fields.duration import DurationKind
from crm.records.fields.emails import EmailsKind, EmailValue
from crm.records.fields.file import FileKind, FileValue
from crm.records.fields.link import LinkKind
from crm.records.fields.money import MoneyKind, MoneyValue
from crm.records.fields.number import NumberKind
from crm.records.fields.phones import PhonesKind, PhoneValue
from crm.records.fields.picks import Pick, PicksKind
from crm.records.fields.progress import ProgressKind
from crm.records.fields.rating import RatingKind
from crm.records.fields.relation import RelationKind
from crm.records.fields.rich_text import RichTextKind
from crm.records.fields.tags import TagsKind
from crm.records.fields.text import TextKind
from crm.records.fields.user import UserKind
from crm.records.fields.users import UsersKind
from crm.records.fields.yes_no import YesNoKind

KINDS: Final[dict[str, FieldKind]] = {
    kind.key: kind
    for kind in (
        TextKind(),
        RichTextKind(),
        NumberKind(),
        MoneyKind(),
        ProgressKind(),
        DurationKind(),
        RatingKind(),
        DateKind(),
        ChoiceKind(),
        ChoicesKind(),
        PicksKind(),
        ChecklistKind(),
        TagsKind(),
        YesNoKind(),
        UserKind(),
        UsersKind(),
        LinkKind(),
        EmailsKind(),
        PhonesKind(),
        AddressKind(),
        FileKind(),
        AutoNumberKind(),
        RelationKind(),
    )
}

__all__ = [
    "KINDS",
    "AddressValue",
    "CheckRow",
    "DateValue",
    "EmailValue",
    "FieldKind",
    "FileValue",
    "MoneyValue",
    "PhoneValue",
    "Pick",
    "ValueProblem",
]
