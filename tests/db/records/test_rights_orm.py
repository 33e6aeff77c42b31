"""ORM reads are bounded as every other read: selects, get, counts, joins, aliases, subqueries, other entities beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, selectin_polymorphic

from crm.boards.models import AgendaItem, Board, Meeting
from crm.directory.models import Organisation, Person
from crm.kernel.db import Database
from crm.kernel.errors import KlyngeError, NotFound
from crm.records.models import Record
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor
from tests.support.records import SYSTEM, add_actor

OTHER = aliased(Organisation, flat=True)
NESTED = aliased(Organisation)
MEETING = aliased(Meeting, flat=True)
BOARD = aliased(Board, flat=True)


@pytest.fixture
def eva(database: Database, works: Works) -> Actor:
    """She owns one of two organisations and, by a scope of the tests' own, sees no meetings but all items."""
    grants = [("organisation", "read", "own"), ("agenda_item", "read"), ("board", "read"), ("meeting", "read", "board")]
    actor = add_actor(database, "eva", grants)
    with works.writing(SYSTEM) as uow:
        make = uow.records.create
        parent = make("organisation", {"title": "Andres", "city": "Assens"})
        make("organisation", {"title": "Min", "city": "Assens", "parent": parent}, owner_id=actor.user_id)
        gone = make("organisation", {"title": "Væk", "city": "Assens"}, owner_id=actor.user_id)
        uow.records.delete(gone)
        make("person", {"given_name": "Anne"})
        board = make("board", {"title": "Styregruppen"})
        meeting = make("meeting", {"board": board, "when": "2027-04-27 10.00"})
        make("agenda_item", {"meeting": meeting, "title": "Punkt", "item_type": "orientation"})
    return actor


def scalars(statement: Any) -> Callable[[UnitOfWork], list[Any]]:
    return lambda uow: list(uow.session.scalars(statement))


#: What is asked, what Eva is told, and what the product itself is told.
READS: dict[str, tuple[Callable[[UnitOfWork], list[Any]], list[Any], list[Any]]] = {
    "entities": (lambda uow: sorted(item.title for item in uow.session.scalars(select(Organisation))), ["Min"], ["Andres", "Min"]),
    "columns": (scalars(select(Organisation.title).order_by(Organisation.title)), ["Min"], ["Andres", "Min"]),
    "own columns": (scalars(select(Organisation.city)), ["Assens"], ["Assens", "Assens"]),
    "a count": (scalars(select(func.count()).select_from(Organisation)), [1], [2]),
    "a count of ids": (scalars(select(func.count(Organisation.id))), [1], [2]),
    "an alias": (scalars(select(OTHER.title).order_by(OTHER.title)), ["Min"], ["Andres", "Min"]),
    "an alias as a subquery": (scalars(select(NESTED.title).order_by(NESTED.title)), ["Min"], ["Andres", "Min"]),
    "a join to such an alias": (scalars(select(Organisation.title).join(NESTED, NESTED.id == Organisation.parent_id)), [], ["Min"]),
    "a join to an alias": (scalars(select(Organisation.title).join(OTHER, OTHER.id == Organisation.parent_id)), [], ["Min"]),
    "the joined side": (
        scalars(select(OTHER.title).select_from(Organisation).join(OTHER, OTHER.id == Organisation.parent_id)),
        [],
        ["Andres"],
    ),
    "a join to a bounded type": (
        scalars(select(AgendaItem.title).join(MEETING, MEETING.id == AgendaItem.meeting_id)),
        [],
        ["Punkt"],
    ),
    "an outer join": (
        lambda uow: [
            tuple(row)
            for row in uow.session.execute(
                select(AgendaItem.title, MEETING.id.is_(None)).outerjoin(MEETING, MEETING.id == AgendaItem.meeting_id)
            )
        ],
        [("Punkt", True)],
        [("Punkt", False)],
    ),
    "a subquery": (scalars(select(AgendaItem.title).where(AgendaItem.meeting_id.in_(select(Meeting.id)))), [], ["Punkt"]),
    "an exists": (scalars(select(AgendaItem.title).where(exists().where(Meeting.id == AgendaItem.meeting_id))), [], ["Punkt"]),
    "two entities": (
        lambda uow: [
            tuple(row)
            for row in uow.session.execute(select(Organisation.title, BOARD.title).join(BOARD, BOARD.id != Organisation.id))
        ],
        [("Min", "Styregruppen")],
        [("Andres", "Styregruppen"), ("Min", "Styregruppen")],
    ),
    "a type without a right": (scalars(select(Person)), [], [1]),
    "an unbounded type": (scalars(select(Board.title)), ["Styregruppen"], ["Styregruppen"]),
    "a union": (
        scalars(select(Organisation.title).union_all(select(Organisation.title))),
        ["Min", "Min"],
        ["Andres", "Andres", "Min", "Min"],
    ),
}


@pytest.mark.parametrize("name", READS)
def test_an_orm_read_gives_the_actors_rows(works: Works, eva: Actor, name: str) -> None:
    ask, hers, all_of_it = READS[name]
    with works.reading(eva) as uow:
        assert sorted(ask(uow)) == hers
    with works.reading(SYSTEM) as uow:
        assert len(ask(uow)) == len(all_of_it) if name == "a type without a right" else sorted(ask(uow)) == all_of_it


def test_get_finds_no_row_out_of_scope_in_the_trash_or_of_another_type(works: Works, eva: Actor) -> None:
    with works.reading(SYSTEM) as uow:
        ids = dict(uow.session.execute(select(Organisation.title, Organisation.id), execution_options={"with_trash": True}).all())
        assert set(ids) == {"Andres", "Min", "Væk"}
    with works.reading(eva) as uow:
        assert uow.get(Organisation, ids["Min"]).title == "Min"
        for model, record_id in ((Organisation, ids["Andres"]), (Organisation, ids["Væk"]), (Board, ids["Min"]), (Person, 4711)):
            with pytest.raises(NotFound):
                uow.get(model, record_id)
            assert uow.session.get(model, record_id) is None


def test_what_lies_in_the_trash_is_bounded_too(works: Works, eva: Actor) -> None:
    with works.reading(eva) as uow:
        found = uow.session.scalars(select(Organisation.title).order_by(Organisation.title), execution_options={"with_trash": True})
        assert list(found) == ["Min", "Væk"]


def test_records_of_all_types_at_once_are_read_by_the_product_itself_alone(database: Database, works: Works, eva: Actor) -> None:
    """Some types keep rows even from who may read all (a private task), and what lies in the spine alone cannot tell them."""
    statement = select(Record).options(selectin_polymorphic(Record, [Organisation, Board]))
    with works.reading(SYSTEM) as uow:
        assert len(uow.session.scalars(statement).all()) == 6
    for actor in (eva, add_actor(database, "alt", [("*", "read")])):
        with works.reading(actor) as uow:
            for ask in (lambda: uow.session.scalars(statement), lambda: uow.session.get(Record, 1), lambda: uow.get(Record, 1)):
                with pytest.raises(KlyngeError, match="query"):
                    ask()


def test_an_object_in_hand_is_refreshed_without_being_lost(works: Works, eva: Actor) -> None:
    with works.writing(eva) as uow:
        item = uow.session.scalars(select(Organisation)).one()
        uow.session.expire(item)
        assert item.title == "Min"


def test_two_actors_with_the_same_rights_are_each_told_their_own(database: Database, works: Works, eva: Actor) -> None:
    ida = add_actor(database, "ida", [("organisation", "read", "own")])
    with works.writing(SYSTEM) as uow:
        uow.records.create("organisation", {"title": "Idas"}, owner_id=ida.user_id)
    for _again in range(2):
        for actor, title in ((eva, "Min"), (ida, "Idas")):
            with works.reading(actor) as uow:
                assert [item.title for item in uow.session.scalars(select(Organisation))] == [title]
                assert list(uow.session.scalars(select(OTHER.title))) == [title]
