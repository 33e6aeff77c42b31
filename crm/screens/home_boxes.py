"""What features put on the front page: boxes, lines of today, and words for the greeting. Registered once, at start.

A box reads what it shows in a constant number of queries; what two boxes need is read once (`HomeContext.once`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from crm.filters import Filter
from crm.filters.tree import dump
from crm.kernel import format as forms
from crm.kernel.i18n import Label, Message
from crm.kernel.settings import Settings
from crm.records.work import UnitOfWork

T = TypeVar("T")
Words = Label | Message
#: Who sees a box unless it says otherwise: everybody who works in the CRM.
STAFF: Final = "@crm"


@dataclass(frozen=True, slots=True)
class HomeContext:
    """What the boxes of one page are drawn for, and what they have read together."""

    uow: UnitOfWork
    locale: str
    settings: Settings
    _known: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """Give what `read` reads, asked once a page whoever needs it."""
        if key not in self._known:
            self._known[key] = read()
        known: T = self._known[key]
        return known


@dataclass(frozen=True, slots=True)
class HomeBox:
    """A box of the front page.

    `load` reads what the template needs; None leaves the box out. In the template `count` and `url` stand beside the heading:
    the number, and the list of just what it counts; `heading` replaces the label. `who` is the area that one must be allowed
    to use, `type_key` a type that one must be allowed to read. Positions below 50 stand in the wide column, the others beside
    it.
    """

    key: str
    label: Words
    template: str
    load: Callable[[HomeContext], Mapping[str, Any] | None]
    position: int = 40
    who: str = STAFF
    type_key: str = ""


@dataclass(frozen=True, slots=True)
class DayLine:
    """Something that happens today: when (in UTC; None all day), what it is, where it opens, and what stands beside it."""

    at: datetime | None
    title: str
    url: str
    kind: Words
    note: str = ""


#: Gives what a feature knows of today.
Day = Callable[[HomeContext], Sequence[DayLine]]
#: Gives a sentence and where it leads, when the feature has something that matters.
Matter = Callable[[HomeContext], tuple[Message, str] | None]

_boxes: dict[str, HomeBox] = {}
_days: dict[str, Day] = {}
_matters: dict[str, tuple[int, Matter]] = {}


def add(box: HomeBox) -> None:
    """Put a box on the front page; one of the same key is replaced."""
    _boxes[box.key] = box


def add_day(key: str, day: Day) -> None:
    """Tell of today; an earlier source of the same key is replaced."""
    _days[key] = day


def add_matter(key: str, matter: Matter, position: int = 50) -> None:
    """Offer a sentence for the greeting; the first by position that has one is shown."""
    _matters[key] = (position, matter)


def drawn(context: HomeContext) -> list[tuple[HomeBox, Mapping[str, Any]]]:
    """Give the boxes of the one who looks, in order, each with what its template needs."""
    access = context.uow.access
    found = []
    for box in sorted(_boxes.values(), key=lambda one: one.position):
        if access.may_use(box.who) and (not box.type_key or access.may("read", box.type_key)):
            facts = box.load(context)
            if facts is not None:
                found.append((box, facts))
    return found


def today(context: HomeContext) -> list[DayLine]:
    """Give what happens today: first what lasts the whole day, then by the clock."""
    lines = [line for day in _days.values() for line in day(context)]
    return sorted(lines, key=lambda line: (line.at is not None, line.at.isoformat() if line.at else "", line.title))


def list_url(type_key: str, where: Filter, *, sort: str = "") -> str:
    """Give the address of the list of just what a filter finds: what a number of a box leads to."""
    pairs = [("where", json.dumps(dump(where), separators=(",", ":"), default=str)), *([("sort", sort)] if sort else [])]
    return f"/t/{type_key}?{urlencode(pairs)}"


def worded_time(context: HomeContext, line: DayLine) -> str:
    """Word when a line of today is; nothing for one of the whole day."""
    if line.at is None:
        return ""
    return forms.clock_time(forms.local(line.at, context.uow.zone).time(), context.locale)


def matter(context: HomeContext) -> tuple[Message, str] | None:
    """Give the one thing that matters, or nothing."""
    for _position, one in sorted(_matters.values(), key=lambda pair: pair[0]):
        found = one(context)
        if found is not None:
            return found
    return None
