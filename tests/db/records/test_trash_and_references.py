"""What records point at, and the trash: what is needed stays, what comes back comes back whole."""

from __future__ import annotations

from datetime import date

import pytest

from crm.boards.models import Board
from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, InvalidInput, NotFound, RuleViolation
from crm.records.fields.emails import primary_address
from crm.records.query import count, list_page, one, titles
from crm.records.related import history, links
from crm.records.relations import count_relations, relations_to
from crm.records.work import UnitOfWork, Works
from tests.support.records import SYSTEM, add_actor, everything_in

NOT_THERE = "does not exist, or cannot be chosen here"


def make_board(uow: UnitOfWork) -> tuple[int, int]:
    board = uow.records.create("board", {"title": "Styregruppen"})
    return board, uow.records.create("meeting", {"board": board, "when": "2027-04-27 10.00"})


def test_a_relation_leads_to_a_live_record_of_the_right_type_that_the_actor_may_see(database: Database, works: Works) -> None:
    own = [("organisation", "read", "own"), ("organisation", "create"), ("board", "*")]
    eva = add_actor(database, "eva", own)
    with works.writing(SYSTEM) as uow:
        person = uow.records.create("person", {"given_name": "Anne"})
        unseen = uow.records.create("organisation", {"title": "Andres"})
        mine = uow.records.create("organisation", {"title": "Mine"}, owner_id=eva.user_id)
        gone = uow.records.create("organisation", {"title": "Væk"}, owner_id=eva.user_id)
        uow.records.delete(gone)
    for target in (person, unseen, gone, 4711, 2**40):
        with works.writing(eva) as uow, pytest.raises(InvalidInput, match=NOT_THERE):
            uow.records.create("organisation", {"title": "Ny", "parent": target})
    with works.writing(eva) as uow:
        assert uow.records.create("organisation", {"title": "Ny", "parent": str(mine)})


def test_a_relation_that_was_there_before_need_not_be_seen_to_be_kept(database: Database, works: Works) -> None:
    eva = add_actor(database, "eva", [("organisation", "read", "own"), ("organisation", "update", "own")])
    with works.writing(SYSTEM) as uow:
        unseen = uow.records.create("organisation", {"title": "Andres"})
        mine = uow.records.create("organisation", {"title": "Mine", "parent": unseen}, owner_id=eva.user_id)
    with works.writing(eva) as uow:
        assert uow.records.update(mine, {"parent": unseen, "street": "1"}) == 2


def test_the_trash_hides_a_record_everywhere(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
        uow.records.delete(made)
        assert count(uow, "organisation").number == 0
        assert list_page(uow, "organisation").rows == ()
        assert titles(uow, [made]) == {}
        for ask in (lambda: one(uow, made), lambda: uow.records.values(made), lambda: uow.records.update(made, {"title": "X"})):
            with pytest.raises(NotFound):
                ask()
        with pytest.raises(NotFound):
            uow.records.delete(made)
        assert [line.kind for line in history(uow, made)] == ["delete", "create"]
        assert one(uow, made, with_trash=True).deleted_at is not None


def test_what_live_records_must_point_to_cannot_go(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        board, meeting = make_board(uow)
        with pytest.raises(RuleViolation) as refused:
            uow.records.delete(board)
        assert refused.value.message("da") == "Det kan ikke slettes: 1 møde hører til."
        uow.records.delete(meeting)
        uow.records.delete(board)
        with pytest.raises(NotFound):
            uow.get(Board, board)


def test_what_records_may_point_to_can_go_and_come_back(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        parent = uow.records.create("organisation", {"title": "Stor"})
        child = uow.records.create("organisation", {"title": "Lille", "parent": parent})
        uow.records.delete(parent)
        assert one(uow, child).values["parent"] == parent
        uow.records.delete(child)
        uow.records.restore(child)
        uow.records.restore(parent)
        relations = relations_to(uow, uow.registry.get("organisation"))
        assert count_relations(uow, parent, relations)["organisation.parent"].number == 1


def test_a_record_comes_back_with_its_links_values_and_versions(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        person = uow.records.create("person", {"given_name": "Anne", "email": "a@b.dk"})
        office = uow.records.create("organisation", {"title": "Kontoret"})
        uow.records.link(person, "positions", office, role="Konsulent", from_on=date(2020, 1, 1))
        uow.records.delete(office)
        assert links(uow, person) == []
        uow.records.restore(office)
        assert [(line.role, line.other.title) for line in links(uow, person)] == [("Konsulent", "Kontoret")]
        uow.records.delete(person)
        uow.records.restore(person)
        assert primary_address(one(uow, person).values["email"]) == "a@b.dk"
        assert [line.version for line in history(uow, person)] == [4, 3, 2, 1]


def test_what_a_record_needs_is_restored_first_and_named_only_to_who_may_see_it(database: Database, works: Works) -> None:
    eva = add_actor(database, "eva", [("meeting", "*")])
    with works.writing(SYSTEM) as uow:
        board, meeting = make_board(uow)
        uow.records.delete(meeting)
        uow.records.delete(board)
        with pytest.raises(RuleViolation, match="Restore “Styregruppen” first"):
            uow.records.restore(meeting)
    with works.writing(eva) as uow, pytest.raises(RuleViolation) as refused:
        uow.records.restore(meeting)
    assert "Styregruppen" not in str(refused.value)
    with works.writing(SYSTEM) as uow:
        uow.records.restore(board)
        uow.records.restore(meeting)
        relations = relations_to(uow, uow.registry.get("board"))
        assert count_relations(uow, board, relations)["meeting.board"].number == 1


def test_deleting_and_restoring_are_rights_of_their_own(database: Database, works: Works) -> None:
    reader = add_actor(database, "viewer", [("organisation", "read"), ("organisation", "update")])
    owner = add_actor(database, "owner", [("organisation", "read"), ("organisation", "delete", "own")])
    with works.writing(SYSTEM) as uow:
        other = uow.records.create("organisation", {"title": "Andres"})
        mine = uow.records.create("organisation", {"title": "Min"}, owner_id=owner.user_id)
    before = everything_in(database)
    for actor, target in ((reader, other), (reader, mine), (owner, other)):
        with pytest.raises(AccessDenied), works.writing(actor) as uow:
            uow.records.delete(target)
    assert everything_in(database) == before
    with works.writing(owner) as uow:
        uow.records.delete(mine)
    with pytest.raises(AccessDenied), works.writing(reader) as uow:
        uow.records.restore(mine)
    with works.writing(owner) as uow:
        uow.records.restore(mine)
