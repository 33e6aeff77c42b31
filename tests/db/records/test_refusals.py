"""A refused write changes nothing in any table, wherever the refusal comes from; nothing goes round the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, update

from crm.boards.models import Board
from crm.directory.models import Organisation
from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, DomainError, InvalidInput, KlyngeError, NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.records.models import Record, RecordLink
from crm.records.query import one
from crm.records.related import history
from crm.records.store import Create, Delete, Link, TransitionOrder, Update
from crm.records.types import ChangeFacts, Functions
from crm.records.work import UnitOfWork, Works
from tests.support.records import SYSTEM, add_actor, builtin, everything_in, works_on

Write = Callable[[UnitOfWork, int], Any]
READER = (("*", "read"),)
WRITES: dict[str, Write] = {
    "create": lambda uow, _made: uow.records.create("organisation", {"title": "Ny"}),
    "update": lambda uow, made: uow.records.update(made, {"title": "Ny"}),
    "transition": lambda uow, made: uow.records.transition(made, "close"),
    "link": lambda uow, made: uow.records.link(made, "successors", made),
    "delete": lambda uow, made: uow.records.delete(made),
    "save_many": lambda uow, made: uow.records.save_many([Create("organisation", {"title": "Ny"}), Update(made, {"title": "Ny"})]),
}


@pytest.mark.parametrize("name", WRITES)
def test_who_may_only_read_changes_nothing(database: Database, works: Works, name: str) -> None:
    reader = add_actor(database, "viewer", READER)
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
    before = everything_in(database)
    with works.writing(reader) as uow, pytest.raises(AccessDenied):
        WRITES[name](uow, made)
    assert everything_in(database) == before


@pytest.mark.parametrize("name", sorted(WRITES.keys() - {"create"}))
def test_who_may_not_see_a_record_is_told_that_there_is_none(database: Database, works: Works, name: str) -> None:
    nobody = add_actor(
        database, "nobody", [("organisation", act, "own") for act in ("read", "create", "update", "delete", "close")]
    )
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
    before = everything_in(database)
    with works.writing(nobody) as uow, pytest.raises(NotFound):
        WRITES[name](uow, made)
    assert everything_in(database) == before


@pytest.mark.parametrize("name", WRITES)
def test_who_has_no_role_at_all_changes_nothing(database: Database, works: Works, name: str) -> None:
    nobody = add_actor(database, "nobody")
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
    before = everything_in(database)
    with works.writing(nobody) as uow, pytest.raises((AccessDenied, NotFound)):
        WRITES[name](uow, made)
    assert everything_in(database) == before


def test_a_guard_of_the_lifecycle_is_named_and_the_state_stays(database: Database, works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "Styregruppen"})
        meeting = uow.records.create("meeting", {"board": board, "when": "2027-04-27 10.00"})
        follow_up = uow.records.create("follow_up", {"meeting": meeting, "title": "Ring til Aabenraa"})
        uow.records.transition(follow_up, "complete", comment="Ringet\x00 op")
        assert history(uow, follow_up)[0].patch == {"state": ("open", "done"), "comment": (None, "Ringet op")}
    before = everything_in(database)
    for step, told in (("hold", "not possible while the state is “Draft”"), ("publish\x00", "no step called “publish”")):
        with works.writing(SYSTEM) as uow, pytest.raises(RuleViolation, match=told):
            uow.records.transition(meeting, step)
    assert everything_in(database) == before


# ------------------------------------------------------------------------------------------------- what orders set off
def consequences(after: Callable[[ChangeFacts], Any], database: Database) -> Works:
    return works_on(database, builtin("organisation", functions=Functions(after=after)))


def test_a_consequence_is_written_in_the_same_transaction_by_the_same_act(database: Database) -> None:
    def after(change: ChangeFacts) -> list[Any]:
        if change.kind == "create" and change.new["title"] == "Stor":
            return [
                Create("organisation", {"title": "Lille", "parent": change.record_id}),
                TransitionOrder(change.record_id, "prepare"),
            ]
        return []

    with consequences(after, database).writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Stor"})
        assert one(uow, made).state == "starting"
    tables = everything_in(database)
    assert len(tables["organisation"]) == 2
    assert len(tables["act"]) == 1
    assert len(tables["change"]) == 3


def test_consequences_without_end_are_cut_at_five_and_leave_nothing_behind(database: Database) -> None:
    works = consequences(lambda change: [Create("organisation", {"title": "Igen"})], database)
    before = everything_in(database)
    with works.writing(SYSTEM) as uow:
        with pytest.raises(RuleViolation, match="without end"):
            uow.records.create("organisation", {"title": "Først"})
        with pytest.raises(RuleViolation, match="without end"):
            uow.records.save_many([Create("person", {"given_name": "Anne"}), Create("organisation", {"title": "Først"})][1:])
    assert everything_in(database) == before


def test_five_consequences_deep_is_allowed(database: Database) -> None:
    def after(change: ChangeFacts) -> list[Any]:
        depth = int(change.new["title"])
        return [Create("organisation", {"title": str(depth + 1)})] if depth < 5 else []

    with consequences(after, database).writing(SYSTEM) as uow:
        uow.records.create("organisation", {"title": "0"})
    assert len(everything_in(database)["organisation"]) == 6


def test_a_refused_consequence_takes_the_order_back_with_it(database: Database) -> None:
    def after(change: ChangeFacts) -> list[Any]:
        return [Create("organisation", {})] if change.new["title"] == "Skidt" else []

    works = consequences(after, database)
    with works.writing(SYSTEM) as uow:
        kept = uow.records.create("organisation", {"title": "Godt"})
    before = everything_in(database)
    with works.writing(SYSTEM) as uow:
        for write in (
            lambda: uow.records.create("organisation", {"title": "Skidt"}),
            lambda: uow.records.update(kept, {"title": "Skidt"}),
        ):
            with pytest.raises(InvalidInput):
                write()
    assert everything_in(database) == before


def test_orders_of_every_kind_can_follow(database: Database) -> None:
    def after(change: ChangeFacts) -> list[Any]:
        if change.kind != "update":
            return []
        first = change.record_id - 1
        return [Link(change.record_id, "successors", first), Update(first, {"street": "1"}), Delete(first)][
            : 3 if change.new["city"] else 0
        ]

    with consequences(after, database).writing(SYSTEM) as uow:
        uow.records.create("organisation", {"title": "Først"})
        last = uow.records.create("organisation", {"title": "Sidst"})
        uow.records.update(last, {"city": "Nyborg"})
    kinds = {row[0] for row in everything_in(database)["change"]}
    assert len(kinds) == 6


# ------------------------------------------------------------------------------------------------- round the store
def test_a_flush_behind_the_stores_back_is_refused(database: Database, works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
    before = everything_in(database)

    def assign(uow: UnitOfWork) -> None:
        uow.get(Organisation, made).street = "1"

    def add(uow: UnitOfWork) -> None:
        uow.session.add(Board(id=99, type_id=3, kind="board", title="X", title_sort="x"))

    def remove(uow: UnitOfWork) -> None:
        uow.session.delete(uow.get(Organisation, made))

    def in_bulk(uow: UnitOfWork) -> None:
        uow.session.execute(update(Organisation).values(street="1"))

    def delete_in_bulk(uow: UnitOfWork) -> None:
        uow.session.execute(delete(Record))

    for write in (assign, add, remove, in_bulk, delete_in_bulk):
        with pytest.raises(KlyngeError, match=r"uow\.records"), works.writing(SYSTEM) as uow:
            write(uow)
    assert everything_in(database) == before


def test_an_object_read_before_a_write_shows_what_is_stored_after_it(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
        item = uow.get(Organisation, made)
        uow.records.update(made, {"title": "Vestfyn", "city": "Assens"})
        assert (item.title, item.city, item.version) == ("Vestfyn", "Assens", 2)
        uow.session.add(RecordLink(from_id=made, field="successors", to_id=made))  # not a record: free to be written
        uow.session.flush()


def test_a_refusal_is_worded_in_both_languages() -> None:
    refusal = InvalidInput({"title": N_("“%(field)s” must be filled in.", field="Navn")})
    assert isinstance(refusal, DomainError)
    assert refusal.fields["title"]("da") == "”Navn” skal udfyldes."
