"""Telephone numbers: each with a type, one of them the primary; Danish where no country is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata

from crm.kernel.i18n import N_, Label
from crm.kernel.text import clean
from crm.records.fields.base import ValueProblem, shown
from crm.records.fields.checks import is_flag
from crm.records.fields.emails import ROWS, typed_form, typed_parts, worded
from crm.records.fields.several import SeveralKind, Typed, rows_from_form
from crm.records.types import Field

HOME: Final = "DK"
TYPES: Final[Mapping[str, Label]] = {
    "mobile": Label(da="Mobil", en="Mobile"),
    "work": Label(da="Arbejde", en="Work"),
    "main": Label(da="Hovednummer", en="Main number"),
    "private": Label(da="Privat", en="Private"),
    "other": Label(da="Andet", en="Other"),
}

_DANISH: Final = re.compile(r"\+45\d{8}", re.ASCII)


def _home_numbers() -> re.Pattern[str]:
    """Give the numbers of the office's country that exist, by the library's own tables."""
    known: Any = PhoneMetadata.metadata_for_region(HOME)
    kinds = (known.fixed_line, known.mobile, known.toll_free, known.premium_rate)
    existing = "|".join(kind.national_number_pattern for kind in kinds if kind.national_number_pattern)
    return re.compile(rf"(?:\+45)?(?P<number>(?={known.general_desc.national_number_pattern}$)(?:{existing}))", re.ASCII)


_HOME_NUMBER: Final = _home_numbers()


@dataclass(frozen=True, slots=True)
class PhoneValue:
    """A number in international form (+4533112233, or +4533112233;ext=12), what it is for, and whether it is the primary."""

    number: str
    type: str = "mobile"
    primary: bool = False


class PhonesKind(SeveralKind):
    """config: `unique` (no two records share a number), `type` (the usual one). A list of `{"number", "type", "primary"}`.

    At most ten. Types: mobile, work, main, private, other. Checked by phonenumbers, Danish where no country is written.
    """

    key = "phones"
    operators = SeveralKind.operators | {"contains"}
    settings = {"unique": is_flag, "type": TYPES.__contains__}
    most = ROWS

    def one(self, field: Field, raw: Any) -> PhoneValue | None:
        """Read a number, or an object with its type."""
        if isinstance(raw, PhoneValue):
            raw = {"number": raw.number, "type": raw.type, "primary": raw.primary}
        text, kind, primary = typed_parts(raw, "number", TYPES)
        if text is None:
            return None
        number = _number(text)
        if number is None:
            raise ValueProblem(N_("“%(raw)s” is not a telephone number.", raw=shown(text, 60)))
        return PhoneValue(number, kind or field.config.get("type", "mobile"), primary)

    def ordered(self, field: Field, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """As typed; just one is the primary."""
        return tuple(replace(one, primary=is_it) for one, is_it in Typed.with_one_primary(values))

    def key_of(self, value: Any) -> str:
        """The number."""
        return str(value.number)[:200]

    def operand(self, field: Field, raw: Any, zone: str) -> str:
        """Read a number, or the digits of a part of one, to look for."""
        if not isinstance(raw, str) or not clean(raw[:400]):
            raise ValueProblem(N_("“%(field)s” is compared with text.", field=field.label))
        text = clean(raw[:400])
        return _number(text) or "".join(sign for sign in text if sign.isdigit() or sign == "+")[:200] or text[:200]

    def one_to_json(self, one: Any) -> Any:
        """An object."""
        return {"number": one.number, "type": one.type, "primary": one.primary}

    def one_from_json(self, stored: Any) -> Any:
        """Read it; an old line of the log may hold the text alone, from before the field held several."""
        if isinstance(stored, str):
            return PhoneValue(stored, primary=True)
        return PhoneValue(stored["number"], stored["type"], stored["primary"])

    def search_text(self, field: Field, value: Any) -> str:
        """The numbers as they are written, each on a line."""
        return "\n".join(written(one.number) for one in value or ())

    def from_form(self, field: Field, form: Mapping[str, str]) -> Any:
        """Ten rows: `x.0.value`, `x.0.type`; `x.primary` is the number of a row."""
        return rows_from_form(field, form, ROWS, "number")

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """The rows; an empty one has the usual type."""
        rows = [(written(one.number), one.type, one.primary) for one in value or ()]
        return typed_form(field, rows, field.config.get("type", "mobile"))

    def one_to_text(self, field: Field, one: Any) -> str:
        """The number, its type, and whether it is the primary: +45 33 11 22 33 (work, primary)."""
        return f"{written(one.number)} ({one.type}{', primary' if one.primary else ''})"

    def from_text(self, field: Field, text: str, zone: str) -> Any:
        """Read it; a number alone will do."""
        return [worded(part, "number") for part in text.split(";") if part.strip()]


def written(number: str) -> str:
    """Give a number as people read it: +45 33 11 22 33. The office's own country is told by sight: the library takes 70 µs."""
    if _DANISH.fullmatch(number) is not None:
        return f"{number[:3]} {number[3:5]} {number[5:7]} {number[7:9]} {number[9:]}"
    found = _parsed(number)
    return number if found is None else phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return None


def _number(text: str) -> str | None:
    """Give the international form of a number that exists; the office's country where none is written.

    A plain number of eight digits is told by sight: the library takes 150 µs.
    """
    home = _HOME_NUMBER.fullmatch(text.replace(" ", ""))
    return f"+45{home['number']}" if home is not None else by_library(text)


def by_library(text: str) -> str | None:
    """Ask the library, which knows every country."""
    found = _parsed(text)
    if found is None or not phonenumbers.is_valid_number(found):
        return None
    number = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return f"{number};ext={found.extension}" if found.extension else number
