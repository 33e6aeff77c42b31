"""Pairs that work together, on both databases: their title, both sides' pages, statements made twice, and rights."""

from __future__ import annotations

import pytest

from crm.collaboration.queries import count_of, of_organisation, same_as
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.records.query import one
from crm.records.store.orders import Create
from crm.records.work import Works
from tests.support.records import SYSTEM, add_actor, works_on


@pytest.fixture
def works(database: Database) -> Works:
    return works_on(database)


@pytest.fixture
def ids(works: Works) -> dict[str, int]:
    with works.writing(SYSTEM) as uow:
        found = {name: uow.records.create("organisation", {"title": name}) for name in ("Havvind", "Lyd", "Mad", "Alfa")}
        first = {"one": found["Havvind"], "other": found["Lyd"], "kind": "project", "period": {"start": "2026-01-01"}}
        found["pair"] = uow.records.create("collaboration", first)
        uow.records.link(found["pair"], "companies", found["Alfa"])
    return found


def test_a_pair_is_named_by_both_and_stands_once_on_each_page(works: Works, ids: dict[str, int]):
    with works.reading(SYSTEM) as uow:
        row = one(uow, ids["pair"])
        assert (row.title, row.values["confirmed"]) == ("Havvind – Lyd", "none")
        for name in ("Havvind", "Lyd", "Alfa"):
            assert [found.id for found in of_organisation(uow, ids[name])] == [ids["pair"]]
            assert count_of(uow, ids[name]) == 1
        assert count_of(uow, ids["Mad"]) == 0


def test_an_organisation_does_not_work_together_with_itself(works: Works, ids: dict[str, int]):
    with works.writing(SYSTEM) as uow, pytest.raises(InvalidInput) as refused:
        uow.records.create("collaboration", {"one": ids["Mad"], "other": ids["Mad"]})
    assert "sig selv" in refused.value.fields["other"]("da")


def test_the_same_pair_kind_and_time_is_found_whichever_stands_first(works: Works, ids: dict[str, int]):
    turned = {"one": ids["Lyd"], "other": ids["Havvind"], "kind": "project", "period": {"start": "2026-03-01", "end": "2026-04-01"}}
    with works.writing(SYSTEM) as uow:
        twin, other_kind, before = uow.records.save_many(
            [
                Create("collaboration", turned),
                Create("collaboration", {**turned, "kind": "event"}),
                Create("collaboration", {**turned, "period": {"start": "2025-01-01", "end": "2025-12-31"}}),
            ]
        )
    with works.reading(SYSTEM) as uow:
        assert one(uow, twin).title == "Lyd – Havvind"
        assert [row.id for row in same_as(uow, one(uow, twin))] == [ids["pair"]]
        assert [row.id for row in same_as(uow, one(uow, ids["pair"]))] == [twin]
        assert same_as(uow, one(uow, other_kind)) == same_as(uow, one(uow, before)) == []


def test_a_side_that_may_not_be_read_says_nothing(works: Works, ids: dict[str, int], database: Database):
    blind = add_actor(database, "bo", [("collaboration", "read", "all", ["one", "kind"]), ("organisation", "read")])
    with works.reading(blind) as uow:
        assert (count_of(uow, ids["Havvind"]), count_of(uow, ids["Lyd"]), count_of(uow, ids["Alfa"])) == (1, 0, 0)
        assert same_as(uow, one(uow, ids["pair"])) == []
