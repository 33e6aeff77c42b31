"""The world that the plan fills: who and what is there since when, the dice, and the diary of all that was done."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, Final

from crm.demo.batches import Batch, Order, moment_of
from crm.demo.plan.sizes import MEASURES, Measure, Size
from crm.kernel.workdays import is_open
from crm.records.fields import DateValue

SEED: Final = 20140401
#: Who writes things down, in the order of how much they do; the administrator loads registers.
STAFF: Final = ("mette", "rasmus", "sofie", "torben")
#: Clusters that nobody has met or talked to for more than ninety days.
QUIET: Final = ("thy", "laering", "kystsikring", "vejleemb")
QUIET_DAYS: Final = 104
#: Two regions become one on this day (Act no. 699 of 2025-06-20).
REFORM: Final = date(2027, 1, 1)
OLD_REGIONS: Final = ("hovedstaden", "sjaelland")


@dataclass(slots=True)
class Org:
    """An organisation as the plan knows it; `since` is the day it was written down."""

    key: str
    title: str
    kind: str
    domain: str
    since: date
    municipality: str
    theme: str
    people: list[Human] = field(default_factory=list)
    #: Keys of regions, the primary one first; of a cluster as declared.
    regions: tuple[str, ...] = ()
    level: str = ""
    #: Who wrote it down.
    by: str = "admin"


@dataclass(slots=True)
class Human:
    """A person; `role` is that of the present position, `until` its last day."""

    key: str
    given: str
    family: str
    org: Org
    role: str
    since: date
    until: date | None = None

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.given} {self.family}"


class World:
    """What the parts of the plan share."""

    def __init__(self, load_day: date, size: Size, zone: str) -> None:
        self.load_day = load_day
        self.size = size
        self.measure: Measure = MEASURES[size]
        self.zone = zone
        self.start = open_day(months_before(load_day, 30))
        self.orgs: dict[str, Org] = {}
        self.humans: list[Human] = []
        #: Batches that have a moment of their own.
        self.more: list[Batch] = []
        #: By person, the days on which they changed post and the organisation that they left.
        self.moves: dict[str, list[tuple[date, Org]]] = {}
        self._diary: dict[tuple[date, str], list[Order]] = {}

    def dice(self, part: str) -> random.Random:
        """Give the dice of one part of the plan: what another part throws changes nothing here."""
        return random.Random(f"{SEED} {self.load_day} {self.size} {part}")  # noqa: S311 - made-up data, the same every time

    @property
    def clusters(self) -> list[Org]:
        """The secretariats of the catalogue."""
        return [org for org in self.orgs.values() if org.kind == "cluster" and org.regions]

    def known(self, day: date, kind: str) -> list[Org]:
        """Give the organisations of a kind that were written down before a day."""
        return [org for org in self.orgs.values() if org.kind == kind and org.since < day]

    def is_quiet(self, org: Org, day: date) -> bool:
        """Say whether nobody has to do with an organisation on a day: that has become long ago."""
        return org.key in QUIET and day > self.ago(QUIET_DAYS)

    def place_on(self, human: Human, day: date) -> Org:
        """Give the organisation that a person worked for on a day."""
        left = [org for moved, org in self.moves.get(human.key, ()) if day < moved]
        return left[0] if left else human.org

    # ------------------------------------------------------------------------------------------------------ the diary
    def note(self, day: date, by: str, *orders: Order) -> None:
        """Write down what someone did on a day; one on which the office is closed becomes the last open one before it."""
        self._diary.setdefault((self.office_day(day), by), []).extend(orders)

    def create(self, day: date, by: str, key: str, type_key: str, values: Mapping[str, Any], owner: str | None = None) -> None:
        """Write down a new record; what has no value is left out."""
        given = {name: value for name, value in values.items() if value not in (None, "", [], ())}
        owned = {} if owner is None else {"owner": owner}
        self.note(day, by, {"create": key, "type": type_key, "values": given, **owned})

    def rename(self, key: str, old: str, day: date) -> None:
        """Let an organisation have been written down under another name, and get the present one on a day."""
        for orders in self._diary.values():
            for number, order in enumerate(orders):
                if order.get("create") == key:
                    orders[number] = {**order, "values": {**order["values"], "title": old}}
        self.note(day, "mette", {"update": key, "values": {"title": self.orgs[key].title}})

    def office_day(self, day: date) -> date:
        """Give the day on which something of the past was really written down."""
        return open_day(min(day, self.load_day - timedelta(days=2)))

    def batches(self) -> Iterable[Batch]:
        """Give the diary as batches, each at a moment of its person's own within office hours."""
        yield from self.more
        for (day, by), orders in self._diary.items():
            dice = self.dice(f"{day} {by}")
            # registers are loaded before the others come to work, who at once build on them
            at = time(8, dice.randint(5, 40)) if by == "admin" else time(dice.randint(9, 14), dice.randint(0, 59))
            yield Batch(f"{day} {by}", moment_of(day, at, self.zone), by, tuple(orders))

    # ------------------------------------------------------------------------------------------------------------ days
    def ago(self, days: int) -> date:
        """Give a day so many days before the day of loading."""
        return self.load_day - timedelta(days=days)

    def region_on(self, key: str, day: date) -> str:
        """Give the region that took over from another, if it did before a day."""
        return "oestdanmark" if key in OLD_REGIONS and day >= REFORM else key

    def any_day(self, dice: random.Random, first: date, last: date) -> date:
        """Give an open day between two."""
        return open_day(first + timedelta(days=dice.randint(0, max(0, (last - first).days))))


def open_day(day: date) -> date:
    """Give the last day, up to and with this one, on which the office was open."""
    while not is_open(day):
        day -= timedelta(days=1)
    return day


def next_open_day(day: date) -> date:
    """Give the first day, from this one on, on which the office is open."""
    while not is_open(day):
        day += timedelta(days=1)
    return day


def is_summer(day: date) -> bool:
    """Whether most people are away: weeks 28 to 30."""
    return day.isocalendar().week in (28, 29, 30)


def months_before(day: date, months: int) -> date:
    """Give the same day of the month so many months earlier (at most the 28th)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


def years_of(first: date, last: date) -> range:
    """Give the years that a span of days touches."""
    return range(first.year, last.year + 1)


def span(first: date, last: date | None = None) -> DateValue:
    """Give days as a date field takes them."""
    return DateValue(first, last)


def hours(day: date, first: time, last: time, zone: str, *, days: int = 1) -> DateValue:
    """Give a meeting's time, which may end on a later day."""
    return DateValue(moment_of(day, first, zone), moment_of(day + timedelta(days=days - 1), last, zone), all_day=False)
