"""What touches some days, and what a list counts and adds up to: alike on both databases, wherever the values are kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from crm.filters import Condition
from crm.kernel.errors import AccessDenied, InvalidInput
from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.spans import in_span
from crm.records.tally import tally
from tests.support.records import SYSTEM, add_actor, works_on

if TYPE_CHECKING:
    from crm.kernel.db import Database
    from crm.records.work import Works

RANGE = {"end": "optional", "time": "optional"}


def with_field(works: Works, name: str, kind: str, config: dict[str, Any]) -> None:
    with works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "organisation", name, kind, Label(da=name), config=config)


def make(works: Works, **values: Any) -> int:
    with works.writing(SYSTEM) as uow:
        return uow.records.create("organisation", values)


def found(works: Works, first: str, after: str, name: str = "stay", **more: Any) -> list[str]:
    with works.reading(SYSTEM) as uow:
        days = (date.fromisoformat(first), date.fromisoformat(after))
        return [row.title for row in in_span(uow, "organisation", name, *days, **more).rows]


def test_ranges_of_days_and_of_times_in_fields_made_in_the_browser(database: Database):
    works = works_on(database)
    with_field(works, "stay", "date", RANGE)
    make(works, title="Dage", stay={"start": "2026-12-01", "end": "2026-12-04"})
    make(works, title="Nat", stay={"start": "2026-12-04 22:00", "end": "2026-12-05 00:00"})
    make(works, title="Lang", stay={"start": "2020-01-01", "end": "2027-01-01"})
    make(works, title="Uden slut", stay="2026-12-05")
    make(works, title="Uden dato")
    assert found(works, "2026-12-04", "2026-12-05") == ["Lang", "Dage", "Nat"]
    assert found(works, "2026-12-05", "2026-12-06") == ["Lang", "Uden slut"]
    assert found(works, "2027-01-01", "2027-01-02") == ["Lang"]
    assert found(works, "2027-01-02", "2027-02-01") == []


def test_a_slot_that_is_being_filled_and_a_field_without_one_give_the_same(database: Database):
    works = works_on(database)
    make(works, title="Før")
    with_field(works, "stay", "date", RANGE)  # its slot is not read before the backfill has ended
    make(works, title="Dage", stay={"start": "2026-11-30", "end": "2026-12-04"})
    make(works, title="Senere", stay="2026-12-09")
    assert found(works, "2026-12-04", "2026-12-09") == ["Dage"]
    assert found(works, "2026-12-05", "2026-12-10") == ["Senere"]


def test_the_filter_holds_and_more_than_the_most_is_told(database: Database):
    works = works_on(database)
    with_field(works, "stay", "date", {})
    for name in ("Ærø", "Aarhus", "Odense"):
        make(works, title=name, stay="2026-12-01")
    assert found(works, "2026-12-01", "2026-12-02", where=Condition("title", "contains", "aarhus")) == ["Aarhus"]
    with works.reading(SYSTEM) as uow:
        some = in_span(uow, "organisation", "stay", date(2026, 12, 1), date(2026, 12, 2), limit=2)
    assert (len(some.rows), some.capped) == (2, True)


def test_what_may_not_be_read_places_and_counts_nothing(database: Database):
    works = works_on(database)
    with_field(works, "stay", "date", {})
    narrow = add_actor(database, "narrow", [("organisation", "read", "all", ["title"], None)])
    stranger = add_actor(database, "stranger", [("person", "read")])
    with works.reading(narrow) as uow:
        with pytest.raises(InvalidInput):
            in_span(uow, "organisation", "stay", date(2026, 12, 1), date(2026, 12, 2))
        with pytest.raises(InvalidInput):
            tally(uow, "organisation", "kind")
    with works.reading(stranger) as uow, pytest.raises(AccessDenied):
        tally(uow, "organisation", "state")


def test_sums_are_exact_over_every_kind_that_adds_up(database: Database):
    works = works_on(database)
    with_field(works, "grant", "money", {"currencies": ["DKK"]})
    with_field(works, "hours", "duration", {})
    with_field(works, "seen", "yes_no", {})
    make(works, title="A", kind="company", grant="0,10", hours="1 t", seen=True)
    make(works, title="B", kind="company", grant="0,20", hours="30 min")
    make(works, title="C", seen=False)
    with works.reading(SYSTEM) as uow:
        money = {one.value: (one.number, one.total) for one in tally(uow, "organisation", "kind", total="grant")}
        hours = {one.value: one.total for one in tally(uow, "organisation", "state", total="hours")}
        seen = {one.value: one.number for one in tally(uow, "organisation", "seen")}
    assert money == {"company": (2, Decimal("0.3")), None: (1, Decimal(0))}
    assert hours == {"active": Decimal(5400)}
    assert seen == {True: 1, False: 1, None: 1}


def test_amounts_of_several_currencies_are_not_added_up(database: Database):
    works = works_on(database)
    with_field(works, "grant", "money", {"currencies": ["DKK", "EUR"]})
    with works.reading(SYSTEM) as uow, pytest.raises(InvalidInput):
        tally(uow, "organisation", "kind", total="grant")
