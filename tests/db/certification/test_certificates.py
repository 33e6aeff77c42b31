"""A certificate in the store: its days by the rules until somebody writes others, and what takes its place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.records.ageing import age_all
from crm.records.query import one
from crm.records.store import Create
from crm.records.undo import undo_act
from crm.records.work import Works
from tests.support.records import SYSTEM, add_actor, works_on


class Register:
    """The certificates of one cluster."""

    def __init__(self, works: Works) -> None:
        self.works = works
        with works.writing(SYSTEM) as uow:
            self.cluster = uow.records.create("organisation", {"title": "Grøn Energi Nord", "kind": "cluster"})

    def award(self, level: str, assessed: str, **more: Any) -> int:
        with self.works.writing(SYSTEM) as uow:
            return uow.records.create("certificate", {"organisation": self.cluster, "level": level, "assessed": assessed, **more})

    def change(self, record_id: int, **values: Any) -> None:
        with self.works.writing(SYSTEM) as uow:
            uow.records.update(record_id, values)

    def days(self, record_id: int) -> tuple[str, ...]:
        """Give from, until, and the day it was superseded."""
        with self.works.reading(SYSTEM) as uow:
            values = one(uow, record_id).values
        found = (values[name] for name in ("valid_from", "valid_until", "superseded_on"))
        return tuple("" if value is None else value.start.isoformat() for value in found)

    def value(self, record_id: int, name: str) -> Any:
        with self.works.reading(SYSTEM) as uow:
            return one(uow, record_id).values[name]


@pytest.fixture
def register(database: Database) -> Register:
    return Register(works_on(database))


@pytest.fixture
def small_register(sqlite_database: Database) -> Register:
    """The same on SQLite alone: for what does not depend on the database."""
    return Register(works_on(sqlite_database))


def test_days_follow_the_rules_until_somebody_writes_others(register: Register):
    made = register.award("gold", "2024-03-14")
    assert register.days(made) == ("2024-03-14", "2026-03-31", "")
    assert register.value(made, "scheme_version") == "ecei-2019"
    assert register.value(made, "renew_by").start == date(2027, 3, 31)
    assert register.value(made, "status") == "renewable"
    register.change(made, assessed="2019-11-14")
    assert register.days(made) == ("2019-11-14", "2021-11-14", ""), "another day, another version of the scheme"
    assert (register.value(made, "scheme_version"), register.value(made, "renew_by")) == ("ecei-2012", None)
    register.change(made, valid_until="2026-12-31")
    register.change(made, assessed="2024-03-14")
    assert register.days(made) == ("2024-03-14", "2026-12-31", ""), "what was written by hand stays"
    register.change(made, valid_until=None)
    assert register.days(made) == ("2024-03-14", "2026-03-31", "")
    with pytest.raises(InvalidInput):
        register.change(made, valid_until="2024-03-13")


def test_what_a_new_one_renews_or_replaces_is_found_and_given_its_place_back(register: Register, database: Database):
    bronze = register.award("bronze", "2023-05-10")
    renewed = register.award("bronze", "2026-02-20")  # nine months late
    assert register.value(renewed, "replaces") == bronze
    assert register.days(renewed) == ("2025-06-01", "2028-05-31", "")
    assert register.days(bronze) == ("2023-05-10", "2025-05-31", "2025-06-01")
    anna = add_actor(database, "anna", [("*", "*")])
    with register.works.writing(anna) as uow:
        values = {"organisation": register.cluster, "level": "gold", "assessed": "2026-11-10"}
        gold = uow.records.create("certificate", values)
        act = uow.act.id
    assert register.value(gold, "replaces") == renewed
    assert register.value(renewed, "status") == "superseded"
    with register.works.writing(anna) as uow:
        undo_act(uow, act)
    assert register.value(renewed, "status") == "valid", "what took its place is in the trash"
    assert register.days(renewed)[2] == ""
    with register.works.writing(SYSTEM) as uow:
        uow.records.restore(gold)
    assert register.value(renewed, "status") == "superseded"
    register.change(gold, level="bronze", replaces=None, organisation=register.cluster)
    assert register.value(renewed, "status") == "superseded", "a later one of the same level while this one was in force"


def test_a_merged_clusters_label_takes_the_place_of_the_old_ones(small_register: Register):
    register = small_register
    old = register.award("silver", "2025-05-10")
    with register.works.writing(SYSTEM) as uow:
        merged = uow.records.create("organisation", {"title": "Danmarks Energiklynge", "kind": "cluster"})
        values = {"organisation": merged, "level": "gold", "assessed": "2026-09-01", "replaces": old}
        made = uow.records.create("certificate", values)
    assert register.value(old, "status") == "superseded"
    assert register.days(old)[2] == "2026-09-01"
    with register.works.writing(SYSTEM) as uow:
        uow.records.update(made, {"replaces": None})
    assert register.value(old, "status") == "expiring"


def test_many_at_once_give_what_one_by_one_gives(small_register: Register):
    register = small_register
    awards = [("bronze", "2018-01-10"), ("silver", "2020-02-03"), ("silver", "2022-05-09"), ("gold", "2024-10-01")]
    ids = [register.award(level, day) for level, day in awards]
    with register.works.writing(SYSTEM) as uow:
        other = uow.records.create("organisation", {"title": "Østfyn Maritim", "kind": "cluster"})
        orders = [Create("certificate", {"organisation": other, "level": level, "assessed": day}) for level, day in awards]
        many = uow.records.save_many(orders)
    age_all(register.works)
    names = ("superseded_on", "status")
    assert [[register.value(one, name) for name in names] for one in ids] == [
        [register.value(one, name) for name in names] for one in many
    ]


def test_a_past_batch_ends_where_the_day_is(small_register: Register):
    register = small_register
    with register.works.writing(SYSTEM, clock=FixedClock(datetime(2024, 9, 14, 8, tzinfo=UTC))) as uow:
        values = {"organisation": register.cluster, "level": "gold", "assessed": "2024-09-14"}
        made = uow.records.create("certificate", values)
    assert age_all(register.works) == 1
    assert register.value(made, "status") == "renewable"
