"""Files in a field: one or several, of the types and sizes that the field takes. The bytes lie on the record as any file's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

from crm.kernel.i18n import N_
from crm.kernel.text import clean, sort_key
from crm.records.fields.base import ValueProblem, shown
from crm.records.fields.checks import are_texts, is_whole
from crm.records.fields.several import SeveralKind
from crm.records.types import Field

MOST_FILES: Final = 50
MAX_NUMBER: Final = 2**63 - 1
LONGEST: Final = 200
#: Plan.pdf (#12): how one stands in an export.
WORDED: Final = re.compile(r"(?P<name>.*?)\s*\(?#(?P<id>\d{1,18})\)?", re.ASCII | re.DOTALL)
_TOKEN: Final = re.compile(r"\d{1,18}(/.*)?", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class FileValue:
    """A file by the number of its first version, and the name of the one in force (the store sees to that)."""

    id: int
    name: str = ""


class FileKind(SeveralKind):
    """config: `max` (how many files, default 50), `max_mb`, `types` (pdf, image, office, text, mail, media, archive, or suffixes).

    The value is a list of `{"id", "name"}`; each id is that of a file sent before (to the field, or waiting for its record).
    The store checks that the file is there for this record and gives the names. `contains` looks at the names.
    """

    key = "file"
    operators = frozenset({"contains", "empty", "filled"})
    settings = {"max": is_whole(1, MOST_FILES), "max_mb": is_whole(1, 1024), "types": are_texts}
    most = MOST_FILES

    def clean(self, field: Field, raw: Any, zone: str) -> tuple[Any, ...] | None:
        """Read the list; a number or one object alone will do."""
        if isinstance(raw, int | Mapping | FileValue):
            raw = [raw]
        found = super().clean(field, raw, zone)
        most = int(field.config.get("max", MOST_FILES))
        if found is not None and len(found) > most:
            raise ValueProblem(N_("At most %(most)s files.", most=most))
        return found

    def parts(self, raw: Any) -> list[Any]:
        """Give the raw single values; a form's input has them parted by comma, their names quoted."""
        if isinstance(raw, str):
            return [part for part in raw[:100_000].split(",") if part.strip()]
        return super().parts(raw)

    def one(self, field: Field, raw: Any) -> Any:
        """Read a number, `12/Plan.pdf`, or an object with `id` and `name`."""
        if raw is None or isinstance(raw, FileValue):
            return raw
        found = _facts(raw)
        if found is None:
            raise ValueProblem(N_("“%(raw)s” is no file that was sent.", raw=shown(raw, 60)))
        number, name = found.get("id"), found.get("name")
        if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= MAX_NUMBER:
            raise ValueProblem(N_("“%(raw)s” is no file that was sent.", raw=shown(number, 60)))
        return FileValue(number, clean(name[: 4 * LONGEST])[:LONGEST] if isinstance(name, str) else "")

    def key_of(self, value: Any) -> str:
        """Its number: no file twice."""
        return str(value.id)

    def keys(self, field: Field, value: Any) -> tuple[str, ...]:
        """The sort keys of the names: by these it is found."""
        return tuple(sort_key(one.name) or str(one.id) for one in value or ())

    def operand(self, field: Field, raw: Any, zone: str) -> str:
        """Read a part of a name to look for."""
        if not isinstance(raw, str) or not sort_key(clean(raw[:400])):
            raise ValueProblem(N_("“%(field)s” is compared with text.", field=field.label))
        return sort_key(clean(raw[:400]))

    def points_at(self, value: Any) -> tuple[int, ...]:
        """The files, by number."""
        return tuple(one.id for one in value or ())

    def search_text(self, field: Field, value: Any) -> str:
        """Nothing: files are found by their own names."""
        return ""

    def one_to_json(self, one: Any) -> Any:
        """An object."""
        return {"id": one.id, "name": one.name}

    def one_from_json(self, stored: Any) -> Any:
        """Read it."""
        return FileValue(stored["id"], stored["name"])

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """One input: `12/Plan.pdf,13/Budget.xlsx`, the names quoted."""
        return {field.api_name: ",".join(f"{one.id}/{quote(one.name, safe='')}" for one in value or ())}

    def one_to_text(self, field: Field, one: Any) -> str:
        """The name and the number: Plan.pdf (#12)."""
        return f"{one.name} (#{one.id})".strip()

    def from_text(self, field: Field, text: str, zone: str) -> Any:
        """Read it; a name alone says no file."""
        return [_worded(part) for part in text.split(";") if part.strip()]


def _facts(raw: Any) -> Mapping[str, Any] | None:
    """Give number and name of a raw value; None for what has another shape."""
    if isinstance(raw, str):
        number, _slash, name = raw.strip().partition("/")
        return {"id": int(number), "name": unquote(name)} if _TOKEN.fullmatch(raw.strip()) else None
    if isinstance(raw, int):
        return {"id": raw}
    return raw if isinstance(raw, Mapping) and not set(raw) - {"id", "name"} else None


def _worded(part: str) -> Any:
    found = WORDED.fullmatch(part.strip()) if len(part) < 3 * LONGEST else None
    return part.strip() if found is None else {"id": int(found["id"]), "name": found["name"]}
