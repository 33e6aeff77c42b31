"""Pure decisions about cases: what a kind begins with, when a case may be closed, and on which day it was."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from crm.kernel.errors import ConfigError
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.settings import ROOT
from crm.records.fields import CheckRow

OPEN: Final = "open"
ACTIVE: Final = "active"
WAITING: Final = "waiting"
CLOSED: Final = "closed"
DROPPED: Final = "dropped"
#: A case in one of these is being worked on.
RUNNING: Final = (OPEN, ACTIVE, WAITING)
ENDED: Final = (CLOSED, DROPPED)

KINDS_FILE: Final = ROOT / "seeds" / "base" / "case_kinds.csv"
#: What the fixed names of the kinds are; the file gives their words, colours and rows.
KIND_KEYS: Final = ("certification", "startup", "merger", "funding", "international", "collaboration", "other")
#: So many names stand in the reason why a case is not closed.
NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class CaseKind:
    """What a case is about, and the rows that one begins with."""

    key: str
    label: Label
    colour: str
    rows: tuple[str, ...]


@cache
def case_kinds() -> tuple[CaseKind, ...]:
    """Read the kinds.

    Raises:
        ConfigError: the file has other keys than cases are kept under.
    """
    with KINDS_FILE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(line for line in file if not line.startswith("#")))
    found = tuple(_kind(line) for line in lines)
    if tuple(kind.key for kind in found) != KIND_KEYS:
        raise ConfigError(f"{KINDS_FILE}: the keys must be {', '.join(KIND_KEYS)}, in this order")
    return found


def _kind(line: Mapping[str, str]) -> CaseKind:
    rows = tuple(text.strip() for text in (line["rows"] or "").split("|") if text.strip())
    return CaseKind(line["key"], Label(da=line["da"], en=line["en"]), line["colour"], rows)


def first_rows(kind: str | None) -> tuple[CheckRow, ...] | None:
    """Give the rows that a case of a kind begins with; None when there are none."""
    rows = next((found.rows for found in case_kinds() if found.key == kind), ())
    return tuple(CheckRow(text) for text in rows) or None


def checklist_of(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> tuple[CheckRow, ...] | None:
    """Give the checklist of a case as it is saved: an empty one is filled with the kind's rows when the kind is chosen.

    Later it is left alone: who empties the list of a case wants it empty.
    """
    held: tuple[CheckRow, ...] | None = new.get("checklist")
    chosen = old is None or old.get("kind") != new.get("kind")
    return first_rows(new.get("kind")) if held is None and chosen else held


def rows_are_done(values: Mapping[str, Any], _facts: Mapping[str, Any]) -> Message | None:
    """A case is closed when every row of its checklist is ticked off; the first that are not are named."""
    left = [row.text for row in values.get("checklist") or () if not row.done]
    if not left:
        return None
    if len(left) == 1:
        return N_("“%(row)s” is not ticked off. Tick it off, remove the row, or drop the case.", row=left[0])
    words = {"number": len(left), "rows": _some(left)}
    return N_("%(number)s rows are not ticked off (%(rows)s). Tick them off, remove them, or drop the case.", **words)


def tasks_are_done(_values: Mapping[str, Any], facts: Mapping[str, Any]) -> Message | None:
    """A case is closed when nobody has a task about it left; the first that are open are named."""
    left: Sequence[str] = facts["open_tasks"]
    if not left:
        return None
    if len(left) == 1:
        return N_("The task “%(task)s” is open. Do it or delete it first, or drop the case.", task=left[0])
    words = {"number": len(left), "tasks": _some(left)}
    return N_("%(number)s tasks are open (%(tasks)s). Do or delete them first, or drop the case.", **words)


def _some(texts: Sequence[str]) -> str:
    shown = ", ".join(texts[:NAMED])
    return shown if len(texts) <= NAMED else f"{shown} …"


def closed_on(state: str | None, held: date | None, today: date) -> date | None:
    """Give the day on which a case ended: the one written down, else today; none while it runs."""
    if state not in ENDED:
        return None
    return held or today


def is_overdue(state: str | None, due: date | None, today: date) -> bool:
    """Whether a running case should have been done before today."""
    return due is not None and state in RUNNING and due < today


@dataclass(frozen=True, slots=True)
class CaseDays:
    """What counting needs of a case: its kind, its state now, and the days it was opened and ended."""

    kind: str | None
    state: str
    opened: date | None
    closed: date | None


@dataclass(frozen=True, slots=True)
class CaseTotals:
    """What happened to the cases of one kind in a period: opened, closed, dropped, and how many ran at its end."""

    kind: str | None
    opened: int
    closed: int
    dropped: int
    running: int


def totals(cases: Iterable[CaseDays], first: date, last: date) -> list[CaseTotals]:
    """Count cases by kind over a period, both days included; kinds in their order, without a kind last, none that has nothing.

    A case that ended after the period ran at its end. Cases without the day they were opened count as opened before it.
    """
    found: dict[str | None, list[int]] = {}
    for case in cases:
        row = found.setdefault(case.kind, [0, 0, 0, 0])
        begun = case.opened is None or case.opened <= last
        ended = case.closed <= last if case.closed is not None else case.state in ENDED
        row[0] += case.opened is not None and first <= case.opened <= last
        if case.closed is not None and first <= case.closed <= last:
            row[2 if case.state == DROPPED else 1] += 1
        row[3] += begun and not ended
    order = {key: place for place, key in enumerate(KIND_KEYS)}
    kinds = sorted(found, key=lambda kind: order.get(kind or "", len(order)))
    return [CaseTotals(kind, *found[kind]) for kind in kinds if any(found[kind])]
