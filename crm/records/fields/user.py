"""A user of the system, by id."""

from __future__ import annotations

from typing import Any

from crm.kernel.i18n import N_
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.types import Field


class UserKind(FieldKind):
    """The value is `ab_user.id`; the store checks that the user exists."""

    key = "user"
    slot = "n"
    compares = "whole"
    operators = frozenset({"is", "is_not", "in", "not_in", "empty", "filled"})

    def clean(self, field: Field, raw: Any, zone: str) -> int | None:
        """Read an id."""
        return whole_id(raw, N_("Choose a user from the list."), below=2**31)

    def points_at(self, value: Any) -> tuple[int, ...]:
        """The user."""
        return () if value is None else (value,)


def whole_id(raw: Any, problem: Any, *, below: int = 2**53) -> int | None:
    """Read a positive id, or nothing.

    Args:
        raw: a whole number, or its digits.
        problem: what is said of anything else.
        below: a number that no id reaches (the column's own limit).

    Raises:
        ValueProblem: it is not an id.
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, str) and len(raw) < 40 and raw.strip().isdecimal():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw < below:
        raise ValueProblem(problem)
    return raw
