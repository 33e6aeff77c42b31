"""A next step is a task about the sparring, in the same act; it follows when the step changes, and an undo takes both back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm.filters import Condition
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.records.fields import DateValue
from crm.records.query import Row, list_page, one
from crm.records.undo import undo_act
from crm.records.work import Works
from tests.support.records import add_actor


class Desk:
    """Anna's: writes sparrings, and looks at the tasks about one."""

    def __init__(self, database: Database, works: Works) -> None:
        self.works = works
        self.anna, self.bo = (add_actor(database, name, [("*", "*")]) for name in ("anna", "bo"))

    def log(self, **values: Any) -> int:
        with self.works.writing(self.anna) as uow:
            return uow.records.create("sparring", {"owner": self.anna.user_id, **values})

    def change(self, record_id: int, **values: Any) -> str:
        with self.works.writing(self.anna) as uow:
            uow.records.update(record_id, values)
            return uow.act.id

    def tasks(self, record_id: int) -> list[Row]:
        with self.works.reading(self.anna) as uow:
            return list(list_page(uow, "task", where=Condition("about", "is", record_id)).rows)

    def told(self, record_id: int) -> list[tuple[str, int | None, Any]]:
        return [(row.title, row.owner_id, row.values["due"].start) for row in self.tasks(record_id)]


@pytest.fixture
def desk(database: Database, works: Works) -> Desk:
    return Desk(database, works)


def test_a_next_step_becomes_a_task_for_the_adviser_in_five_working_days(desk: Desk) -> None:
    """Logged on Tuesday 1 December: the fifth working day after it is Tuesday the 8th."""
    made = desk.log(next_step="Sender EEN-kontakt")
    assert desk.told(made) == [("Sender EEN-kontakt", desk.anna.user_id, date(2026, 12, 8))]
    with desk.works.reading(desk.anna) as uow:
        row = one(uow, made)
        assert row.title == "Sparring, 01.12.2026"
        assert (row.values["next_owner"], row.values["next_due"].start) == (desk.anna.user_id, date(2026, 12, 8))
    assert desk.tasks(desk.log(note="Intet lovet")) == []


def test_its_task_follows_the_step_and_an_undo_takes_both_back(desk: Desk) -> None:
    made = desk.log(next_step="Sender skabelon")
    act = desk.change(made, next_step="Sender to skabeloner", next_owner=desk.bo.user_id, next_due="2026-12-10")
    assert desk.told(made) == [("Sender to skabeloner", desk.bo.user_id, date(2026, 12, 10))]
    with desk.works.writing(desk.anna) as uow:
        undo_act(uow, act)
    assert desk.told(made) == [("Sender skabelon", desk.anna.user_id, date(2026, 12, 8))]
    act = desk.change(made, next_step=None)
    assert desk.tasks(made) == []
    with desk.works.writing(desk.anna) as uow:
        assert one(uow, made).values["next_due"] is None
        undo_act(uow, act)
    assert desk.told(made) == [("Sender skabelon", desk.anna.user_id, date(2026, 12, 8))]


def test_a_task_that_was_done_or_reworded_lives_on_by_itself(desk: Desk) -> None:
    made = desk.log(next_step="Ringer igen")
    (task,) = desk.tasks(made)
    with desk.works.writing(desk.anna) as uow:
        uow.records.transition(task.id, "complete")
    desk.change(made, next_due="2026-12-24")
    assert [row.state for row in desk.tasks(made)] == ["done"]
    desk.change(made, next_step="Ringer til kassereren")
    assert sorted((row.title, row.state) for row in desk.tasks(made)) == [
        ("Ringer igen", "done"),
        ("Ringer til kassereren", "open"),
    ]


def test_values_that_do_not_go_together_are_put_right_or_refused(desk: Desk) -> None:
    made = desk.log(channel="phone", our_role="expert", led_to="contact", next_owner=desk.bo.user_id)
    with desk.works.reading(desk.anna) as uow:
        values = one(uow, made).values
        assert [values[name] for name in ("our_role", "led_to", "next_owner", "minutes")] == [None, None, None, 15]
        assert values["held"] == DateValue(date(2026, 12, 1))
    with pytest.raises(InvalidInput) as refused:
        desk.log(held="2026-12-02")
    assert set(refused.value.fields) == {"held"}
