"""Two at once, on PostgreSQL: the second waits for the first and then sees what it did. (SQLite has one writer at a time.)"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from crm.boards.models import Meeting
from crm.kernel.db import Database
from crm.kernel.errors import DomainError, InvalidInput, NotFound, RuleViolation
from crm.records.query import count, one
from crm.records.related import history, links
from crm.records.store import Create, StaleRecord, Update
from crm.records.work import UnitOfWork, Works
from tests.support.records import SYSTEM, works_on

Write = Callable[[UnitOfWork], Any]


@pytest.fixture
def works(postgres_database: Database) -> Works:
    return works_on(postgres_database)


class Second:
    """What the second writer came to."""

    result: Any = None
    refusal: DomainError | None = None


@contextmanager
def second_waits(works: Works, first: Write, second: Write) -> Iterator[Second]:
    """Let a second writer begin while the first has written and not committed; it must wait, and goes on after the commit."""
    told, done = Second(), threading.Event()

    def run() -> None:
        try:
            with works.writing(SYSTEM) as uow:
                told.result = second(uow)
        except DomainError as refusal:
            told.refusal = refusal
        finally:
            done.set()

    with works.writing(SYSTEM) as uow:
        first(uow)
        thread = threading.Thread(target=run)
        thread.start()
        assert not done.wait(0.3)
    thread.join(timeout=20)
    assert done.is_set()
    yield told


def test_a_name_is_made_of_what_both_writers_wrote(works: Works) -> None:
    """The second one's rules see the first one's columns, those of the type's own table too."""
    with works.writing(SYSTEM) as uow:
        person = uow.records.create("person", {"given_name": "Anne", "family_name": "Holm"})
    family: Write = lambda uow: uow.records.update(person, {"family_name": "Bak"})  # noqa: E731 - two of a kind
    given: Write = lambda uow: uow.records.update(person, {"given_name": "Anna"}, seen_version=1)  # noqa: E731
    with second_waits(works, family, given) as second:
        assert second.result == 3
    with works.reading(SYSTEM) as uow:
        assert one(uow, person).title == "Anna Bak"
        assert history(uow, person)[0].patch == {"given_name": ("Anne", "Anna")}


def test_writing_back_the_old_value_is_a_change_not_a_loss(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn", "street": "11"})
    with second_waits(
        works, lambda uow: uow.records.update(made, {"street": "22"}), lambda uow: uow.records.update(made, {"street": "11"})
    ) as second:
        assert second.result == 3
    with works.reading(SYSTEM) as uow:
        assert one(uow, made).values["street"] == "11"


def test_the_same_field_written_at_the_same_moment_is_a_conflict(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn", "street": "11"})
    with second_waits(
        works,
        lambda uow: uow.records.update(made, {"street": "22"}, seen_version=1),
        lambda uow: uow.records.update(made, {"street": "33"}, seen_version=1),
    ) as second:
        assert isinstance(second.refusal, StaleRecord)
        assert second.refusal.fields == {"street": ("11", "22")}


def test_a_record_that_goes_to_the_trash_is_not_pointed_at(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "Styregruppen"})
    meet: Write = lambda uow: uow.records.create("meeting", {"board": board, "when": "2027-04-27 10.00"})  # noqa: E731
    with second_waits(works, lambda uow: uow.records.delete(board), meet) as second:
        assert isinstance(second.refusal, InvalidInput)
        assert set(second.refusal.fields) == {"board"}


def test_a_record_that_is_pointed_at_does_not_go_to_the_trash(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "Styregruppen"})
    meet: Write = lambda uow: uow.records.create("meeting", {"board": board, "when": "2027-04-27 10.00"})  # noqa: E731
    with second_waits(works, meet, lambda uow: uow.records.delete(board)) as second:
        assert isinstance(second.refusal, RuleViolation)


def test_a_record_that_went_to_the_trash_is_not_changed(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
    for write in (
        lambda uow: uow.records.update(made, {"street": "1"}),
        lambda uow: uow.records.transition(made, "close"),
        lambda uow: uow.records.delete(made),
    ):
        with second_waits(works, lambda uow: uow.records.delete(made), write) as second:
            assert isinstance(second.refusal, NotFound)
        with works.writing(SYSTEM) as uow:
            uow.records.restore(made)


def test_a_step_is_taken_once(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
    prepare: Write = lambda uow: uow.records.transition(made, "prepare")  # noqa: E731
    with second_waits(works, prepare, prepare) as second:
        assert isinstance(second.refusal, RuleViolation)
    with works.reading(SYSTEM) as uow:
        assert [line.kind for line in history(uow, made)] == ["transition", "create"]


def test_a_link_is_made_once_and_taken_away_once(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
    link: Write = lambda uow: uow.records.link(made, "successors", made)  # noqa: E731
    with second_waits(works, link, link) as second:
        assert isinstance(second.refusal, InvalidInput)
    with works.reading(SYSTEM) as uow:
        (line,) = links(uow, made)
    unlink: Write = lambda uow: uow.records.unlink(line.id)  # noqa: E731
    with second_waits(works, unlink, unlink) as second:
        assert isinstance(second.refusal, NotFound)
    with works.reading(SYSTEM) as uow:
        assert [entry.kind for entry in history(uow, made)] == ["unlink", "link", "create"]


def test_meetings_planned_at_the_same_moment_get_different_numbers(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "Styregruppen"})
    meet: Write = lambda uow: uow.records.create("meeting", {"board": board, "when": "2027-04-27 10.00"})  # noqa: E731
    with second_waits(works, meet, meet) as second, works.reading(SYSTEM) as uow:
        assert uow.get(Meeting, second.result).number == 2


def test_who_changes_a_record_does_not_wait_for_who_points_at_it(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        parent = uow.records.create("organisation", {"title": "Stor"})
    with works.writing(SYSTEM) as first:
        first.records.create("organisation", {"title": "Lille", "parent": parent})
        with works.writing(SYSTEM) as second:
            assert second.records.update(parent, {"street": "1"}) == 2


def test_batches_that_meet_in_another_order_do_not_stop_each_other(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        ids = uow.records.save_many([Create("organisation", {"title": str(number)}) for number in range(30)])
    faults: list[BaseException] = []

    def change(order: list[int], phone: str) -> None:
        try:
            for _again in range(5):
                with works.writing(SYSTEM) as uow:
                    uow.records.save_many([Update(record_id, {"street": phone + str(_again)}) for record_id in order])
        except BaseException as fault:  # noqa: BLE001 - told below
            faults.append(fault)

    threads = [threading.Thread(target=change, args=(ids[::step], str(step))) for step in (1, -1, 1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []
    with works.reading(SYSTEM) as uow:
        assert count(uow, "organisation").number == 30
