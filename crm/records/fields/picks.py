"""Choices in an order of one's own, each with a remark: what stands first stands first, and why it is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.records.fields.base import ValueProblem, shown
from crm.records.fields.checks import MAX_OPTIONS, are_options
from crm.records.fields.choice import option_key, option_text
from crm.records.fields.several import SIGNS, SeveralKind
from crm.records.types import Field

LONGEST: Final = 2000
#: A line that belongs to the option above it: its remark.
_INDENTED: Final = re.compile(r"[ \t]+\S")


@dataclass(frozen=True, slots=True)
class Pick:
    """An option by key, and what is remarked on it (lines may be parted; "" for nothing)."""

    key: str
    remark: str = ""


class PicksKind(SeveralKind):
    """The value is a tuple of `{"key", "remark"}`, each option at most once, in the order given. An option's key alone will do.

    In a text each option stands on a line of its own, and its remark on the lines below it, which begin with spaces.
    """

    key = "picks"
    operators = frozenset({"empty", "filled"})
    settings = {"options": are_options}
    needs = "options"
    most = MAX_OPTIONS

    def clean(self, field: Field, raw: Any, zone: str) -> tuple[Any, ...] | None:
        """Read a list, or a text: an option a line, or several on one, parted by comma or semicolon."""
        if isinstance(raw, str) and len(raw) < 100_000 and "\n" not in raw and field.option(option_key(field, raw)) is None:
            raw = raw.translate(SIGNS).split(";")
        return super().clean(field, raw, zone)

    def parts(self, raw: Any) -> list[Any]:
        """Give the raw single values of a list, or of a text."""
        return list(_from_lines(raw)) if isinstance(raw, str) and len(raw) < 100_000 else super().parts(raw)

    def one(self, field: Field, raw: Any) -> Pick | None:
        """Read an option's key, or an object with a remark."""
        if isinstance(raw, Pick):
            raw = {"key": raw.key, "remark": raw.remark}
        if isinstance(raw, str):
            raw = _worded(field, raw)
        if not isinstance(raw, Mapping) or set(raw) - {"key", "remark"}:
            raise ValueProblem(N_("A row has “key” and “remark” only."))
        key, remark = raw.get("key"), raw.get("remark") or ""
        if key is None or (isinstance(key, str) and not key.strip()):
            return None
        if not isinstance(key, str) or field.option(option_key(field, key)) is None:
            raise ValueProblem(N_("“%(raw)s” is not among the options.", raw=shown(key, 60)))
        if not isinstance(remark, str):
            raise ValueProblem(N_("This must be text."))
        lines = [" ".join(line.split()) for line in clean(remark[: 4 * LONGEST], multiline=True).split("\n")]
        tidy = "\n".join(lines).strip()
        if len(tidy) > LONGEST or len(remark) > 4 * LONGEST:
            raise ValueProblem(N_("At most %(limit)s characters; this is %(length)s.", limit=LONGEST, length=len(remark)))
        return Pick(option_key(field, key), re.sub(r"\n{2,}", "\n\n", tidy))

    def key_of(self, value: Any) -> str:
        """The option's."""
        return str(value.key)

    def one_to_json(self, one: Any) -> Any:
        """An object."""
        return {"key": one.key, "remark": one.remark}

    def one_from_json(self, stored: Any) -> Any:
        """Read it; a key alone stands in old lines of the log of a field that once held one choice."""
        return Pick(stored) if isinstance(stored, str) else Pick(stored["key"], stored.get("remark", ""))

    def search_text(self, field: Field, value: Any) -> str:
        """The remarks."""
        return "\n".join(one.remark for one in value or () if one.remark)

    def from_form(self, field: Field, form: Mapping[str, str]) -> Any:
        """As many rows as there are options: `x.0.key`, `x.0.remark`, and `x.0.place`, by which they are put in order."""
        name, rows = field.api_name, []
        for row in range(len(field.options)):
            key, remark = form.get(f"{name}.{row}.key", ""), form.get(f"{name}.{row}.remark", "")
            place = form.get(f"{name}.{row}.place", "").strip()
            if key.strip():
                rows.append((int(place) if place.isascii() and place.isdecimal() else row + 1, {"key": key, "remark": remark}))
        return [raw for _place, raw in sorted(rows, key=lambda pair: pair[0])]

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """The rows: always all, so that what was typed is kept when a form is refused."""
        name, chosen, inputs = field.api_name, value or (), {}
        for row in range(len(field.options)):
            one = chosen[row] if row < len(chosen) else Pick("")
            inputs.update({f"{name}.{row}.key": one.key, f"{name}.{row}.remark": one.remark, f"{name}.{row}.place": str(row + 1)})
        return inputs

    def to_text(self, field: Field, value: Any, zone: str) -> str:
        """An option a line, its remark below it behind two spaces."""
        lines: list[str] = []
        for one in value or ():
            lines += [option_text(field, one.key), *(f"  {line}" for line in one.remark.splitlines() if line)]
        return "\n".join(lines)

    def from_text(self, field: Field, text: str, zone: str) -> Any:
        """Read it."""
        return text


def keys_of(value: Iterable[Pick] | None) -> tuple[str, ...]:
    """Give the keys of the options that were picked, in order."""
    return tuple(one.key for one in value or ())


def _worded(field: Field, text: str) -> dict[str, str]:
    """Read an option alone, or as it is shown with its remark: Certifikater: Flere end sidst."""
    key, colon, remark = text.partition(":")
    if colon and field.option(option_key(field, text)) is None and field.option(option_key(field, key)) is not None:
        return {"key": key, "remark": remark}
    return {"key": text}


def _from_lines(text: str) -> Iterable[dict[str, str]]:
    found: list[dict[str, str]] = []
    for line in text.splitlines():
        if found and _INDENTED.match(line):
            found[-1]["remark"] = f"{found[-1]['remark']}\n{line.strip()}".strip()
        elif line.strip():
            found.append({"key": line.strip(), "remark": ""})
    return found
