"""Values that only one record may have, and numbers that the system gives: whoever writes at the same moment."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.query import list_page, one
from crm.records.store import Create, Update
from crm.records.work import Works
from tests.support.records import SYSTEM, add_actor, everything_in, works_on


def field(works: Works, name: str, kind: str, **config: Any) -> None:
    with works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "organisation", name, kind, Label(da=name), config=config)


def make(works: Works, title: str, **values: Any) -> int:
    with works.writing(SYSTEM) as uow:
        return uow.records.create("organisation", {"title": title, **values})


# -- unique ------------------------------------------------------------------------------------------------------------


def test_a_value_that_another_record_has_is_refused_by_its_name(works: Works, database: Database) -> None:
    field(works, "code", "text", unique=True)
    field(works, "mails", "emails", unique=True)
    first = make(works, "Havnen", code="Aa 1", mails=["a@x.dk", "b@x.dk"])
    before = everything_in(database)
    for values in ({"code": "å  1"}, {"mails": "B@x.dk"}):
        with works.writing(SYSTEM) as uow, pytest.raises(InvalidInput, match="“Havnen” has this value already"):
            uow.records.create("organisation", {"title": "Ny", **values})
    assert everything_in(database) == before
    with works.writing(SYSTEM) as uow:
        uow.records.update(first, {"code": "aa 1", "mails": ["b@x.dk", "c@x.dk"]})
    assert make(works, "Ny", mails="a@x.dk")


def test_two_of_one_batch_do_not_share_a_value_and_nothing_is_written(works: Works, database: Database) -> None:
    field(works, "code", "text", unique=True)
    before = everything_in(database)
    with works.writing(SYSTEM) as uow, pytest.raises(InvalidInput, match="“Et” has this value"):
        uow.records.save_many([Create("organisation", {"title": title, "code": "x"}) for title in ("Et", "To")])
    assert everything_in(database) == before


def test_a_batch_gives_what_its_orders_give_one_by_one(works: Works) -> None:
    field(works, "code", "text", unique=True)
    first = make(works, "Et", code="x")
    with works.writing(SYSTEM) as uow:
        second = uow.records.save_many([Update(first, {"code": "y"}), Create("organisation", {"title": "To", "code": "x"})])[1]
    with works.writing(SYSTEM) as uow, pytest.raises(InvalidInput, match="“To” has this value"):
        uow.records.save_many([Create("organisation", {"title": "Tre", "code": "x"}), Update(second, {"code": "z"})])


def test_a_freed_value_can_be_taken_and_one_in_the_trash_is_kept(works: Works) -> None:
    field(works, "code", "text", unique=True)
    first, second = make(works, "Et", code="x"), make(works, "To", code="y")
    with works.writing(SYSTEM) as uow:
        uow.records.update(first, {"code": None})
        uow.records.update(second, {"code": "x"})
        uow.records.delete(second)
    with works.writing(SYSTEM) as uow, pytest.raises(InvalidInput, match="“To” in the trash"):
        uow.records.update(first, {"code": "x"})


def test_who_may_not_see_the_other_record_is_not_told_its_name(works: Works, database: Database) -> None:
    field(works, "code", "text", unique=True)
    make(works, "Hemmelig", code="x")
    blind = add_actor(database, "bo", [("organisation", "create")])
    with works.writing(blind) as uow, pytest.raises(InvalidInput) as refused:
        uow.records.create("organisation", {"title": "Ny", "code": "x"})
    assert "Hemmelig" not in str(refused.value)


def test_of_two_who_take_a_value_at_once_one_gets_it(works: Works, database: Database) -> None:
    field(works, "code", "text", unique=True)
    answers = at_once(database, 2, lambda works, number: make(works, f"Nr. {number}", code="x"))
    assert sorted(isinstance(answer, InvalidInput) for answer in answers) == [False, True]
    assert [row.values["code"] for row in listed(works) if row.values["code"]] == ["x"]


# -- automatic numbers -------------------------------------------------------------------------------------------------


def test_numbers_follow_each_other_and_a_refused_record_takes_none(works: Works) -> None:
    field(works, "number", "auto_number", prefix="SAG-", padding=3)
    first = make(works, "Et")
    with works.writing(SYSTEM) as uow:
        with pytest.raises(InvalidInput):
            uow.records.create("organisation", {"title": ""})
        more = uow.records.save_many([Create("organisation", {"title": str(number)}) for number in range(3)])
    with works.reading(SYSTEM) as uow:
        assert [one(uow, made).values["number"] for made in (first, *more)] == ["SAG-001", "SAG-002", "SAG-003", "SAG-004"]


def test_a_number_that_the_system_brings_is_kept_and_counted_on_from(works: Works) -> None:
    field(works, "number", "auto_number", prefix="SAG-", padding=3)
    make(works, "Gammel", number="SAG-040")
    make(works, "Ny")
    assert [row.values["number"] for row in listed(works)] == ["SAG-040", "SAG-041"]
    with works.writing(SYSTEM) as uow, pytest.raises(InvalidInput, match="“Ny” has this value"):
        uow.records.create("organisation", {"title": "Igen", "number": "41"})


def test_numbers_are_unique_however_many_write_at_once(works: Works, database: Database) -> None:
    field(works, "number", "auto_number", prefix="S")

    def five(works: Works, number: int) -> list[int]:
        return [make(works, f"{number}.{turn}") for turn in range(5)]

    answers = at_once(database, 4, five)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert sorted(int(row.values["number"][1:]) for row in listed(works)) == list(range(1, 21))


def listed(works: Works) -> Any:
    with works.reading(SYSTEM) as uow:
        return list_page(uow, "organisation", sort="id", size=200).rows


def at_once(database: Database, writers: int, act: Any) -> list[Any]:
    """Let writers begin together, each with units of work of its own; gives what each came to."""
    barrier, answers = threading.Barrier(writers), []

    def run(number: int) -> None:
        works = works_on(database)
        barrier.wait(timeout=20)
        try:
            answers.append(act(works, number))
        except Exception as error:  # noqa: BLE001 - what came of it is what is asked
            answers.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers
