"""A relation to other records: one, in a column of the type's own; or many, as links with role and dates."""

from __future__ import annotations

from typing import Any

from crm.kernel.i18n import N_
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.fields.checks import are_texts, is_flag
from crm.records.fields.user import whole_id
from crm.records.types import Field, Links


class RelationKind(FieldKind):
    """config: `roles` (suggested roles of a link). A single-valued one is the other record's id; the store checks its type.

    Links are written by `store.link`, not as a value: each carries its own role, dates and note.
    """

    key = "relation"
    slot = "n"
    settings = {"targets": are_texts, "many": is_flag, "roles": are_texts}
    needs = "targets"
    compares = "whole"
    operators = frozenset({"is", "is_not", "in", "not_in", "empty", "filled"})

    def clean(self, field: Field, raw: Any, zone: str) -> int | None:
        """Read an id."""
        if isinstance(field.place, Links):
            raise ValueProblem(N_("Add and remove links one by one."))
        return whole_id(raw, N_("Choose from the list."))

    def points_at(self, value: Any) -> tuple[int, ...]:
        """The record."""
        return () if value is None else (value,)

    def operand(self, field: Field, raw: Any, zone: str) -> Any:
        """Read the id of the record to compare with."""
        value = whole_id(raw, N_("Choose from the list."))
        if value is None:
            raise ValueProblem(N_("“%(field)s” needs a value to compare with.", field=field.label))
        return value
