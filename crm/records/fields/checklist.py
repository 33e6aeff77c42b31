"""A checklist: ordered rows of text, each of them ticked off or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.records.fields.base import FieldKind, ValueProblem
from crm.records.types import Field

MOST: Final = 100
LONGEST: Final = 200
#: How a row stands in a form and an export: `[x] text` or `[ ] text`; what has no box is not done.
_LINE: Final = re.compile(r"\s*(?:[-*]\s*)?\[(?P<box>[ xX✓]?)\]\s?(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One row: what is to be done, and whether it is."""

    text: str
    done: bool = False

    def line(self) -> str:
        """Give it as a line: [x] Interview."""
        return f"[{'x' if self.done else ' '}] {self.text}"


class ChecklistKind(FieldKind):
    """A list of `{"text", "done"}` in its order, at most 100; the same text may come twice. Sorted by the rows not yet done.

    A text is read line by line, `[x] text` for a row that is done. Columns, in order: the rows, and the number not yet done.
    """

    key = "checklist"
    slot = "n"
    operators = frozenset({"all_done", "has_open", "empty", "filled"})
    sortable = True
    compares = "whole"
    keyed = True
    by_key = True

    def clean(self, field: Field, raw: Any, zone: str) -> tuple[CheckRow, ...] | None:
        """Tidy and measure each row; blank ones go."""
        rows = [row for row in map(_row, _parts(raw)) if row is not None]
        if len(rows) > MOST:
            raise ValueProblem(N_("At most %(most)s rows.", most=MOST))
        return tuple(rows) or None

    def operand(self, field: Field, raw: Any, zone: str) -> Any:
        """There is nothing to compare with: whether all is done, or some is open, says it all."""
        raise ValueProblem(N_("“%(field)s” is compared with nothing.", field=field.label))

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """One text, a row a line."""
        return {field.api_name: self.to_text(field, value, zone)}

    def to_json(self, field: Field, value: Any) -> Any:
        """A list of objects."""
        return None if value is None else [{"text": row.text, "done": row.done} for row in value]

    def from_json(self, field: Field, stored: Any) -> tuple[CheckRow, ...] | None:
        """Read it."""
        return None if not stored else tuple(CheckRow(row["text"], row["done"]) for row in stored)

    def to_columns(self, field: Field, value: Any, zone: str) -> tuple[Any, ...]:
        """The rows, and how many are open."""
        return self.to_json(field, value), self.slot_value(field, value, zone)

    def from_columns(self, field: Field, columns: tuple[Any, ...], zone: str) -> tuple[CheckRow, ...] | None:
        """Read the rows."""
        return self.from_json(field, columns[0])

    def key_at(self, field: Field, columns: int) -> int:
        """The number's."""
        return columns - 1

    def slot_value(self, field: Field, value: Any, zone: str) -> int | None:
        """How many rows are not done; nothing for an empty list."""
        return None if value is None else open_rows(value)

    def taken_back(self, before: Any, after: Any, current: Any) -> tuple[CheckRow, ...] | None:
        """Take ticks back one by one: the rows that others have ticked off, added or moved since stay as they are."""
        old, new = before or (), after or ()
        if not old or [row.text for row in old] != [row.text for row in new]:
            return None
        rows = list(current or ())
        for was, became in zip(old, new, strict=True):
            if was == became:
                continue
            places = [place for place, row in enumerate(rows) if row.text == was.text]
            if len(places) != 1:
                return None
            rows[places[0]] = was
        return tuple(rows)

    def search_text(self, field: Field, value: Any) -> str:
        """The texts, each on a line."""
        return "\n".join(row.text for row in value or ())

    def to_text(self, field: Field, value: Any, zone: str) -> str:
        """A row a line: [x] Aftale, [ ] Interview."""
        return "\n".join(row.line() for row in value or ())


def open_rows(value: Iterable[CheckRow] | None) -> int:
    """Count the rows that are not done."""
    return sum(not row.done for row in value or ())


def _parts(raw: Any) -> list[Any]:
    if raw is None:
        return []
    if isinstance(raw, str):
        if len(raw) > 4 * MOST * LONGEST:
            raise ValueProblem(N_("At most %(most)s rows.", most=MOST))
        return raw.splitlines()
    if not isinstance(raw, list | tuple):
        raise ValueProblem(N_("This must be a list."))
    if len(raw) > 4 * MOST:
        raise ValueProblem(N_("At most %(most)s rows.", most=MOST))
    return list(raw)


def _row(raw: Any) -> CheckRow | None:
    if isinstance(raw, CheckRow):
        raw = {"text": raw.text, "done": raw.done}
    if isinstance(raw, str):
        found = _LINE.fullmatch(raw)
        raw = {"text": raw} if found is None else {"text": found["text"], "done": bool(found["box"].strip())}
    if not isinstance(raw, Mapping) or set(raw) - {"text", "done"}:
        raise ValueProblem(N_("A row has “text” and “done” only."))
    text, done = raw.get("text"), raw.get("done", False)
    if text is None:
        return None
    if not isinstance(text, str) or not isinstance(done, bool):
        raise ValueProblem(N_("A row has a text, and is done or not."))
    if len(text) > 4 * LONGEST:
        raise ValueProblem(N_("At most %(limit)s characters; this is %(length)s.", limit=LONGEST, length=len(text)))
    tidy = " ".join(clean(text).split())
    if len(tidy) > LONGEST:
        raise ValueProblem(N_("At most %(limit)s characters; this is %(length)s.", limit=LONGEST, length=len(tidy)))
    return CheckRow(tidy, done) if tidy else None
