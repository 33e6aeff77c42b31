"""The life of a case on both databases: its kind's rows, closing it, its days, undo, and the totals of a period."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm.cases.queries import cases_between
from crm.cases.rules import CaseTotals
from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput, RuleViolation
from crm.records.fields import CheckRow, DateValue
from crm.records.query import one
from crm.records.registry import RegistryCache
from crm.records.store.orders import Create
from crm.records.undo import undo_act
from crm.records.work import Works
from crm.security.actors import Actor
from crm.wiring import BUILTIN_TYPES
from tests.support.records import SYSTEM, add_actor, works_on

TODAY = DateValue(date(2026, 12, 1))


@pytest.fixture
def works(database: Database) -> Works:
    return works_on(database)


@pytest.fixture
def anna(database: Database) -> Actor:
    return add_actor(database, "anna", [("*", "*")])


def values(works: Works, case: int) -> dict[str, Any]:
    with works.reading(SYSTEM) as uow:
        return uow.records.values(case)


def step(works: Works, actor: Actor, case: int, key: str, comment: str | None = None) -> str:
    with works.writing(actor) as uow:
        uow.records.transition(case, key, comment=comment)
        return uow.act.id


def test_a_case_is_opened_today_with_the_rows_of_its_kind_and_closed_when_all_is_done(works: Works, anna: Actor):
    with works.writing(anna) as uow:
        case = uow.records.create("case", {"title": "Guld", "kind": "certification", "due": "2027-02-01"})
    made = values(works, case)
    assert [row.text for row in made["checklist"]] == ["Aftale", "Spørgeskema", "Interview", "Rapport", "Certifikat"]
    assert (made["state"], made["opened"], made["closed"]) == ("open", TODAY, None)
    step(works, anna, case, "start")
    with pytest.raises(RuleViolation, match="5 rows are not ticked off"):
        step(works, anna, case, "close")
    with works.writing(anna) as uow:
        uow.records.update(case, {"checklist": [CheckRow(row.text, done=True) for row in made["checklist"]]})
        task = uow.records.create("task", {"title": "Send certifikat", "about": case})
    with pytest.raises(RuleViolation, match="Send certifikat"):
        step(works, anna, case, "close")
    step(works, anna, task, "complete")
    act = step(works, anna, case, "close")
    assert (values(works, case)["state"], values(works, case)["closed"]) == ("closed", TODAY)
    with works.writing(anna) as uow:
        undo_act(uow, act)
    assert (values(works, case)["state"], values(works, case)["closed"]) == ("active", None)
    step(works, anna, case, "close")
    step(works, anna, case, "reopen")
    assert (values(works, case)["state"], values(works, case)["closed"]) == ("active", None)


def test_a_case_that_leads_nowhere_is_dropped_with_what_is_open(works: Works, anna: Actor):
    with works.writing(anna) as uow:
        case = uow.records.create("case", {"title": "Fusion", "kind": "merger"})
    step(works, anna, case, "drop", "Bestyrelsen sagde nej")
    assert (values(works, case)["state"], values(works, case)["closed"]) == ("dropped", TODAY)


def test_another_kind_fills_only_an_empty_list_and_an_emptied_one_stays_empty(works: Works):
    with works.writing(SYSTEM) as uow:
        case = uow.records.create("case", {"title": "Sag", "kind": "funding", "checklist": "[x] Egen"})
        uow.records.update(case, {"kind": "startup"})
    assert values(works, case)["checklist"] == (CheckRow("Egen", done=True),)
    with works.writing(SYSTEM) as uow:
        uow.records.update(case, {"checklist": None})
        uow.records.update(case, {"title": "Ny"})
    assert values(works, case)["checklist"] is None
    with works.writing(SYSTEM) as uow:
        uow.records.update(case, {"kind": "merger"})
    assert len(values(works, case)["checklist"]) == 4


def test_a_private_task_of_a_colleague_is_neither_named_nor_in_the_way(works: Works, anna: Actor, database: Database):
    bo = add_actor(database, "bo", [("*", "*")])
    with works.writing(bo) as uow:
        case = uow.records.create("case", {"title": "Sag"})
        uow.records.create("task", {"title": "Hemmelig", "about": case, "private": True, "owner": bo.user_id})
    with pytest.raises(RuleViolation, match="Hemmelig"):
        step(works, bo, case, "close")
    step(works, anna, case, "close")


def test_many_at_once_are_as_one_by_one_and_an_ended_one_has_a_day(database: Database):
    clock = FixedClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    works = Works(database, RegistryCache(BUILTIN_TYPES), clock=clock)
    with works.writing(SYSTEM) as uow:
        ids = uow.records.save_many(
            [
                Create("case", {"title": "a", "kind": "funding"}, state="closed"),
                Create("case", {"title": "b", "kind": "funding", "opened": "2025-06-01", "closed": "2026-01-15"}, state="closed"),
                Create("case", {"title": "c", "kind": "merger"}, state="waiting"),
                Create("case", {"title": "d", "kind": "merger", "opened": "2025-01-01", "closed": "2026-02-01"}, state="dropped"),
            ]
        )
    assert values(works, ids[0])["closed"] == values(works, ids[0])["opened"] == DateValue(date(2026, 3, 2))
    assert values(works, ids[1])["closed"] == DateValue(date(2026, 1, 15))
    assert values(works, ids[2])["closed"] is None
    with works.writing(SYSTEM) as uow:
        uow.records.delete(uow.records.create("case", {"title": "gone", "kind": "merger"}))
    with works.reading(SYSTEM) as uow:
        found = cases_between(uow, date(2026, 1, 1), date(2026, 12, 31))
        assert found == [CaseTotals("merger", 1, 0, 1, 1), CaseTotals("funding", 1, 2, 0, 0)]
        assert cases_between(uow, date(2024, 1, 1), date(2024, 12, 31)) == []
    mine = add_actor(database, "clara", [("case", "read", "own")])
    with works.reading(mine) as uow:
        assert cases_between(uow, date(2026, 1, 1), date(2026, 12, 31)) == []


def test_what_a_checklist_cannot_hold_is_refused_by_its_name(works: Works, anna: Actor):
    with works.writing(anna) as uow, pytest.raises(InvalidInput) as refused:
        uow.records.create("case", {"title": "Sag", "checklist": ["x" * 201]})
    assert set(refused.value.fields) == {"checklist"}
    with works.writing(anna) as uow:
        assert one(uow, uow.records.create("case", {"title": "Sag"})).values["checklist"] is None
