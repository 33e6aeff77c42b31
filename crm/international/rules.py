"""Pure counting of the work abroad: each cluster and each company once, however often it was helped. Figures stand apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What counting needs of an activity: where it was, for which cluster, and how many companies were only counted."""

    id: int
    country: str | None
    cluster_id: int | None
    company_count: int = 0


@dataclass(frozen=True, slots=True)
class CountryTotals:
    """The activities in one country (None: where none is written down).

    Attributes:
        country: two letters, ISO 3166-1.
        activities: how many there were.
        clusters: the ids of the clusters helped, each once.
        companies: the ids of the companies helped that are records, each once.
        others: companies that were only counted: a sum over activities, in which one company may be several times.
    """

    country: str | None
    activities: int
    clusters: frozenset[int]
    companies: frozenset[int]
    others: int


@dataclass(frozen=True, slots=True)
class EenTotals:
    """All of a period: the countries, and clusters and companies counted once over all of them."""

    countries: tuple[CountryTotals, ...]
    activities: int
    clusters: frozenset[int]
    companies: frozenset[int]
    others: int

    @property
    def country_count(self) -> int:
        """How many countries there were; what names none is no country."""
        return sum(row.country is not None for row in self.countries)


@dataclass(slots=True)
class _Row:
    activities: int = 0
    clusters: set[int] = field(default_factory=set)
    companies: set[int] = field(default_factory=set)
    others: int = 0


def totals(
    activities: Iterable[ActivityFacts], companies: Mapping[int, Collection[int]], order: Mapping[str, int] | None = None
) -> EenTotals:
    """Count by country.

    Args:
        activities: those of the period.
        companies: the companies of each activity, by its id.
        order: the place of each country; without it they stand by their letters. Where none is written down stands last.
    """
    rows: dict[str | None, _Row] = {}
    for one in activities:
        row = rows.setdefault(one.country, _Row())
        row.activities += 1
        row.others += one.company_count
        row.companies.update(companies.get(one.id, ()))
        if one.cluster_id is not None:
            row.clusters.add(one.cluster_id)
    places = order or {}
    known = sorted(rows, key=lambda country: (country is None, places.get(country or "", 0), country or ""))
    found = tuple(
        CountryTotals(country, row.activities, frozenset(row.clusters), frozenset(row.companies), row.others)
        for country, row in ((country, rows[country]) for country in known)
    )
    return EenTotals(
        found,
        sum(row.activities for row in found),
        frozenset(one for row in found for one in row.clusters),
        frozenset(one for row in found for one in row.companies),
        sum(row.others for row in found),
    )
