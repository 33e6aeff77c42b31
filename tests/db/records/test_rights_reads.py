"""What an actor may read: rows by scope, fields by grant; in lists, counts, pages, pickers, history, filters and sorting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from crm.filters import Condition, Filter, Not
from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, DomainError, InvalidInput, NotFound
from crm.records.query import Row, count, list_page, one, pick, readable_fields, titles
from crm.records.related import history, links
from crm.records.relations import count_relations, relation_rows, relations_to
from crm.records.work import UnitOfWork, Works
from crm.security.actors import Actor, MandateSpan
from tests.support.records import SYSTEM, add_actor

CANARY = "kanariefugl"


@dataclass(frozen=True)
class House:
    """What lies in the database, and an actor who may see some of it."""

    actor: Actor
    mine: int
    other: int
    board: int
    other_board: int
    meeting: int
    draft: int
    foreign: int


@pytest.fixture
def house(database: Database, works: Works) -> House:
    """Two organisations, one of them the actor's; meetings of two boards, sent and not; the actor sits in the first."""
    grants = [
        ("organisation", "read", "own", ["title", "city", "parent", "successors"]),
        *((key, "read", "board") for key in ("board", "meeting", "agenda_item")),
        ("person", "read", "none"),
    ]
    actor = add_actor(database, "medlem", grants)
    with works.writing(SYSTEM) as uow:
        make = uow.records.create
        other = make("organisation", {"title": "Andres", "note": CANARY, "street": CANARY})
        mine = make("organisation", {"title": "Min", "note": CANARY, "street": CANARY, "parent": other}, owner_id=actor.user_id)
        make("organisation", {"title": "Mit barn", "parent": mine}, owner_id=actor.user_id)
        make("organisation", {"title": "Andres barn", "parent": mine})
        board, other_board = (make("board", {"title": name}) for name in ("Styregruppen", "Udvalget"))
        sent, draft, foreign = (
            make("meeting", {"board": one, "when": f"2026-0{n}-27 10.00"}) for n, one in ((4, board), (5, board), (6, other_board))
        )
        for meeting in (sent, draft, foreign):
            make("agenda_item", {"meeting": meeting, "title": f"Punkt {meeting}", "item_type": "orientation", "presentation": "x"})
        uow.session.execute(_sent(sent, foreign))
        uow.records.link(mine, "successors", other, note=CANARY)
    return House(
        replace(actor, mandates=(MandateSpan(board, date(2026, 1, 1)),)), mine, other, board, other_board, sent, draft, foreign
    )


def _sent(*ids: int) -> Any:
    from sqlalchemy import update

    from crm.records.models import record_table

    return update(record_table).where(record_table.c.id.in_(ids)).values(state="published")


def test_lists_and_counts_hold_the_actors_rows_alone(works: Works, house: House) -> None:
    with works.reading(house.actor) as uow:
        assert {row.title for row in list_page(uow, "organisation").rows} == {"Min", "Mit barn"}
        assert count(uow, "organisation").number == 2
        assert [row.id for row in list_page(uow, "meeting").rows] == [house.meeting]
        assert count(uow, "agenda_item").number == 1
        assert [row.id for row in list_page(uow, "board").rows] == [house.board]


def test_a_type_without_a_right_is_shut_and_an_unknown_scope_opens_nothing(works: Works, house: House) -> None:
    with works.reading(house.actor) as uow:
        for ask in (list_page, count):
            with pytest.raises(AccessDenied):
                ask(uow, "follow_up")
        assert count(uow, "person").number == 0
        assert pick(uow, ["follow_up", "person", "unicorn"], "") == []


def test_one_record_is_found_only_in_scope(works: Works, house: House) -> None:
    with works.reading(house.actor) as uow:
        assert one(uow, house.mine).title == "Min"
        for hidden in (house.other, house.draft, house.foreign, house.other_board, 4711):
            for ask in (one, history, links, related):
                with pytest.raises(NotFound):
                    ask(uow, hidden)
            with pytest.raises(NotFound):
                uow.records.values(hidden)


def test_names_and_pickers_hold_what_may_be_seen(works: Works, house: House) -> None:
    with works.reading(house.actor) as uow:
        wanted = [house.mine, house.other, house.meeting, house.draft, house.foreign, house.board, house.other_board]
        assert set(titles(uow, wanted)) == {house.mine, house.meeting, house.board}
        assert [found.title for found in pick(uow, ["organisation", "board"], "")] == ["Min", "Mit barn", "Styregruppen"]
        assert pick(uow, ["organisation"], "andres") == []


def related(uow: UnitOfWork, record_id: int) -> dict[str, tuple[Row, ...]]:
    """What points at a record, by type, as its page reads it; the counts must say the same."""
    found = {}
    relations = relations_to(uow, uow.registry.get(one(uow, record_id).type_key))
    counts = count_relations(uow, record_id, relations)
    for relation in relations:
        rows = relation_rows(uow, relation, record_id, readable_fields(uow, relation.type), 50)
        assert counts[relation.key].number == len(rows)
        if rows:
            found[relation.type.key] = rows
    return found


def test_fields_without_a_right_are_read_nowhere(works: Works, house: House) -> None:
    with works.writing(SYSTEM) as uow:
        uow.records.update(house.mine, {"note": f"{CANARY} igen", "city": "Nyborg"})
    with works.reading(house.actor) as uow:
        page = list_page(uow, "organisation", fields=["title", "note", "street"])
        told = [one(uow, house.mine), page, history(uow, house.mine), related(uow, house.mine), links(uow, house.mine)]
        assert CANARY not in repr(told)
        assert set(one(uow, house.mine).values) == {"title", "city", "parent"}
        assert history(uow, house.mine)[0].patch == {"city": (None, "Nyborg")}
        assert {item.api_name for item in readable_fields(uow, uow.registry.get("organisation"))} == {
            "title",
            "city",
            "parent",
            "successors",
        }


def test_back_references_show_the_actors_rows_alone(works: Works, house: House) -> None:
    with works.reading(house.actor) as uow:
        assert [row.title for row in related(uow, house.mine)["organisation"]] == ["Mit barn"]
        assert set(related(uow, house.board)) == {"meeting"}


@pytest.mark.parametrize(
    "where",
    [
        Condition("note", "filled"),
        Condition("street", "is", CANARY),
        Not(Condition("street", "contains", "kan")),
        Condition("parent.title", "is", "Andres"),
        Condition("parent.phone", "starts", "k"),
        Condition("parent.parent.title", "filled"),
    ],
)
def test_no_filter_asks_about_what_may_not_be_read(works: Works, house: House, where: Filter) -> None:
    with works.reading(house.actor) as uow:
        for ask in (list_page, count):
            with pytest.raises(InvalidInput):
                ask(uow, "organisation", where=where)


@pytest.mark.parametrize("name", ["note", "street", "email", "cvr", "unknown", "parent.title", "id; drop table record", "\ud800"])
def test_no_sorting_tells_what_may_not_be_read(works: Works, house: House, name: str) -> None:
    with works.reading(house.actor) as uow, pytest.raises(InvalidInput):
        list_page(uow, "organisation", sort=name)


def test_a_path_leads_nowhere_unless_every_record_there_may_be_read(works: Works, house: House) -> None:
    with works.reading(house.actor) as uow:
        for path, value in (("meeting.board", house.other_board), ("meeting.state", "draft"), ("meeting.title", "x")):
            with pytest.raises(InvalidInput, match="no path"):
                count(uow, "agenda_item", Condition(path, "is", value))


def test_a_mandate_that_has_ended_shows_the_meetings_of_its_days(works: Works, house: House) -> None:
    for span, expected in (
        (MandateSpan(house.board, date(2026, 1, 1), date(2026, 4, 27)), {house.meeting}),
        (MandateSpan(house.board, date(2026, 1, 1), date(2026, 4, 26)), set()),
        (MandateSpan(house.other_board, None, None), {house.foreign}),
    ):
        with works.reading(replace(house.actor, mandates=(span,))) as uow:
            assert {row.id for row in list_page(uow, "meeting").rows} == expected


def test_a_wide_grant_of_few_fields_and_a_narrow_one_of_all_do_not_add_up(database: Database, works: Works, house: House) -> None:
    wide = add_actor(database, "bred", [("organisation", "read", "all", ["title"])])
    both = replace(wide, roles=wide.roles | add_actor(database, "smal", [("organisation", "read", "own")]).roles)
    with works.reading(both) as uow:
        assert count(uow, "organisation").number == 4
        assert CANARY not in repr(list_page(uow, "organisation"))
        with pytest.raises(InvalidInput):
            count(uow, "organisation", Condition("street", "is", CANARY))


def test_grants_are_read_anew_when_the_security_epoch_moves(database: Database, works: Works, house: House) -> None:
    from sqlalchemy import delete

    from crm.security.epochs import raise_security_epoch
    from crm.security.models import Grant

    with works.reading(house.actor) as uow:
        assert count(uow, "organisation").number == 2
    with database.writing() as session:
        session.execute(delete(Grant).where(Grant.type_key == "organisation"))
        raise_security_epoch(session)
    with works.reading(house.actor) as uow, pytest.raises(DomainError):
        count(uow, "organisation")
