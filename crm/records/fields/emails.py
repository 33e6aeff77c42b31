"""E-mail addresses: each with a type, one of them the primary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from crm.kernel.i18n import N_, Label
from crm.kernel.text import clean
from crm.records.fields.base import ValueProblem, shown
from crm.records.fields.checks import is_flag
from crm.records.fields.several import SeveralKind, Typed, rows_from_form
from crm.records.types import Field

ROWS: Final = 10
LONGEST: Final = 200
TYPES: Final[Mapping[str, Label]] = {
    "work": Label(da="Arbejde", en="Work"),
    "private": Label(da="Privat", en="Private"),
    "invoice": Label(da="Faktura", en="Invoices"),
    "other": Label(da="Andet", en="Other"),
}
#: a@b.dk (work, primary): how one stands in an export.
WORDED: Final = re.compile(r"(?P<value>[^()]*?)\s*(?:\((?P<type>[a-z]*)(?P<primary>, primary)?\))?", re.ASCII)
#: What any address of small letters looks like that is kept as it stands; the library is asked about all others. Shorter than
#: any of its limits, without the signs that a domain may hold only in some places.
PLAIN: Final = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?P<top>[a-z]{2,})")
PLAIN_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class EmailValue:
    """An address, what it is for, and whether it is the one to write to."""

    address: str
    type: str = "work"
    primary: bool = False


class EmailsKind(SeveralKind):
    """config: `unique` (no two records share an address), `type` (the usual one). A list of `{"address", "type", "primary"}`.

    At most ten. Types: work, private, invoice, other. Checked by email-validator, without asking the network.
    """

    key = "emails"
    operators = SeveralKind.operators | {"contains"}
    settings = {"unique": is_flag, "type": TYPES.__contains__}
    most = ROWS

    def one(self, field: Field, raw: Any) -> EmailValue | None:
        """Read an address, or an object with its type."""
        if isinstance(raw, EmailValue):
            raw = {"address": raw.address, "type": raw.type, "primary": raw.primary}
        address, kind, primary = typed_parts(raw, "address", TYPES)
        if address is None:
            return None
        found = tidied(address)
        if found is None or len(found) > LONGEST:
            raise ValueProblem(N_("“%(raw)s” is not an e-mail address.", raw=shown(address, 60)))
        return EmailValue(found, kind or field.config.get("type", "work"), primary)

    def ordered(self, field: Field, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """As typed; just one is the primary."""
        return tuple(replace(one, primary=is_it) for one, is_it in Typed.with_one_primary(values))

    def key_of(self, value: Any) -> str:
        """The address in small letters."""
        return str(value.address).casefold()[:LONGEST]

    def operand(self, field: Field, raw: Any, zone: str) -> str:
        """Read an address, or a part of one, to look for."""
        if not isinstance(raw, str) or not clean(raw[:400]):
            raise ValueProblem(N_("“%(field)s” is compared with text.", field=field.label))
        return clean(raw[:400]).casefold()[:LONGEST]

    def one_to_json(self, one: Any) -> Any:
        """An object."""
        return {"address": one.address, "type": one.type, "primary": one.primary}

    def one_from_json(self, stored: Any) -> Any:
        """Read it; an old line of the log may hold the text alone, from before the field held several."""
        if isinstance(stored, str):
            return EmailValue(stored, primary=True)
        return EmailValue(stored["address"], stored["type"], stored["primary"])

    def search_text(self, field: Field, value: Any) -> str:
        """The addresses, each on a line."""
        return "\n".join(one.address for one in value or ())

    def from_form(self, field: Field, form: Mapping[str, str]) -> Any:
        """Ten rows: `x.0.value`, `x.0.type`; `x.primary` is the number of a row."""
        return rows_from_form(field, form, ROWS, "address")

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """The rows; an empty one has the usual type."""
        return typed_form(field, [(one.address, one.type, one.primary) for one in value or ()], field.config.get("type", "work"))

    def one_to_text(self, field: Field, one: Any) -> str:
        """The address, its type, and whether it is the primary: a@b.dk (work, primary)."""
        return f"{one.address} ({one.type}{', primary' if one.primary else ''})"

    def from_text(self, field: Field, text: str, zone: str) -> Any:
        """Read it; an address alone will do."""
        return [worded(part, "address") for part in text.split(";") if part.strip()]


def tidied(address: str) -> str | None:
    """Give an address as it is kept, or None when it is none. Most are told by sight: the library takes 130 µs."""
    found = PLAIN.fullmatch(address) if len(address) <= PLAIN_LENGTH else None
    if found is not None and "--" not in address and found["top"] not in SPECIAL_USE_DOMAIN_NAMES:
        return address
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def primary_address(values: tuple[EmailValue, ...] | None) -> str | None:
    """Give the address to write to; None when there is none."""
    return next((one.address for one in values or () if one.primary), None)


def typed_parts(raw: Any, name: str, types: Mapping[str, Label]) -> tuple[str | None, str | None, bool]:
    """Give text, type and primary of one raw value of a typed list.

    Raises:
        ValueProblem: it has another shape, or an unknown type.
    """
    if not isinstance(raw, Mapping):
        raw = {name: raw}
    if set(raw) - {name, "type", "primary"}:
        raise ValueProblem(N_("“%(name)s”, “type” and “primary” only.", name=name))
    text, kind, primary = raw.get(name), raw.get("type"), raw.get("primary")
    if text is None:
        return None, None, False
    if not isinstance(text, str) or len(text) > 4 * LONGEST:
        raise ValueProblem(N_("This must be text."))
    if kind is not None and (not isinstance(kind, str) or kind not in types):
        raise ValueProblem(N_("“%(raw)s” is not among the options.", raw=shown(kind, 60)))
    return clean(text) or None, kind, primary is True


def typed_form(field: Field, rows: list[tuple[str, str, bool]], usual: str) -> dict[str, str]:
    """Give the inputs of a typed list: always all rows, so that what was typed is kept when a form is refused."""
    name = field.api_name
    inputs = {}
    for row in range(ROWS):
        text, kind, _primary = rows[row] if row < len(rows) else ("", usual, False)
        inputs.update({f"{name}.{row}.value": text, f"{name}.{row}.type": kind})
    inputs[f"{name}.primary"] = next((str(row) for row, (_text, _kind, primary) in enumerate(rows) if primary), "0")
    return inputs


def worded(part: str, name: str) -> dict[str, Any]:
    """Read one of a typed list as an export writes it."""
    found = WORDED.fullmatch(part.strip()) if len(part) < 2 * LONGEST else None
    if found is None:
        return {name: part.strip()}
    return {name: found["value"], "type": found["type"] or None, "primary": found["primary"] is not None}
