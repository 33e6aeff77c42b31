"""A task that comes again is written anew when it is done, on both databases and by whatever way it is done."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crm.filters import Condition
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.records.fields import DateValue
from crm.records.query import list_page, one
from crm.records.undo import undo_act
from crm.records.work import Works
from crm.security.actors import Actor
from crm.tasks.services import WriteTask, tick, write_task
from tests.support.records import add_actor


@pytest.fixture
def anna(database: Database) -> Actor:
    return add_actor(database, "anna", [("*", "*")])


def test_the_next_one_has_its_own_day_and_the_done_one_stays(works: Works, anna: Actor):
    with works.writing(anna) as uow:
        about = uow.records.create("organisation", {"title": "Klynge"})
        first = uow.records.create(
            "task",
            {"title": "Nyhedsbrev", "about": about, "due": "2026-11-26 10:00", "repeats": "weekly", "remind_on": "2026-11-25"},
        )
        tick(uow, first, done=True)
        tick(uow, first, done=True)
        following = list_page(uow, "task", where=Condition("state", "is", "open")).rows
        assert len(following) == 1, "done twice is done once"
        values = following[0].values
        assert one(uow, first).state == "done"
        assert values["due"] == DateValue(datetime(2026, 12, 3, 9, 0, tzinfo=UTC), all_day=False)
        assert values["remind_on"] == DateValue(date(2026, 12, 2))
        assert (values["about"], values["repeats"], following[0].owner_id) == (about, "weekly", one(uow, first).owner_id)


def test_ten_o_clock_stays_ten_o_clock_over_the_summer(works: Works, anna: Actor):
    with works.writing(anna) as uow:
        first = uow.records.create("task", {"title": "Møde", "due": "2027-03-26 10:00", "repeats": "weekly"})
        uow.records.transition(first, "complete")
        due = list_page(uow, "task", where=Condition("state", "is", "open")).rows[0].values["due"]
        assert due.start == datetime(2027, 4, 2, 8, 0, tzinfo=UTC)


def test_undo_takes_the_next_one_back_too(works: Works, anna: Actor):
    with works.writing(anna) as uow:
        first = uow.records.create("task", {"title": "Nyhedsbrev", "due": "2026-12-01", "repeats": "weekly"})
    with works.writing(anna) as uow:
        tick(uow, first, done=True)
        act = uow.act.id
    with works.writing(anna) as uow:
        undo_act(uow, act)
        left = list_page(uow, "task").rows
    assert [(row.id, row.state) for row in left] == [(first, "open")]


def test_a_repetition_needs_a_day_to_count_from_and_a_last_day_needs_a_repetition(works: Works, anna: Actor):
    with works.writing(anna) as uow, pytest.raises(InvalidInput) as refused:
        uow.records.create("task", {"title": "X", "repeats": "daily"})
    assert set(refused.value.fields) == {"due"}
    with works.writing(anna) as uow, pytest.raises(InvalidInput) as refused:
        uow.records.create("task", {"title": "X", "due": "2026-12-01", "repeat_until": "2026-12-31"})
    assert set(refused.value.fields) == {"repeats"}


def test_a_line_makes_a_task_for_whom_it_names(works: Works, database: Database, anna: Actor):
    bo = add_actor(database, "bo", [("@crm", "use")])
    member = add_actor(database, "åse", [("@portal", "use")])
    with works.writing(anna) as uow:
        row = one(uow, write_task(uow, WriteTask("Ring til Anne @bo fredag !")))
        assert (row.title, row.owner_id, row.values["priority"]) == ("Ring til Anne", bo.user_id, "high")
        assert row.values["due"] == DateValue(date(2026, 12, 4))
        assert one(uow, write_task(uow, WriteTask("Ring @Bo Prøve i dag"))).owner_id == bo.user_id
        assert one(uow, write_task(uow, WriteTask("Min egen"))).owner_id == anna.user_id
    for line in ("", "i morgen", "Ring @ingen", f"Ring @{member.name}"):
        with works.writing(anna) as uow, pytest.raises(InvalidInput) as refused:
            write_task(uow, WriteTask(line))
        assert set(refused.value.fields) == {"line"}
