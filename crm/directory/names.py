"""What an organisation was called on a day, and what is kept when it gets another name. No database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Name:
    """A name from one day to another, both included; an open end is today's name. `record_id` is 0 while it is new."""

    title: str
    first: date
    last: date | None = None
    record_id: int = 0

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Name:
        """Read a record's values; without a period it has always been so."""
        period = values.get("period")
        first, last = (date.min, None) if period is None else (period.start, period.end)
        return cls(str(values.get("title") or ""), first, last, int(values.get("id") or 0))

    def holds_on(self, day: date) -> bool:
        """Whether it was so on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Step:
    """A row of names to be written; with `forget` to be taken away."""

    name: Name
    forget: bool = False


def name_on(names: Iterable[Name], day: date, today: str) -> str:
    """Give the name of an organisation on a day.

    Args:
        names: what is known of its names in time.
        day: the day.
        today: the name it has now, which holds when nothing else is known.

    Of two that overlap the later one counts. Before the first day that is known, it is called as on that day.
    """
    known = sorted(names, key=lambda one: one.first)
    found = [one for one in known if one.holds_on(day)]
    if found:
        return found[-1].title
    return known[0].title if known and day < known[0].first else today


def first_known(founded: Any, written: date | None) -> date | None:
    """Give the first day on which an organisation is known by its name: that of its founding, else that it was written down on."""
    start: date | None = None if founded is None else founded.start
    return start or written


def renamed(names: Sequence[Name], old: str, new: str, today: date, known: date | None) -> list[Step]:
    """Give what to keep when an organisation is renamed: the old name to yesterday, the new one from today.

    Args:
        names: the rows there are.
        old: its name until now.
        new: its name from now on.
        today: the day.
        known: the first day on which it was known by a name; a name that began today was only mistyped, and leaves no trace.

    Whoever renames twice on a day has corrected it: the row of today changes, and goes when the name is back to what it was.
    """
    current = next((one for one in sorted(names, key=lambda one: one.first, reverse=True) if one.last is None), None)
    before = _before(names, today)
    if current is not None and current.title == old and current.first == today:
        if before is not None and before.title == new:
            return [Step(current, forget=True), Step(replace(before, last=None))]
        return [Step(replace(current, title=new))]
    if current is not None and current.title == old:
        begun = min(known or today, today - _DAY) if current.first == date.min else current.first
        return [Step(replace(current, first=begun, last=today - _DAY)), Step(Name(new, today))]
    first = max((one.last + _DAY for one in names if one.last is not None and one.last < today), default=known or today)
    if first >= today:
        return []
    return [Step(Name(old, first, today - _DAY)), Step(Name(new, today))]


def _before(names: Sequence[Name], today: date) -> Name | None:
    return next((one for one in names if one.last == today - _DAY), None)


def corrected(names: Sequence[Name]) -> list[Step]:
    """Give what to change when the last change of name was only a correction: the name of today goes back to the days before."""
    known = sorted(names, key=lambda one: one.first)
    if len(known) < 2 or known[-1].last is not None:
        return []
    former, current = known[-2], known[-1]
    return [Step(former, forget=True), Step(replace(current, first=former.first))]
