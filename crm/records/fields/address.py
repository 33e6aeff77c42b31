"""A postal address in one field, with the municipality's code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, fields
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.kernel.text import clean, sort_key
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.types import Field

HOME: Final = "DK"
#: The most signs of each part.
LIMITS: Final = {"street": 200, "postcode": 20, "city": 100, "municipality": 4, "country": 2}
_FOUR: Final = re.compile(r"\d{4}", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_WRITTEN: Final = re.compile(r"(?P<street>.*?),?\s*\b(?P<postcode>\d{4})\s+(?P<city>[^,]+)", re.ASCII)
#: Parts the five in an export.
BAR: Final = "|"


@dataclass(frozen=True, slots=True)
class AddressValue:
    """Street (with number, floor and place name), postcode as text, city, municipality code, country (ISO, two letters)."""

    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    municipality: str | None = None
    country: str = HOME

    def line(self) -> str:
        """Give it on one line: Havnegade 1, 5000 Odense C; the country where it is not the office's."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return ", ".join(part for part in (self.street, town, None if self.country == HOME else self.country) if part)


NAMES: Final = tuple(part.name for part in fields(AddressValue))


class AddressKind(FieldKind):
    """`{"street", "postcode", "city", "municipality", "country"}`; sorted and searched by the line that people read.

    Columns, in order: the five parts, and the key of the line.
    """

    key = "address"
    slot = "t"
    operators = frozenset({"contains", "starts", "empty", "filled"})
    sortable = True
    compares = "key"
    keyed = True
    by_key = True

    def clean(self, field: Field, raw: Any, zone: str) -> AddressValue | None:
        """Tidy and measure each part; a Danish postcode has four digits, a municipality's code too."""
        parts = {name: _tidy(name, text) for name, text in _parts(raw).items()}
        country = (parts.pop("country", None) or HOME).upper()
        if not any(parts.values()):
            return None
        if not _COUNTRY.fullmatch(country):
            raise ValueProblem(N_("A country is written with two letters, for example DK."))
        if country == HOME and parts.get("postcode") and not _FOUR.fullmatch(parts["postcode"] or ""):
            raise ValueProblem(N_("A Danish postcode has four digits."))
        if parts.get("municipality") and not _FOUR.fullmatch(parts["municipality"] or ""):
            raise ValueProblem(N_("A municipality's code has four digits, for example 0461."))
        return AddressValue(**parts, country=country)

    def operand(self, field: Field, raw: Any, zone: str) -> str:
        """Read words to look for."""
        if not isinstance(raw, str):
            raise ValueProblem(N_("“%(field)s” is compared with text.", field=field.label))
        return sort_key(clean(raw[:400])[:200])

    def search_text(self, field: Field, value: Any) -> str:
        """Its one line."""
        return "" if value is None else value.line()

    def from_form(self, field: Field, form: Mapping[str, str]) -> Any:
        """Inputs: `x.street`, `x.postcode`, `x.city`, `x.municipality`, `x.country`."""
        return {name: form.get(f"{field.api_name}.{name}") for name in NAMES}

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """The five inputs."""
        return {f"{field.api_name}.{name}": getattr(value or AddressValue(), name) or "" for name in NAMES}

    def to_json(self, field: Field, value: Any) -> dict[str, str | None] | None:
        """An object with the five parts."""
        return None if value is None else asdict(value)

    def from_json(self, field: Field, stored: Any) -> AddressValue | None:
        """Read it."""
        return None if stored is None else AddressValue(**stored)

    def to_columns(self, field: Field, value: Any, zone: str) -> tuple[Any, ...]:
        """The parts and the key."""
        return (None,) * 6 if value is None else (*astuple(value), self.slot_value(field, value, zone))

    def from_columns(self, field: Field, columns: tuple[Any, ...], zone: str) -> AddressValue | None:
        """Read them."""
        return None if columns[4] is None else AddressValue(*columns[:5])

    def key_at(self, field: Field, columns: int) -> int:
        """The key's."""
        return columns - 1

    def slot_value(self, field: Field, value: Any, zone: str) -> str | None:
        """The sort key of the line."""
        return None if value is None else sort_key(value.line()) or sort_key(value.municipality or HOME)

    def to_text(self, field: Field, value: Any, zone: str) -> str:
        """The five parts, parted by bars: Havnegade 1 | 5000 | Odense C | 0461 | DK."""
        return "" if value is None else f" {BAR} ".join(part or "" for part in astuple(value))

    def from_text(self, field: Field, text: str, zone: str) -> Any:
        """Read it; without bars it is read as people write it: Havnegade 1, 5000 Odense C."""
        if BAR in text:
            return dict(zip(NAMES, (part.strip() for part in text.split(BAR)), strict=False))
        found = _WRITTEN.fullmatch(text.strip()) if len(text) < 400 else None
        return found.groupdict() if found is not None else {"street": text}


def _parts(raw: Any) -> dict[str, Any]:
    if raw is None or raw == "":
        return {}
    if isinstance(raw, AddressValue):
        return asdict(raw)
    if isinstance(raw, str):
        return {"street": raw}
    if not isinstance(raw, Mapping) or set(raw) - set(NAMES):
        raise ValueProblem(N_("An address has “street”, “postcode”, “city”, “municipality” and “country” only."))
    return dict(raw)


def _tidy(name: str, text: Any) -> str | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueProblem(N_("This must be text."))
    limit = LIMITS[name]
    if len(text) > 4 * limit + 100:
        raise ValueProblem(N_("At most %(limit)s characters; this is %(length)s.", limit=limit, length=len(text)))
    found = " ".join(clean(text).replace(BAR, "/").split())
    if len(found) > limit:
        raise ValueProblem(N_("At most %(limit)s characters; this is %(length)s.", limit=limit, length=len(found)))
    return found or None
