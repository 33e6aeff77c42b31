"""What kinds that hold several values share: a tuple, whose keys stand in `record_value`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.types import Field

MOST: Final = 100
#: Parts the values in one text: never part of a value.
SIGNS: Final = str.maketrans({"\n": ";", ",": ";"})


class SeveralKind(FieldKind):
    """The value is a tuple without doubles, never an empty one."""

    operators = frozenset({"has", "has_any", "has_all", "has_none", "empty", "filled"})
    several = True
    #: How many values at most.
    most: int = MOST

    def clean(self, field: Field, raw: Any, zone: str) -> tuple[Any, ...] | None:
        """Read a list, or one text with the values parted by comma, semicolon or line."""
        parts = self.parts(raw)
        if len(parts) > 20 * self.most:
            raise ValueProblem(N_("At most %(most)s values.", most=self.most))
        found: dict[str, Any] = {}
        for part in parts:
            value = self.one(field, part)
            if value is not None:
                found.setdefault(self.key_of(value), value)
        if len(found) > self.most:
            raise ValueProblem(N_("At most %(most)s values.", most=self.most))
        return self.ordered(field, tuple(found.values())) or None

    def parts(self, raw: Any) -> list[Any]:
        """Give the raw single values.

        Raises:
            ValueProblem: it is neither a list nor a text.
        """
        if raw is None:
            return []
        if isinstance(raw, str):
            return raw.translate(SIGNS).split(";") if len(raw) < 100_000 else [raw]
        if not isinstance(raw, list | tuple):
            raise ValueProblem(N_("This must be a list."))
        return list(raw)

    @abstractmethod
    def one(self, field: Field, raw: Any) -> Any:
        """Read a single value; None for a blank one.

        Raises:
            ValueProblem: it is not one of this kind.
        """

    def key_of(self, value: Any) -> str:
        """Give a single value's key, at most 200 signs."""
        return str(value)

    def ordered(self, field: Field, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Put the values into the order in which they are kept."""
        return values

    def keys(self, field: Field, value: Any) -> tuple[str, ...]:
        """Give the keys of all values."""
        return tuple(self.key_of(one) for one in value or ())

    def operand(self, field: Field, raw: Any, zone: str) -> str:
        """Read one value to look for; gives its key."""
        value = self.one(field, raw)
        if value is None:
            raise ValueProblem(N_("“%(field)s” needs a value to compare with.", field=field.label))
        return self.key_of(value)

    def to_json(self, field: Field, value: Any) -> Any:
        """A list."""
        return None if value is None else [self.one_to_json(one) for one in value]

    def from_json(self, field: Field, stored: Any) -> Any:
        """Read the list; one value alone stands in old lines of the log of a field that did not always hold several."""
        if not stored:
            return None
        return tuple([self.one_from_json(one) for one in (stored if isinstance(stored, list | tuple) else [stored])])

    def one_to_json(self, one: Any) -> Any:
        """Give the JSON form of a single value."""
        return one

    def one_from_json(self, stored: Any) -> Any:
        """Read it."""
        return stored

    def to_columns(self, field: Field, value: Any, zone: str) -> tuple[Any, ...]:
        """One column of JSON."""
        return (self.to_json(field, value),)

    def from_columns(self, field: Field, columns: tuple[Any, ...], zone: str) -> Any:
        """Read it."""
        return self.from_json(field, columns[0])

    def slot_value(self, field: Field, value: Any, zone: str) -> Any:
        """There is no slot."""
        return None

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """One input; boxes of the same name are joined by comma."""
        return {field.api_name: ",".join(str(one) for one in value or ())}

    def to_text(self, field: Field, value: Any, zone: str) -> str:
        """All values, parted by semicolon."""
        return "; ".join(self.one_to_text(field, one) for one in value or ())

    def one_to_text(self, field: Field, one: Any) -> str:
        """Give a single value as text."""
        return str(one)

    def from_text(self, field: Field, text: str, zone: str) -> Any:
        """Give the raw values."""
        return [part.strip() for part in text.split(";")]


class Typed:
    """What typed lists share: each value has a type, and one of them is the primary."""

    @staticmethod
    def with_one_primary(values: Iterable[Any]) -> list[tuple[Any, bool]]:
        """Say of each value whether it is the primary one: the first that says so, else the first."""
        listed = list(values)
        first = next((index for index, one in enumerate(listed) if one.primary), 0)
        return [(one, index == first) for index, one in enumerate(listed)]


def rows_from_form(field: Field, form: Mapping[str, str], rows: int, name: str) -> list[dict[str, Any]]:
    """Read the rows of a typed list: inputs `x.0.value`, `x.0.type` …, and `x.primary`, the number of the primary row."""
    own = field.api_name
    primary = form.get(f"{own}.primary", "")
    found = []
    for row in range(rows):
        text = form.get(f"{own}.{row}.value", "").strip()
        if text:
            found.append({name: text, "type": form.get(f"{own}.{row}.type") or None, "primary": primary == str(row)})
    return found
