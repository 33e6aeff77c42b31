"""Numbers: exact decimals with at most four places, and a unit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.kernel.typed import UnreadableError, parse_number
from crm.records.fields.base import FieldKind, ValueProblem, shown
from crm.records.fields.checks import is_flag, is_number, is_short, is_whole
from crm.records.types import Field

LIMIT: Final = Decimal(10) ** 14
#: What a plain integer column holds on PostgreSQL.
INTEGER_LIMIT: Final = Decimal(2) ** 31


class NumberKind(FieldKind):
    """config: `decimals` (0–4, default 0), `unit` (text), `min`, `max`, `integer_column` (the column is a plain integer)."""

    key = "number"
    slot = "n"
    operators = frozenset({"is", "is_not", "in", "not_in", "lt", "le", "gt", "ge", "empty", "filled"})
    sortable = True
    settings = {"decimals": is_whole(0, 4), "unit": is_short(20), "min": is_number, "max": is_number, "unique": is_flag}
    compares = "number"
    keyed = True

    def clean(self, field: Field, raw: Any, zone: str) -> Decimal | None:
        """Read a number; Danish (`1.234,5`) and plain (`1234.5`) forms."""
        value = self._read(field, raw)
        if value is None:
            return None
        if field.config.get("integer_column") and not -INTEGER_LIMIT <= value < INTEGER_LIMIT:
            raise ValueProblem(N_("The number is too large."))
        low, high = field.config.get("min"), field.config.get("max")
        if low is not None and value < Decimal(str(low)):
            raise ValueProblem(N_("At least %(low)s.", low=low))
        if high is not None and value > Decimal(str(high)):
            raise ValueProblem(N_("At most %(high)s.", high=high))
        return value

    def operand(self, field: Field, raw: Any, zone: str) -> Decimal:
        """Read a number to compare with: it need not lie within the field's own bounds."""
        value = self._read(field, raw)
        if value is None:
            raise ValueProblem(N_("“%(field)s” needs a value to compare with.", field=field.label))
        return value

    @staticmethod
    def _read(field: Field, raw: Any) -> Decimal | None:
        value = read_number(raw)
        if value is None:
            return None
        places = int(field.config.get("decimals", 0))
        if abs(value) >= LIMIT:
            raise ValueProblem(N_("The number is too large."))
        if value != round(value, places):
            raise ValueProblem(N_("At most %(places)s decimals.", places=places) if places else N_("This must be a whole number."))
        return plain(value)

    def from_form(self, field: Field, form: Mapping[str, str]) -> Any:
        """Read what people type in Denmark: `1.234` is a thousand and more; else as it stands, for `clean` to judge."""
        text = form.get(field.api_name)
        if not text:
            return text
        try:
            return parse_number(text)
        except UnreadableError:
            return text

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """Danish decimal comma: what people type."""
        return {field.api_name: "" if value is None else format(value, "f").replace(".", ",")}

    def to_json(self, field: Field, value: Any) -> str | None:
        """A decimal string: exact."""
        return None if value is None else format(Decimal(value), "f")

    def from_json(self, field: Field, stored: Any) -> Decimal | None:
        """Read the decimal string."""
        return None if stored is None else Decimal(stored)

    def to_columns(self, field: Field, value: Any, zone: str) -> tuple[Any, ...]:
        """A plain integer where the column is one."""
        return (int(value) if value is not None and field.config.get("integer_column") else value,)

    def from_columns(self, field: Field, columns: tuple[Any, ...], zone: str) -> Decimal | None:
        """Always a Decimal, so that rules meet one type."""
        return None if columns[0] is None else plain(Decimal(columns[0]))


def plain(value: Decimal) -> Decimal:
    """Give a number without trailing noughts, exponent or negative nought: equal numbers look alike."""
    return value.normalize() + 0


def read_number(raw: Any) -> Decimal | None:
    """Read a number of any size and any decimals; nothing is None.

    Raises:
        ValueProblem: it is not a number.
    """
    return None if raw is None or (isinstance(raw, str) and not raw.strip()) else _decimal(raw)


def _decimal(raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise ValueProblem(N_("This must be a number."))
    if isinstance(raw, int) and abs(raw) >= LIMIT:
        raise ValueProblem(N_("The number is too large."))
    text = str(raw).strip().replace("\u00a0", "").replace(" ", "").replace("−", "-")
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueProblem(N_("“%(raw)s” is not a number.", raw=shown(raw))) from None
    if not value.is_finite() or len(text) > 40:
        raise ValueProblem(N_("“%(raw)s” is not a number.", raw=shown(raw)))
    return value
