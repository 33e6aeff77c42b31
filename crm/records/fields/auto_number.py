"""A number that the system gives, one after the other: SAG-00042."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.records.fields.base import FieldKind, ValueProblem, shown
from crm.records.fields.checks import is_whole
from crm.records.types import Field

LARGEST: Final = 10**12
_DIGITS: Final = re.compile(r"(?P<prefix>[^\x00-\x1f]{0,20}?)0*(?P<number>\d{1,12})", re.ASCII)
_PREFIX: Final = re.compile(r"(?:[^\W_]|[ /.-]){0,19}[^\W\d_/. -]?[-/. ]?")


def is_prefix(value: Any) -> bool:
    """Say whether a text may stand before the number: short, and not ending in a digit."""
    return isinstance(value, str) and len(value) <= 20 and _PREFIX.fullmatch(value) is not None and not value[-1:].isdigit()


class AutoNumberKind(FieldKind):
    """config: `prefix` (text), `padding` (digits at least, default 1). Given when the record is made, and never changed.

    No two records of the type have the same, whoever makes them at the same time. Compared and sorted by the number.
    Columns, in order: the text, the number. A built-in field is `read_only`.
    """

    key = "auto_number"
    slot = "n"
    operators = frozenset({"is", "is_not", "in", "not_in", "lt", "le", "gt", "ge", "empty", "filled"})
    sortable = True
    settings = {"prefix": is_prefix, "padding": is_whole(1, 12)}
    compares = "number"
    keyed = True
    by_key = True

    def clean(self, field: Field, raw: Any, zone: str) -> str | None:
        """Read a number as it was given, for imports by the system: a person never types it."""
        number = number_of(raw)
        if number is None:
            return None
        return raw.strip() if isinstance(raw, str) and not raw.strip().isdigit() else number_text(field, number)

    def operand(self, field: Field, raw: Any, zone: str) -> Decimal:
        """Read a number, with its prefix or without."""
        number = number_of(raw)
        if number is None:
            raise ValueProblem(N_("“%(field)s” needs a value to compare with.", field=field.label))
        return Decimal(number)

    def to_columns(self, field: Field, value: Any, zone: str) -> tuple[Any, ...]:
        """The text and the number."""
        return (value, number_of(value))

    def search_text(self, field: Field, value: Any) -> str:
        """The number as it is written."""
        return value or ""

    def key_at(self, field: Field, columns: int) -> int:
        """The number's."""
        return columns - 1

    def keys(self, field: Field, value: Any) -> tuple[str, ...]:
        """The number."""
        return () if value is None else (str(number_of(value)),)

    def slot_value(self, field: Field, value: Any, zone: str) -> Decimal | None:
        """The number."""
        return None if value is None else Decimal(number_of(value) or 0)


def number_text(field: Field, number: int) -> str:
    """Give a number as the field writes it."""
    return f"{field.config.get('prefix', '')}{number:0{int(field.config.get('padding', 1))}}"


def number_of(raw: Any) -> int | None:
    """Give the number that stands at the end of a text.

    Raises:
        ValueProblem: there is none.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < LARGEST:
        return raw
    found = _DIGITS.fullmatch(raw.strip()) if isinstance(raw, str) and len(raw) < 60 else None
    if found is None or not int(found["number"]):
        raise ValueProblem(N_("“%(raw)s” is not a number.", raw=shown(raw)))
    return int(found["number"])
