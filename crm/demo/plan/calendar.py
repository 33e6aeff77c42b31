"""Which events there are and when: some every year on the same days, some spread over the time, all moved to days that suit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from crm.demo.plan.texts import texts
from crm.demo.plan.world import World, is_summer, open_day, years_of

#: How far ahead the office has planned.
AHEAD: Final = 200
#: Kind, what of it, month and day, each year; of a name with a number there are several a year.
YEARLY: Final = (
    ("experience_group", "gold", 1, 21),
    ("regional_visit", "", 1, 28),
    ("regional_meeting", "", 2, 5),
    ("experience_group", "international", 2, 18),
    ("experience_group", "communication", 3, 4),
    ("workshop", "", 3, 12),
    ("experience_group", "gold", 4, 8),
    ("summit", "", 4, 16),
    ("experience_group", "international", 4, 29),
    ("experience_group", "communication", 5, 13),
    ("workshop", "", 5, 21),
    ("regional_visit", "", 6, 11),
    ("experience_group", "gold", 6, 17),
    ("camp", "", 8, 27),
    ("experience_group", "international", 9, 3),
    ("workshop", "", 9, 10),
    ("experience_group", "communication", 9, 17),
    ("conference", "", 9, 22),
    ("regional_meeting", "", 10, 8),
    ("experience_group", "gold", 10, 21),
    ("regional_visit", "", 10, 28),
    ("workshop", "", 11, 12),
    ("experience_group", "international", 11, 25),
    ("experience_group", "communication", 12, 3),
)
#: Days before the day of loading.
SPREAD: Final = {"master_class": (840, 665, 490, 300, 120), "lab": (700, 430, 160), "course": (560, 210)}
#: A cluster asks the office to its strategy meeting so often: nine times a year.
STRATEGY_EVERY: Final = 40
LONG: Final = {"camp": 2, "conference": 2, "master_class": 2}


@dataclass(frozen=True, slots=True)
class Planned:
    """An event before anyone is invited; `number` counts those of its kind, from the first."""

    kind: str
    what: str
    day: date
    number: int
    title: str
    description: str

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return 2 if self.title.startswith("Kursus i") else LONG.get(self.kind, 1)


def planned(world: World) -> list[Planned]:
    """Give all events in the order of their days."""
    oldest = world.ago(world.measure.event_days)
    days = sorted((one for one in _days(world) if one[2] >= oldest), key=lambda one: one[2])
    counted: dict[tuple[str, str], int] = {}
    found = []
    for kind, what, day in days:
        number = counted.get((kind, what), 0)
        counted[kind, what] = number + 1
        title, description = _title(kind, what, number, day)
        found.append(Planned(kind, what, day, number, title, description))
    return found


def _days(world: World) -> Iterator[tuple[str, str, date]]:
    first, last = world.start + timedelta(days=30), world.load_day + timedelta(days=AHEAD)
    for year in years_of(first, last):
        for kind, what, month, number in YEARLY:
            day = suited(date(year, month, number))
            if first <= day <= last:
                yield kind, what, day
    for kind, offsets in SPREAD.items():
        for ago in offsets:
            yield kind, "", suited(world.ago(ago))
    for ago in range(20, 880, STRATEGY_EVERY):
        yield "strategy_meeting", "", suited(world.ago(ago))


def suited(day: date) -> date:
    """Give a day near by that suits an event: not in the summer weeks, not on a Monday or Friday, on an open day."""
    if is_summer(day):
        day -= timedelta(days=28)
    shift = {0: 1, 4: -1, 5: -2, 6: 2}.get(day.weekday(), 0)
    return open_day(day + timedelta(days=shift))


def _title(kind: str, what: str, number: int, day: date) -> tuple[str, str]:
    told = texts("events")[kind]
    if what:
        title, description = told[what]
        return f"{title}, {number + 1}. møde", description
    if isinstance(told[0], str):
        title, description = told
        return (f"{title} {day.year}" if kind in {"camp", "summit", "conference"} else title), description
    title, description = told[number % len(told)]
    prefix = {"workshop": "Workshop: ", "master_class": "Master Class: ", "lab": "Cluster Lab: "}.get(kind, "")
    return f"{prefix}{title}", description
