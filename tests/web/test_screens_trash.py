"""The trash on screen: what lies in it, how long, taken back one or many, and gone for good by an administrator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from werkzeug.datastructures import MultiDict

from crm.records.store.orders import Create
from tests.support.forms import token
from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from crm.kernel.clock import FixedClock
    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


def choose(who: Desk, path: str, *ids: int) -> TestResponse:
    pairs = [("csrf_token", token(who.client, "/login/link")), *(("id", str(one)) for one in ids)]
    return who.client.post(path, data=MultiDict(pairs), follow_redirects=True)


def deleted(klynge: Klynge, type_key: str, **values: object) -> int:
    made = make(klynge, type_key, **values)
    with klynge.works.writing(SEED) as uow:
        uow.records.delete(made)
    return made


def test_it_says_who_when_and_how_many_days_are_left(staff: Desk, sqlite_klynge: Klynge, clock: FixedClock):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    staff.post(f"/r/{record}/trash")
    text = words(staff.get("/trash"))
    assert "gemmes i 30 dage" in text
    assert "Havvind organisation lige nu Staff Prøve 30" in text
    deleted(sqlite_klynge, "person", given_name="Anne")
    only = words(staff.get("/trash?type=person"))
    assert "Anne" in only
    assert "Havvind" not in only
    assert staff.get("/trash?type=nothing").status_code == 404


def test_a_family_comes_back_in_one_act_that_can_be_undone(staff: Desk, sqlite_klynge: Klynge):
    with sqlite_klynge.works.writing(SEED) as uow:
        board = uow.records.create("board", {"title": "Styregruppen"})
        meeting = uow.records.create("meeting", {"board": board, "when": "2027-04-27 10.00"})
        uow.records.delete(meeting)
        uow.records.delete(board)
    assert "Gendan ”Styregruppen” først" in words(choose(staff, "/trash/restore", meeting))
    page = choose(staff, "/trash/restore", meeting, board)
    assert "Tilbage igen: 1 udvalg og 1 møde." in words(page)
    assert staff.get(f"/r/{meeting}").status_code == 200
    undo = re.search(r'action="(/acts/\w+/undo)"', page.text)
    assert undo
    staff.post(undo[1])
    assert staff.get(f"/r/{meeting}").status_code == 404
    assert "Vælg noget først." in words(choose(staff, "/trash/restore"))


def test_only_an_administrator_deletes_for_good(app: Flask, staff: Desk, sqlite_klynge: Klynge):
    gone, parent = deleted(sqlite_klynge, "organisation", title="Væk"), make(sqlite_klynge, "organisation", title="Stor")
    make(sqlite_klynge, "organisation", title="Lille", parent=parent)
    staff.post(f"/r/{parent}/trash")
    assert "/trash/purge" not in staff.get("/trash").text
    assert choose(staff, "/trash/purge", gone).status_code == 403
    chief = desk(app, sqlite_klynge, "administrator")
    page = chief.get("/trash")
    assert 'data-confirm="Slet det valgte for altid?' in page.text
    told = words(choose(chief, "/trash/purge", gone, parent))
    assert "Slettet for altid: 1 organisation. Stor: ”Lille” peger stadig på den." in told
    assert "Væk" not in words(chief.get("/trash"))


def test_pages_of_the_trash_hold_each_record_once_and_ask_no_more(staff: Desk, sqlite_klynge: Klynge):
    deleted(sqlite_klynge, "organisation", title="Første")
    staff.get("/trash")
    with counting(sqlite_klynge.database) as few:
        staff.get("/trash")
    with sqlite_klynge.works.writing(SEED) as uow:
        made = uow.records.save_many([Create("organisation", {"title": f"Nr. {n:03}"}) for n in range(60)])
        for one in made:
            uow.records.delete(one)
    with counting(sqlite_klynge.database) as many:
        page = staff.get("/trash")
    assert len(few) == len(many)
    further = re.search(r'href="(/trash\?after=[^"]+)"', page.text)
    assert further
    seen = page.text + staff.get(further[1]).text
    assert [seen.count(f">Nr. {n:03}</th>") for n in range(60)] == [1] * 60
    assert staff.get("/trash?after=broken").status_code == 200
