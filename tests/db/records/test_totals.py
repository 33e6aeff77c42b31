"""Sums and groups of a list are exact, on both databases, and follow rights and filters; what is too slow is broken off."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from crm.directory.types import TYPES
from crm.filters import EVERYTHING, All, Condition, Filter
from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import Label
from crm.kernel.patience import TooSlowError, at_most
from crm.records.definitions import add_field
from crm.records.groups import condition_of, grouped, rows_of_groups
from crm.records.query import count
from crm.records.registry import RegistryCache
from crm.records.totals import Asker
from crm.records.work import Works
from crm.security.actors import system_actor

SYSTEM = system_actor("test")
OPTIONS = {"options": [{"key": key, "label": {"da": key}} for key in ("a", "b", "c")]}
LARGE = "99999999999999.9999"


@pytest.fixture
def works(database: Database) -> Works:
    works = Works(database, RegistryCache(TYPES), clock=FixedClock(datetime(2026, 12, 1, 8, tzinfo=UTC)))
    with works.writing(SYSTEM, publishing=True) as uow:
        for name, kind, config in (
            ("size", "number", {"decimals": 4}),
            ("price", "money", {"currencies": ["DKK", "EUR"]}),
            ("far", "progress", {}),
            ("held", "date", {"time": "optional"}),
            ("topics", "choices", OPTIONS),
        ):
            add_field(uow, "organisation", name, kind, Label(da=name), config=config)
    lines: list[tuple[Any, ...]] = [
        ("A", "company", "0.0001", "10", 50, "2026-03-29T03:30", ["a", "b"]),
        ("B", "company", "-0.3", "2,50 EUR", 100, "2026-03-31T23:59", ["b"]),
        ("C", "network", "12", "5", None, "2026-04-01", None),
        ("D", None, None, None, None, None, None),
    ]
    with works.writing(SYSTEM) as uow:
        for title, kind, size, price, far, held, topics in lines:
            values = {"title": title, "kind": kind, "size": size, "price": price, "far": far, "held": held, "topics": topics}
            uow.records.create("organisation", {name: value for name, value in values.items() if value is not None})
    return works


def test_sums_averages_and_dates_are_exact(works: Works):
    with works.reading(SYSTEM) as uow:
        (all_of_it,) = Asker(uow, "organisation").totals(["size", "price", "far", "held"])
        figures = all_of_it.figures
        assert all_of_it.number == 4
        assert figures["size"].sums == {"": Decimal("11.7001")}
        assert figures["price"].sums == {"DKK": Decimal(15), "EUR": Decimal("2.5")}
        assert figures["price"].filled == 3
        assert figures["far"].average == 75
        assert (figures["held"].first, figures["held"].last) == (date(2026, 3, 29), date(2026, 4, 1))
        (narrow,) = Asker(uow, "organisation", Condition("kind", "is", "network")).totals(["size"])
        assert (narrow.number, narrow.figures["size"].sums) == (1, {"": Decimal(12)})


def test_a_sum_larger_than_any_integer_of_the_database_is_exact(works: Works):
    with works.writing(SYSTEM) as uow:
        for number in range(12):
            uow.records.create("organisation", {"title": f"L{number}", "size": LARGE})
    with works.reading(SYSTEM) as uow:
        (found,) = Asker(uow, "organisation", Condition("title", "starts", "L")).totals(["size"])
        assert found.figures["size"].sums == {"": Decimal(LARGE) * 12}


GROUPS: list[tuple[str, str, dict[object, int]]] = [
    ("kind", "", {"company": 2, "network": 1, None: 1}),
    ("held", "month", {date(2026, 3, 1): 2, date(2026, 4, 1): 1, None: 1}),
    ("held", "year", {date(2026, 1, 1): 3, None: 1}),
    ("held", "day", {date(2026, 3, 29): 1, date(2026, 3, 31): 1, date(2026, 4, 1): 1, None: 1}),
    ("topics", "", {"a": 1, "b": 2, None: 2}),
]


def test_every_group_is_found_again_by_its_own_filter(works: Works):
    with works.reading(SYSTEM) as uow:
        asker = Asker(uow, "organisation")
        for name, part, expected in GROUPS:
            item = asker.compiler.field(name)
            groups = grouped(asker, item, part, ["size"])
            assert {one.key: one.number for one in groups if one.number} == expected
            for key, number in expected.items():
                assert count(uow, "organisation", condition_of(item, part, key)).number == number
            if name != "topics":
                assert sum((one.figures["size"].sums.get("", Decimal(0)) for one in groups), Decimal(0)) == Decimal("11.7001")


def test_rows_of_all_groups_come_in_one_query(works: Works):
    with works.reading(SYSTEM) as uow:
        filters: list[Filter] = [
            Condition("kind", "is", "company"),
            Condition("kind", "empty"),
            All((Condition("title", "is", "C"),)),
        ]
        found = rows_of_groups(uow, "organisation", filters, sort="size", descending=True, size=1, fields=["title", "held"])
        assert [[row.title for row in rows] for rows in found] == [["A"], ["D"], ["C"]]
        assert found[2][0].values["held"].start == date(2026, 4, 1)


def test_a_part_that_makes_too_many_groups_is_refused(works: Works):
    with works.writing(SYSTEM) as uow:
        uow.records.create("organisation", {"title": "Old", "held": "1900-01-01"})
    with works.reading(SYSTEM) as uow:
        asker = Asker(uow, "organisation", EVERYTHING)
        with pytest.raises(InvalidInput, match="longer part"):
            grouped(asker, asker.compiler.field("held"), "week", [])


def test_what_takes_too_long_is_broken_off_and_the_next_read_is_not(works: Works):
    slow = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
        "postgresql": "SELECT pg_sleep(20)",
    }[works.database.engine.dialect.name]
    with works.reading(SYSTEM) as uow:
        with pytest.raises(TooSlowError), at_most(uow.session, 0.1):
            uow.session.execute(text(slow))
        assert uow.session.execute(text("SELECT 1")).scalar() == 1
        with at_most(uow.session, 5):
            assert uow.session.execute(text("SELECT 2")).scalar() == 2
