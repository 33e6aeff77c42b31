"""A single choice among options; a retired option stays on old records but cannot be chosen anew."""

from __future__ import annotations

from typing import Any

from crm.kernel.i18n import N_
from crm.records.fields.base import FieldKind, ValueProblem, shown
from crm.records.types import Field


class ChoiceKind(FieldKind):
    """The value is an option's key."""

    key = "choice"
    slot = "t"
    operators = frozenset({"is", "is_not", "in", "not_in", "empty", "filled"})
    sortable = True

    def clean(self, field: Field, raw: Any, zone: str) -> str | None:
        """Accept an option's key; the store refuses a retired one where it was not before."""
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str) or field.option(raw) is None:
            raise ValueProblem(N_("“%(raw)s” is not among the options.", raw=shown(raw, 60)))
        return raw
