"""What an actor may write: scopes of create, update, delete and steps; nothing is planted or moved out of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, InvalidInput, NotFound, RuleViolation
from crm.kernel.i18n import Label
from crm.records import definitions
from crm.records.files import DiskFileStore, attach, open_file
from crm.records.query import one
from crm.records.store import Create, Update
from crm.records.work import Works
from crm.security.actors import MandateSpan
from tests.support.records import SYSTEM, GrantRow, add_actor, everything_in

OWN: list[GrantRow] = [("organisation", "read"), *(("organisation", act, "own") for act in ("create", "update", "delete", "close"))]


def test_acts_hold_within_their_scope(database: Database, works: Works) -> None:
    eva = add_actor(database, "eva", OWN)
    with works.writing(SYSTEM) as uow:
        mine = uow.records.create("organisation", {"title": "Min"}, owner_id=eva.user_id)
        other = uow.records.create("organisation", {"title": "Andres"})
    before = everything_in(database)
    for write in (
        lambda uow: uow.records.update(other, {"street": "1"}),
        lambda uow: uow.records.save_many([Update(mine, {"street": "1"}), Update(other, {"street": "1"})]),
        lambda uow: uow.records.delete(other),
        lambda uow: uow.records.transition(other, "close"),
        lambda uow: uow.records.link(other, "successors", mine),
        lambda uow: uow.records.transition(mine, "merge"),
    ):
        with works.writing(eva) as uow, pytest.raises(AccessDenied):
            write(uow)
    assert everything_in(database) == before
    with works.writing(eva) as uow:
        assert uow.records.update(mine, {"street": "1"}) == 2
        assert uow.records.link(mine, "successors", other)
        assert uow.records.transition(mine, "close") == "closed"
        uow.records.delete(mine)


def test_a_record_made_in_a_scope_belongs_to_its_maker_and_to_nobody_else(database: Database, works: Works) -> None:
    eva, ib = add_actor(database, "eva", OWN), add_actor(database, "ib")
    with works.writing(eva) as uow:
        assert one(uow, uow.records.create("organisation", {"title": "Min"})).owner_id == eva.user_id
    before = everything_in(database)
    with works.writing(eva) as uow:
        with pytest.raises(AccessDenied):
            uow.records.create("organisation", {"title": "Ibs"}, owner_id=ib.user_id)
        with pytest.raises(AccessDenied):
            uow.records.save_many([Create("organisation", {"title": "Min"}), Create("organisation", {"title": "Ibs"}, ib.user_id)])
    assert everything_in(database) == before


def test_nothing_is_moved_out_of_ones_own_boards_or_made_in_others(database: Database, works: Works) -> None:
    grants = [("board", "read"), *(("meeting", act, "board") for act in ("create", "update")), ("meeting", "read")]
    chair = add_actor(database, "formand", grants)
    with works.writing(SYSTEM) as uow:
        mine, other = (uow.records.create("board", {"title": name}) for name in ("Min", "Andres"))
        meeting = uow.records.save_many([Create("meeting", {"board": mine, "when": "2027-04-27 10.00"}, state="published")])[0]
    chair = replace(chair, mandates=(MandateSpan(mine, date(2026, 1, 1)),))
    before = everything_in(database)
    with works.writing(chair) as uow:
        with pytest.raises(AccessDenied):
            uow.records.update(meeting, {"board": other})
        for board in (mine, other):  # a new meeting is a draft, which the scope does not show
            with pytest.raises(AccessDenied):
                uow.records.create("meeting", {"board": board, "when": "2027-09-01 10.00"})
    assert everything_in(database) == before
    with works.writing(chair) as uow:
        assert uow.records.update(meeting, {"place": "Odense"}) == 2


def test_a_right_to_write_without_one_to_read_finds_nothing(database: Database, works: Works) -> None:
    blind = add_actor(database, "blind", [("organisation", act) for act in ("create", "update", "delete", "close")])
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
    with works.writing(blind) as uow:
        for write in (
            lambda: uow.records.update(made, {"title": "X"}),
            lambda: uow.records.delete(made),
            lambda: uow.records.values(made),
        ):
            with pytest.raises(NotFound):
                write()
        assert uow.records.create("organisation", {"title": "Ny"})


def test_a_step_asks_for_its_own_right_and_an_unknown_one_is_no_way_round(database: Database, works: Works) -> None:
    eva = add_actor(database, "eva", [("organisation", "read"), ("organisation", "update"), ("organisation", "close")])
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Østfyn"})
    with works.writing(eva) as uow:
        for step in ("merge", "delete", "*", "nothing"):
            with pytest.raises(AccessDenied):
                uow.records.transition(made, step)
        for step in ("read", "update"):
            with pytest.raises(RuleViolation):
                uow.records.transition(made, step)
        assert uow.records.transition(made, "close") == "closed"


def test_types_are_changed_by_administrators_alone(database: Database, works: Works) -> None:
    staff = add_actor(database, "medarbejder", [("*", "*"), ("@crm", "use"), ("@api", "use")])
    admin = add_actor(database, "admin", [("*", "*"), ("@admin", "use")])
    with works.writing(staff, publishing=True) as uow, pytest.raises(AccessDenied):
        definitions.add_field(uow, "organisation", "budget", "number", Label(da="Budget"))
    with works.writing(admin, publishing=True) as uow:
        assert definitions.add_field(uow, "organisation", "budget", "number", Label(da="Budget")).api_name == "budget"


def test_a_file_is_put_on_a_record_one_may_change_and_read_by_who_may_see_it(database: Database, works: Works, tmp_path) -> None:
    store = DiskFileStore(tmp_path)
    viewer = add_actor(database, "viewer", [("*", "read")])
    eva = add_actor(database, "eva", OWN)
    with works.writing(SYSTEM) as uow:
        other = uow.records.create("organisation", {"title": "Andres"})
        file_id = attach(uow, store, other, "notat\x00.txt", "text/plain", b"indhold").id
    with works.writing(viewer) as uow:
        with pytest.raises(AccessDenied):
            attach(uow, store, other, "x.txt", "text/plain", b"x")
        row, content = open_file(uow, store, file_id)
        assert (row.name, row.size, content) == ("notat.txt", 7, b"indhold")
    with works.writing(eva) as uow, pytest.raises(AccessDenied):
        attach(uow, store, other, "x.txt", "text/plain", b"x")
    with works.writing(SYSTEM) as uow:
        uow.records.delete(other)
    with works.reading(viewer) as uow:
        for number in (file_id, 4711):
            with pytest.raises(NotFound):
                open_file(uow, store, number)
    with works.writing(eva) as uow, pytest.raises(InvalidInput):
        uow.records.create("organisation", {})
