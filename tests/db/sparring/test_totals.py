"""Totals of sparrings: the same sums whatever they go by, only what the actor may see, few questions however many they are."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from crm.filters import Filter
from crm.kernel.db import Database
from crm.records.query import count
from crm.records.work import Works
from crm.sparring.queries.totals import Asked, Line, Totals, totals
from tests.support.queries import counting
from tests.support.records import SYSTEM, add_actor

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


class Office:
    """Anna and Bo advise: a cluster of Aalborg, one split between Hovedstaden and Syddanmark, and one of the public catalogue."""

    def __init__(self, database: Database, works: Works) -> None:
        self.works, self.database = works, database
        self.anna, self.bo = (add_actor(database, name, [("*", "*")]) for name in ("anna", "bo"))
        with works.writing(SYSTEM) as uow:
            make = uow.records.create
            self.north = make("organisation", {"title": "Nordklyngen", "kind": "cluster", "municipality": "0851"})
            split = {"region_rule": "fractional", "regions": ["hovedstaden", "syddanmark"]}
            self.split = make("organisation", {"title": "Broklyngen", "kind": "cluster", **split})
            self.public = make("organisation", {"title": "Katalogklyngen", "kind": "cluster", "origin": "catalogue"})
        self.log(self.anna, "2026-02-01", 30, ["strategy"], self.north)
        self.log(self.anna, "2026-02-28", 15, ["strategy", "data"], self.north, self.split)
        self.log(self.bo, "2026-11-01", 60, [], self.split)
        self.log(self.bo, "2026-11-30", 5, ["data"], self.public)
        self.log(self.bo, "2025-12-31", 999, ["data"], self.north)
        self.log(self.bo, "2026-03-01", 45, ["funding"], self.north, confidential=True)

    def log(self, actor: Any, held: str, minutes: int, topics: list[str], *places: int, **more: Any) -> None:
        with self.works.writing(actor) as uow:
            values = {"held": held, "minutes": minutes, "topics": topics, "owner": actor.user_id, **more}
            made = uow.records.create("sparring", values)
            for place in places:
                uow.records.link(made, "organisations", place)

    def asked(self, by: str, actor: Any = None, **more: Any) -> Totals:
        with self.works.reading(actor or self.anna) as uow:
            return totals(uow, Asked(by, more.pop("unit", "month"), *YEAR, **more))

    def listed(self, where: Filter | None) -> int:
        assert where is not None
        with self.works.reading(self.anna) as uow:
            return count(uow, "sparring", where).number


@pytest.fixture
def office(database: Database, works: Works) -> Office:
    return Office(database, works)


def told(lines: tuple[Line, ...]) -> dict[str, tuple[Any, Any]]:
    return {line.name if isinstance(line.name, str) else line.name("da"): (line.number, line.minutes) for line in lines}


def test_each_way_to_count_gives_its_sums_and_every_number_is_a_list(office: Office) -> None:
    """Bo's confidential one and the catalogue's are not among them; last year's neither."""
    by_organisation = office.asked("organisation")
    assert (by_organisation.total.number, by_organisation.total.minutes, by_organisation.organisations) == (3, 105, 2)
    assert told(by_organisation.lines) == {"Nordklyngen": (2, 45), "Broklyngen": (2, 75)}
    by_topic, by_adviser = office.asked("topic"), office.asked("adviser")
    assert told(by_topic.lines) == {"Strategi": (2, 45), "CRM og data": (1, 15), "Uden emne": (1, 60)}
    assert told(by_adviser.lines) == {"Anna Prøve": (2, 45), "Bo Prøve": (1, 60)}
    for line in (by_organisation.total, *by_organisation.lines, *by_topic.lines, *by_adviser.lines, *by_adviser.periods):
        assert office.listed(line.where) == line.number
    assert office.asked("organisation", office.bo).total.number == 4, "one's own confidential ones count"


def test_the_public_catalogue_is_counted_when_it_is_asked_for(office: Office) -> None:
    found = office.asked("organisation", with_catalogue=True)
    assert (found.total.number, found.organisations) == (4, 3)
    assert told(found.lines)["Katalogklyngen"] == (1, 5)
    assert office.listed(found.total.where) == 4


def test_a_month_ends_with_its_last_day_and_time_goes_by_the_unit(office: Office) -> None:
    months = [line.number for line in office.asked("topic").periods]
    assert months == [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    assert [line.number for line in office.asked("topic", unit="quarter").periods] == [2, 0, 0, 1]
    assert [line.number for line in office.asked("topic", unit="year").periods] == [3]


def test_a_split_cluster_counts_its_share_in_each_region_and_the_rule_is_told(office: Office) -> None:
    found = office.asked("region")
    half = Fraction(1, 2)
    shares = {
        "Region Nordjylland": (2, 45),
        "Region Hovedstaden": (2 * half, 75 * half),
        "Region Syddanmark": (2 * half, 75 * half),
    }
    assert told(found.lines) == shares
    assert set(found.rules) == {"fractional"}


@pytest.mark.parametrize("by", ["organisation", "topic", "adviser", "region"])
def test_many_sparrings_take_no_more_questions_than_few(sqlite_database: Database, by: str) -> None:
    from tests.support.records import works_on

    office = Office(sqlite_database, works_on(sqlite_database))

    def questions() -> int:
        with office.works.reading(office.anna) as uow, counting(office.database) as asked:
            totals(uow, Asked(by, "month", *YEAR))
        return len(asked)

    few = questions()
    for day in range(1, 13):
        office.log(office.anna, f"2026-05-{day:02}", 10, ["data"], office.north, office.split)
    assert questions() == few <= 8
