"""What reading and saving ask of the database: few questions, and as many for one hundred records as for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crm.filters import Condition
from crm.kernel.db import Database
from crm.records.query import count, list_page, one, pick, titles
from crm.records.related import history, links
from crm.records.store import Create
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor, MandateSpan
from tests.support.queries import counting
from tests.support.records import SYSTEM, add_actor

BOARD, FIRST_MEETING = 1, 2
MEETINGS = range(FIRST_MEETING, FIRST_MEETING + 100)

#: What is asked → how many questions for an unbounded actor, and for one whose scope is a board. The epochs are read
#: together with the actor (`web.visit`), so opening a unit of work asks nothing here.
READS: dict[str, tuple[Callable[[UnitOfWork], Any], int, int]] = {
    "list": (lambda uow: list_page(uow, "meeting", size=200), 1, 1),
    "filtered list": (
        lambda uow: list_page(uow, "meeting", where=Condition("place", "filled"), sort="when", descending=True),
        2,
        2,
    ),
    "count": (lambda uow: count(uow, "meeting"), 1, 1),
    # of a record that was read before the type is known, here and in what hangs on it
    "record": (lambda uow: one(uow, BOARD), 1, 1),
    "titles": (lambda uow: titles(uow, MEETINGS), 1, 2),
    "picker": (lambda uow: pick(uow, ["meeting", "board"], "st", limit=200), 2, 2),
    "links": (lambda uow: links(uow, BOARD), 2, 2),
    "history": (lambda uow: history(uow, BOARD), 2, 2),
}


def members(database: Database) -> tuple[Actor, Actor]:
    staff = add_actor(database, "staff_", [("*", "*")], security_epoch=9, registry_epoch=1)
    bounded = add_actor(
        database, "member", [(key, "read", "board") for key in ("board", "meeting")], security_epoch=9, registry_epoch=1
    )
    return staff, replace(bounded, mandates=(MandateSpan(BOARD, date(2020, 1, 1)),))


def meetings(number: int, first: int = 0) -> list[Create]:
    return [
        Create(
            "meeting",
            {"board": BOARD, "when": f"{2000 + (first + n)}-04-27 10.00", "place": "Odense" if n % 2 else None},
            state="published",
        )
        for n in range(number)
    ]


def test_reads_ask_the_same_few_questions_for_one_and_for_a_hundred_records(database: Database, works: Works) -> None:
    actors = members(database)
    told: list[dict[str, tuple[int, int]]] = []
    for first, size in ((0, 1), (1, 99)):
        with works.writing(SYSTEM) as uow:
            if not first:
                assert uow.records.create("board", {"title": "Styregruppen"}) == BOARD
            uow.records.save_many(meetings(size, first))
            for number in range(size):
                uow.records.update(BOARD, {"place": f"Sted {first} {number}"})
        for actor in actors:  # grants and plans are read once a process
            with works.reading(actor) as uow:
                for ask, *_numbers in READS.values():
                    ask(uow)
        found: dict[str, tuple[int, int]] = {}
        for name, (ask, *_numbers) in READS.items():
            asked = []
            for actor in actors:
                with works.reading(actor) as uow, counting(database) as statements:
                    ask(uow)
                asked.append(len(statements))
            found[name] = (asked[0], asked[1])
        told.append(found)
    expected = {name: (staff, bounded) for name, (_ask, staff, bounded) in READS.items()}
    assert told[1] == expected
    assert all(first[name] <= expected[name] for first in told[:1] for name in expected)


#: How often each asks on SQLite and on PostgreSQL, where a single record's tables, act, change and values are written together.
WRITES: dict[str, tuple[Callable[[UnitOfWork], Any], int, int]] = {
    # epoch, spine, own table, act, change, values
    "a new record": (lambda uow: uow.records.create("organisation", {"title": "Ny"}), 6, 2),
    # and: what it points at, locked and looked at
    "a new record that points at one": (
        lambda uow: uow.records.create("organisation", {"title": "Ny", "parent": ORGANISATION}),
        8,
        4,
    ),
    # epoch, lock, record, spine, own table, act, change, values
    "one changed field": (lambda uow: uow.records.update(ORGANISATION, {"street": "1"}), 8, 4),
    # and: the names it has had, held and looked at
    "one changed field of the spine": (lambda uow: uow.records.update(ORGANISATION, {"title": "Andet"}), 9, 6),
    "a form saved unchanged": (lambda uow: uow.records.update(ORGANISATION, {"title": "Først"}, seen_version=1), 3, 3),
    # and: the day of its end, written as a change of its own
    "a step": (lambda uow: uow.records.transition(ORGANISATION, "close"), 13, 8),
    "a link": (lambda uow: uow.records.link(ORGANISATION, "successors", ORGANISATION), 11, 9),
    # and: whether anything needs it, of all types at once
    "into the trash": (lambda uow: uow.records.delete(ORGANISATION), 8, 6),
}
ORGANISATION = 1


@pytest.mark.parametrize("name", WRITES)
def test_a_write_asks_few_questions(database: Database, works: Works, name: str) -> None:
    staff = add_actor(database, "staff_", [("*", "*")], security_epoch=9)
    with works.writing(SYSTEM) as uow:
        assert uow.records.create("organisation", {"title": "Først"}) == ORGANISATION
    with works.reading(staff) as uow:
        one(uow, ORGANISATION)
    write, on_sqlite, on_postgresql = WRITES[name]
    with counting(database) as asked, works.writing(staff) as uow:
        write(uow)
    assert len(asked) == (on_sqlite if database.is_sqlite else on_postgresql), "\n".join(asked)
