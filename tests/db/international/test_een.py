"""Who was helped abroad, on both databases: counted once, by days of the office, under the reader's rights, in few queries."""

from __future__ import annotations

from datetime import date

import pytest

from crm.international.queries import about_organisation, count_about, een_between, helped_between
from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied
from crm.records.work import Works
from tests.support.queries import counting
from tests.support.records import SYSTEM, add_actor, works_on

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def works(database: Database) -> Works:
    return works_on(database)


@pytest.fixture
def world(works: Works) -> dict[str, int]:
    """Two clusters and three companies, helped in Germany, Sweden and nowhere in particular; one activity of the year before."""
    with works.writing(SYSTEM) as uow:
        ids = {name: uow.records.create("organisation", {"title": name}) for name in ("Havvind", "Lyd", "Alfa", "Beta", "Gamma")}
        made = (
            ("Tyskland 1", "DE", "Havvind", "2026-01-01", 4, ("Alfa", "Beta")),
            ("Tyskland 2", "DE", "Havvind", "2026-06-01", None, ("Alfa",)),
            ("Sverige", "SE", "Lyd", "2026-12-31", 3, ("Alfa", "Gamma")),
            ("Uden land", None, None, "2026-05-05", 2, ()),
            ("Før", "DE", "Lyd", "2025-12-31", 9, ("Gamma",)),
        )
        for title, country, cluster, held, others, companies in made:
            own = {"title": title, "country": country, "held": held, "company_count": others, "cluster": ids.get(cluster or "")}
            ids[title] = uow.records.create("international_activity", own)
            for name in companies:
                uow.records.link(ids[title], "companies", ids[name], role="Deltager")
        uow.records.link(ids["Sverige"], "companies", ids["Alfa"], role="Søger partner")  # twice in one activity is once
    return ids


def test_clusters_and_companies_count_once_in_each_country_and_once_in_all(works: Works, world: dict[str, int], database: Database):
    with works.reading(SYSTEM) as uow:
        with counting(database) as queries:
            found = een_between(uow, *YEAR)
        assert [(row.country, row.activities, len(row.clusters), len(row.companies), row.others) for row in found.countries] == [
            ("SE", 1, 1, 2, 3),
            ("DE", 2, 1, 2, 4),
            (None, 1, 0, 0, 2),
        ]
        assert (found.activities, len(found.clusters), len(found.companies), found.others) == (4, 2, 3, 9)
        assert len(queries) <= 3
        assert een_between(uow, None, None).activities == 5
        assert een_between(uow, date(2026, 6, 2), None).activities == 1
        assert een_between(uow, date(2025, 12, 31), date(2025, 12, 31)).others == 9, "an all-day value lies in its own day"


def test_behind_each_number_stand_its_organisations(works: Works, world: dict[str, int]):
    with works.reading(SYSTEM) as uow:
        assert [(one.title.title, one.activities) for one in helped_between(uow, "companies", None, *YEAR)] == [
            ("Alfa", 3),
            ("Beta", 1),
            ("Gamma", 1),
        ]
        assert [(one.title.title, one.activities) for one in helped_between(uow, "clusters", "DE", *YEAR)] == [("Havvind", 2)]
        assert helped_between(uow, "clusters", "", *YEAR) == []
        assert [row.title for row in about_organisation(uow, world["Alfa"])] == ["Sverige", "Tyskland 2", "Tyskland 1"]
        assert (count_about(uow, world["Alfa"]), count_about(uow, world["Lyd"])) == (3, 2)


def test_what_lies_in_the_trash_counts_no_more(works: Works, world: dict[str, int]):
    with works.writing(SYSTEM) as uow:
        uow.records.delete(world["Tyskland 1"])
        uow.records.delete(world["Gamma"])
    with works.reading(SYSTEM) as uow:
        found = een_between(uow, *YEAR)
        assert (found.activities, len(found.companies), found.others) == (3, 1, 5)
        assert count_about(uow, world["Alfa"]) == 2


def test_numbers_follow_the_reader_s_rights(works: Works, world: dict[str, int], database: Database):
    no_organisations = add_actor(database, "bo", [("international_activity", "read")])
    with works.reading(no_organisations) as uow:
        found = een_between(uow, *YEAR)
        assert (found.activities, len(found.clusters), len(found.companies)) == (4, 0, 0)
        assert helped_between(uow, "companies", None, *YEAR) == []
    own = add_actor(database, "clara", [("international_activity", "read", "own"), ("organisation", "read")])
    with works.reading(own) as uow:
        assert (een_between(uow, *YEAR).activities, count_about(uow, world["Alfa"])) == (0, 0)
    blind = add_actor(database, "dora", [("international_activity", "read", "all", ["title", "held"]), ("organisation", "read")])
    with works.reading(blind) as uow:
        with pytest.raises(AccessDenied):
            een_between(uow, *YEAR)
        assert count_about(uow, world["Alfa"]) == 0
