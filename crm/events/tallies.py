"""Totals of events and participants by kind, region and period: pure sums over what was read. Rates nothing, guesses nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

#: The key of what has no region.
NOWHERE: Final = ""


@dataclass(frozen=True, slots=True)
class EventFact:
    """An event that was held: its day, where it was, and the people it had where no list of them was kept."""

    id: int
    kind: str
    day: date
    region: str = NOWHERE
    people: int = 0


@dataclass(frozen=True, slots=True)
class PartFact:
    """How many attended an event from one organisation, as it was written down on the day.

    `regions` are those in which the organisation counts in equal parts; empty when it is not known where it belongs.
    """

    event_id: int
    number: int
    organisation_id: int | None = None
    is_cluster: bool = False
    regions: tuple[str, ...] = ()
    #: How a cluster in several regions counts.
    region_rule: str | None = None


@dataclass(slots=True)
class Line:
    """One line of a table. Participants of organisations that cover several regions count in parts."""

    key: str
    events: int = 0
    participants: Fraction = field(default_factory=Fraction)
    #: Different cluster secretariats among them.
    clusters: int = 0
    #: People at events whose participants are not listed one by one.
    people: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What the totals are made of."""

    events: Sequence[EventFact]
    parts: Sequence[PartFact]

    def total(self) -> Line:
        """Give all of it in one line: each person counts whole."""
        return _line("", self.events, self.parts)

    def by_kind(self, keys: Iterable[str]) -> list[Line]:
        """Give a line for each kind that there was, in the order of `keys`."""
        return self._split(keys, lambda event: event.kind)

    def by_day(self, keys: Iterable[str], key_of: Callable[[date], str]) -> list[Line]:
        """Give a line for each part of the time, those without anything too."""
        return self._split(keys, lambda event: key_of(event.day), every=True)

    def by_region(self, keys: Iterable[str]) -> list[Line]:
        """Give a line for each region: events by where they were held, participants by where their organisation belongs.

        The regions of `keys` have a line each, others only where there is something; what has none comes last.
        """
        found = {event.region for event in self.events} | {key for part in self.parts for key in part.regions}
        home = list(keys)
        known = [*home, *sorted(found - {*home, NOWHERE}), NOWHERE]
        lines = {key: Line(key) for key in known}
        clusters: dict[str, set[Hashable]] = {key: set() for key in known}
        for event in self.events:
            line = lines[event.region]
            line.events += 1
            line.people += event.people
        for part in self.parts:
            where = part.regions or (NOWHERE,)
            for key in where:
                lines[key].participants += Fraction(part.number, len(where))
                if part.is_cluster:
                    clusters[key].add(part.organisation_id)
        for key, line in lines.items():
            line.clusters = len(clusters[key])
        rest = lines[NOWHERE]
        empty = not (rest.events or rest.participants or rest.people)
        return [line for key, line in lines.items() if key != NOWHERE or not empty]

    def _split(self, keys: Iterable[str], key_of: Callable[[EventFact], str], *, every: bool = False) -> list[Line]:
        place = {event.id: key_of(event) for event in self.events}
        grouped: Mapping[str, tuple[list[EventFact], list[PartFact]]] = {key: ([], []) for key in keys}
        for event in self.events:
            grouped[place[event.id]][0].append(event)
        for part in self.parts:
            grouped[place[part.event_id]][1].append(part)
        return [_line(key, events, parts) for key, (events, parts) in grouped.items() if every or events]


def _line(key: str, events: Sequence[EventFact], parts: Sequence[PartFact]) -> Line:
    clusters = {part.organisation_id for part in parts if part.is_cluster}
    participants = Fraction(sum(part.number for part in parts))
    return Line(key, len(events), participants, len(clusters), sum(event.people for event in events))
