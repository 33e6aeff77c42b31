"""A checklist on both databases: rows ticked off one at a time while others change it, taken back, filtered and sorted."""

from __future__ import annotations

from typing import Any

import pytest

from crm.filters import Condition
from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, Conflict, NotFound
from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.fields import CheckRow
from crm.records.query import list_page
from crm.records.undo import undo_act
from crm.records.work import Works
from crm.screens.checklists import Tick, tick
from crm.security.actors import Actor
from tests.support.records import SYSTEM, add_actor, works_on

ROWS = "[ ] Aftale\n[ ] Interview\n[x] Rapport"


@pytest.fixture
def works(database: Database) -> Works:
    return works_on(database)


@pytest.fixture
def anna(database: Database) -> Actor:
    return add_actor(database, "anna", [("*", "*")])


def make(works: Works, title: str = "Sag", rows: str = ROWS) -> int:
    with works.writing(SYSTEM) as uow:
        return uow.records.create("case", {"title": title, "checklist": rows})


def done(works: Works, record_id: int) -> str:
    with works.reading(SYSTEM) as uow:
        rows: tuple[CheckRow, ...] = uow.records.values(record_id)["checklist"] or ()
    return " ".join(f"{row.text}{'+' if row.done else ''}" for row in rows)


def tick_one(works: Works, actor: Actor, order: Tick) -> Any:
    with works.writing(actor) as uow:
        return tick(uow, order)


def test_rows_are_ticked_by_what_they_say_wherever_they_have_moved(works: Works, anna: Actor):
    case = make(works)
    tick_one(works, anna, Tick(case, "checklist", 1, "Interview", True))
    assert done(works, case) == "Aftale Interview+ Rapport+"
    with works.writing(SYSTEM) as uow:
        uow.records.update(case, {"checklist": "[ ] Ny\n[ ] Aftale\n[x] Interview\n[x] Rapport"})
    saved = tick_one(works, anna, Tick(case, "checklist", 1, "Interview", False))
    assert done(works, case) == "Ny Aftale Interview Rapport+"
    assert saved.act_id is not None
    assert tick_one(works, anna, Tick(case, "checklist", 2, "Interview", False)).act_id is None, "twice does it once"
    with pytest.raises(Conflict, match="changed in the meantime"):
        tick_one(works, anna, Tick(case, "checklist", 0, "Gone", True))


def test_a_tick_is_taken_back_and_others_ticks_stay(works: Works, anna: Actor):
    case = make(works)
    first = tick_one(works, anna, Tick(case, "checklist", 0, "Aftale", True)).act_id
    tick_one(works, SYSTEM, Tick(case, "checklist", 1, "Interview", True))
    with works.writing(anna) as uow:
        undo_act(uow, first)
    assert done(works, case) == "Aftale Interview+ Rapport+"


def test_only_who_may_change_the_field_ticks(works: Works, database: Database):
    case = make(works)
    reader = add_actor(database, "bo", [("case", "read")])
    with pytest.raises(AccessDenied):
        tick_one(works, reader, Tick(case, "checklist", 0, "Aftale", True))
    with pytest.raises(NotFound):
        tick_one(works, SYSTEM, Tick(case, "title", 0, "Sag", True))
    blind = add_actor(database, "clara", [("case", act, "all", ["title"], ["title"]) for act in ("read", "update")])
    with pytest.raises(NotFound):
        tick_one(works, blind, Tick(case, "checklist", 0, "Aftale", True))


@pytest.mark.parametrize("field", ["checklist", "x_list"])
def test_lists_are_filtered_and_sorted_by_what_is_left(works: Works, field: str):
    """The same for a field of the type's own and for one that was made in the browser."""
    with works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "case", "x_list", "checklist", Label(da="Liste"))
    for title, rows in (("to", "[ ] a\n[ ] b\n[x] c"), ("ingen", "[x] a"), ("tom", ""), ("en", "[ ] a")):
        with works.writing(SYSTEM) as uow:
            uow.records.create("case", {"title": title, field: rows})

    def found(op: str) -> set[str]:
        with works.reading(SYSTEM) as uow:
            return {row.title for row in list_page(uow, "case", where=Condition(field, op)).rows}

    assert (found("all_done"), found("has_open")) == ({"ingen"}, {"to", "en"})
    assert (found("empty"), found("filled")) == ({"tom"}, {"to", "en", "ingen"})
    with works.reading(SYSTEM) as uow:
        assert [row.title for row in list_page(uow, "case", sort=field).rows] == ["ingen", "en", "to", "tom"]
        assert [row.title for row in list_page(uow, "case", sort=field, descending=True).rows] == ["to", "en", "ingen", "tom"]
