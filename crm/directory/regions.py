"""How an organisation counts in tables by region: the rule, and its words.

A cluster that covers several regions needs a declared primary region, or it is split among them; a table must say which
(domain.md, 3.3). Everyone else counts where the municipality lies. Regions are those of the day: one that was declared and has
ended goes on in the regions that hold its municipalities, one that has not begun stands for those it will be made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, Final

from crm.directory.places import place_data
from crm.directory.rules import RegionSpan, region_on
from crm.kernel.i18n import N_, Label, Message

PRIMARY: Final = "primary"
FRACTIONAL: Final = "fractional"
#: What a table calls those that lie in no known region.
NOWHERE: Final = Label(da="Uden region", en="No region")


@dataclass(frozen=True)
class RegionMap:
    """Which regions there are, and which municipality lies in which, day by day."""

    #: The days on which each region exists.
    regions: Mapping[str, RegionSpan]
    #: Where each municipality lies, by its code.
    municipalities: Mapping[str, tuple[RegionSpan, ...]]
    names: Mapping[str, str] = field(default_factory=dict)

    def exists(self, region: str, day: date) -> bool:
        """Whether a region exists on a day."""
        span = self.regions.get(region)
        return span is not None and span.holds_on(day)

    def region_of(self, municipality: str | None, day: date) -> str | None:
        """Give the region that a municipality lies in on a day."""
        return region_on(self.municipalities.get(municipality or "", ()), day)

    def on_day(self, region: str, day: date) -> tuple[str, ...]:
        """Give what stands for a region on a day: itself, or the regions of that day that hold its municipalities.

        Region Hovedstaden is Region Østdanmark in 2027; Region Østdanmark is Hovedstaden and Sjælland in 2026.
        """
        if self.exists(region, day):
            return (region,)
        inside = (spans for spans in self.municipalities.values() if any(span.region_key == region for span in spans))
        found = {region_on(spans, day) for spans in inside} - {None}
        return tuple(key for key in self.regions if key in found)

    def listed(self, day: date) -> tuple[str, ...]:
        """Give the regions that exist on a day, in the order of the data."""
        return tuple(key for key in self.regions if self.exists(key, day))


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an organisation says of where it counts."""

    municipality: str | None = None
    #: The declared region, and those it covers: keys of `seeds/base/regions.csv`.
    primary: str | None = None
    covered: tuple[str, ...] = ()
    rule: str = PRIMARY

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Coverage:
        """Read it from the values of an organisation, as rules and lists have them."""
        return cls(
            values.get("municipality"),
            values.get("primary_region"),
            tuple(values.get("regions") or ()),
            values.get("region_rule") or PRIMARY,
        )

    @property
    def is_split(self) -> bool:
        """Whether it is split among the regions it covers."""
        return self.rule == FRACTIONAL and bool(self.covered)


def weights_on(coverage: Coverage, day: date, regions: RegionMap | None = None) -> dict[str, Fraction]:
    """Give the share of an organisation that each region of a day counts; the shares sum to 1, or there are none.

    Args:
        coverage: what it says of itself.
        day: the day; regions that exist then are counted.
        regions: the regions to count by; the product's own data unless given.

    A split one is split evenly among the different regions it covers on that day: one in Hovedstaden, Sjælland and Syddanmark
    counts a third in each in 2026, and half in Østdanmark and half in Syddanmark in 2027. One with a primary region counts
    whole there; where that region is made of several on the day, the municipality decides, and without one they share.
    """
    known = regions or region_map()
    if coverage.is_split:
        found = _different(key for region in coverage.covered for key in known.on_day(region, day))
    else:
        found = _whole(coverage, day, known)
    return {key: Fraction(1, len(found)) for key in found}


def _whole(coverage: Coverage, day: date, known: RegionMap) -> tuple[str, ...]:
    here = known.region_of(coverage.municipality, day)
    if coverage.primary is None:
        if here is None and len(coverage.covered) == 1:
            return known.on_day(coverage.covered[0], day)
        return () if here is None else (here,)
    declared = known.on_day(coverage.primary, day)
    return (here,) if here in declared and here is not None else declared


def _different(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))


def main_region(weights: Mapping[str, Fraction], coverage: Coverage | None = None) -> str | None:
    """Give the one region that stands for shares where only one can: the declared one, else the first of the largest."""
    if coverage is not None and coverage.primary in weights:
        return coverage.primary
    return max(weights, key=lambda key: weights[key]) if weights else None


def region_on_day(values: Mapping[str, Any], day: date) -> str | None:
    """Give the one region of an organisation's values on a day: what an attendance is frozen with."""
    return _main_on(Coverage.of(values), day)


@lru_cache(maxsize=4096)
def _main_on(coverage: Coverage, day: date) -> str | None:
    # An import asks for thousands that lie in the same few places.
    return main_region(weights_on(coverage, day), coverage)


def next_region_day(values: Mapping[str, Any], today: date) -> date | None:
    """Give the next day after a day on which the one region of an organisation's values is another."""
    return _next_day(Coverage.of(values), today)


@lru_cache(maxsize=4096)
def _next_day(coverage: Coverage, today: date) -> date | None:
    here = _main_on(coverage, today)
    return next((day for day in coming_changes(today) if _main_on(coverage, day) != here), None)


def rule_words(rules: Iterable[str | None]) -> Message:
    """Word the rule by which the organisations of a table were counted, for printing under it.

    Args:
        rules: the rule of each (`region_rule`), with or without those that have none.
    """
    found = {rule for rule in rules if rule}
    if found == {FRACTIONAL}:
        return N_("Clusters in several regions are split evenly among them.")
    if FRACTIONAL in found:
        return N_("Clusters in several regions count in their primary region; those that have chosen so are split evenly.")
    return N_("Clusters in several regions count in their primary region.")


def crossing_words(first: date, last: date, text: str) -> Message | None:
    """Word of which day the regions are, for a table whose period crosses the day on which they changed; None for others.

    Args:
        first: the first day of the period.
        last: the last day, by whose regions the table counts.
        text: the last day as the reader writes it: 31.03.2027.
    """
    known = region_map()
    same = known.listed(first) == known.listed(last)
    return None if same else N_("Counted by the regions of %(day)s.", day=text)


@cache
def _change_days() -> tuple[date, ...]:
    known = region_map()
    spans = (*known.regions.values(), *(span for inside in known.municipalities.values() for span in inside))
    return tuple(sorted({span.valid_from for span in spans}))


def coming_changes(today: date) -> tuple[date, ...]:
    """Give the days after a day on which regions change, in order."""
    return tuple(day for day in _change_days() if day > today)


@cache
def region_map() -> RegionMap:
    """Give the regions and municipalities of `seeds/base`."""
    data = place_data()
    inside: dict[str, list[RegionSpan]] = {}
    for row in data.belongings:
        inside.setdefault(row["municipality_code"], []).append(_span(row["region_key"], row))
    return RegionMap(
        {row["key"]: _span(row["key"], row) for row in data.regions},
        {code: tuple(spans) for code, spans in inside.items()},
        {row["key"]: row["name"] for row in data.regions},
    )


def _span(key: str, row: Mapping[str, str]) -> RegionSpan:
    last = row["valid_to"]
    return RegionSpan(key, date.fromisoformat(row["valid_from"]), date.fromisoformat(last) if last else None)


def region_name(key: str | None) -> str:
    """Give a region's name, empty for none."""
    return region_map().names.get(key or "", "")
