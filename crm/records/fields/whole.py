"""What kinds that hold a whole number share: progress, rating, duration."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.fields.number import read_number
from crm.records.types import Field

#: What a plain integer column holds on PostgreSQL.
MOST: Final = 2**31 - 1


class WholeKind(FieldKind):
    """The value is an int within bounds."""

    slot = "n"
    operators = frozenset({"is", "is_not", "in", "not_in", "lt", "le", "gt", "ge", "empty", "filled"})
    sortable = True
    compares = "whole"

    def bounds(self, field: Field) -> tuple[int, int]:
        """Give the least and the greatest value."""
        return 0, MOST

    def read(self, raw: Any) -> Decimal | None:
        """Read a raw value, not yet whole nor within bounds.

        Raises:
            ValueProblem: it is not a number.
        """
        return read_number(raw)

    def clean(self, field: Field, raw: Any, zone: str) -> int | None:
        """Read a whole number within the bounds."""
        value = self._whole(raw)
        if value is None:
            return None
        low, high = self.bounds(field)
        if value < low:
            raise ValueProblem(N_("At least %(low)s.", low=low))
        if value > high:
            raise ValueProblem(N_("At most %(high)s.", high=high))
        return value

    def operand(self, field: Field, raw: Any, zone: str) -> int:
        """Read a whole number to compare with, within bounds or not."""
        value = self._whole(raw)
        if value is None:
            raise ValueProblem(N_("“%(field)s” needs a value to compare with.", field=field.label))
        return value

    def _whole(self, raw: Any) -> int | None:
        value = self.read(raw)
        if value is not None and value != value.to_integral_value():
            raise ValueProblem(N_("This must be a whole number."))
        return None if value is None else int(value)
