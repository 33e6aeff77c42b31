"""Undo on screen: the button of a message, Ctrl+Z's own address, one's last acts, and what undoing one would do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


def undo_in(page: TestResponse) -> str:
    """Give where the Undo of the page's message leads."""
    found = re.search(r'action="(/acts/\w+/undo)"', page.text)
    assert found, words(page)
    return found[1]


def city(klynge: Klynge, record: int) -> str | None:
    with klynge.works.reading(SEED) as uow:
        return uow.records.values(record)["city"]  # type: ignore[no-any-return]


def state(klynge: Klynge, record: int) -> str:
    with klynge.works.reading(SEED) as uow:
        return str(uow.records.values(record)["state"])


def test_a_step_is_undone_by_the_message_and_done_again_by_the_next(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    staff.post(f"/r/{record}/transition/close", seen_version="1")
    page = staff.get(f"/r/{record}/havvind")
    answer = staff.post(undo_in(page), next=f"/r/{record}/havvind")
    assert answer.headers["Location"] == f"/r/{record}/havvind"
    page = staff.get(f"/r/{record}/havvind")
    assert "Fortrudt: Havvind." in words(page)
    assert ">Gentag<" in page.text
    assert state(sqlite_klynge, record) == "active"
    staff.post(undo_in(page))
    assert state(sqlite_klynge, record) == "closed"
    assert "Gentaget: Havvind." in words(staff.get(f"/r/{record}/havvind"))


def test_the_last_act_of_a_page_is_undone_and_done_again(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe")
    other = make(sqlite_klynge, "organisation", title="Anden")
    staff.post(f"/r/{record}/edit", seen_version="1", title="Havvind", city="Odense")
    staff.post(f"/r/{record}/edit", seen_version="2", title="Havvind", city="Vejle")
    staff.post(f"/r/{other}/transition/close", seen_version="1")
    here = f"/r/{record}/havvind?x=1"
    for expected in ("Odense", "Ribe", "Ribe"):
        assert staff.post("/acts/undo", page=here).headers["Location"] == here
        assert city(sqlite_klynge, record) == expected
    assert "Du har intet at fortryde her." in words(staff.get(here))
    for expected in ("Odense", "Vejle", "Vejle"):
        staff.post("/acts/redo", page=here)
        assert city(sqlite_klynge, record) == expected
    assert state(sqlite_klynge, other) == "closed"
    staff.post("/acts/undo", page="/t/organisation?sort=title")
    assert (state(sqlite_klynge, other), city(sqlite_klynge, record)) == ("closed", "Odense")


def test_a_new_act_ends_what_can_be_done_again(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe")
    staff.post(f"/r/{record}/edit", seen_version="1", title="Havvind", city="Odense")
    staff.post("/acts/undo", page=f"/r/{record}")
    staff.post(f"/r/{record}/edit", seen_version="3", title="Havvind", city="Vejle")
    staff.post("/acts/redo", page=f"/r/{record}")
    assert city(sqlite_klynge, record) == "Vejle"
    assert "Der er intet at gentage her." in words(staff.get(f"/r/{record}"))


def test_undoing_a_new_record_leads_to_its_list_and_a_deleted_one_back(staff: Desk):
    made = staff.post("/t/organisation/new", title="Ny").headers["Location"]
    answer = staff.post("/acts/undo", page=made)
    assert answer.headers["Location"] == "/t/organisation"
    assert staff.get(made).status_code == 404
    staff.post("/acts/redo", page="/t/organisation")
    assert staff.get(made).status_code == 200


def test_what_someone_changed_since_is_said_with_their_name(app: Flask, staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe")
    staff.post(f"/r/{record}/edit", seen_version="1", title="Havvind", city="Odense")
    page = staff.get(f"/r/{record}")
    other = desk(app, sqlite_klynge, "staff", "bodil")
    other.post(f"/r/{record}/edit", seen_version="2", title="Havvind", city="Vejle")
    address = (
        undo_in(page) if 'action="/acts/' in page.text else re.findall(r"/acts/\w{32}", staff.get("/acts/mine").text)[0] + "/undo"
    )
    preview = words(staff.get(address.removesuffix("/undo")))
    assert "”By” er ændret siden af Bodil Prøve." in preview
    staff.post(address, next=f"/r/{record}")
    told = words(staff.get(f"/r/{record}"))
    assert "Intet blev fortrudt. Havvind: ”By” er ændret siden af Bodil Prøve." in told
    assert city(sqlite_klynge, record) == "Vejle"


def test_my_last_acts_stand_in_words_with_what_comes_back(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe")
    assert "Du har ikke ændret noget her de seneste 30 dage." in words(staff.get("/acts/mine"))
    staff.post(f"/r/{record}/edit", seen_version="1", title="Havvind", city="Odense", note="Ring")
    staff.post(f"/r/{record}/transition/close", seen_version="2")
    page = staff.get("/acts/mine")
    text = words(page)
    assert "Ændrede by og bemærkning på ”Havvind”" in text
    assert "Ændrede status på ”Havvind”" in text
    act = re.findall(r'href="/acts/(\w{32})"', page.text)[1]
    shown = words(staff.get(f"/acts/{act}"))
    assert "By Odense → bliver til Ribe" in shown
    assert "Ring → bliver til tom" in shown


def test_nobody_sees_or_undoes_what_others_did(app: Flask, staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    staff.post(f"/r/{record}/transition/close", seen_version="1")
    address = undo_in(staff.get(f"/r/{record}"))
    other = desk(app, sqlite_klynge, "staff", "bodil")
    assert other.post(address).status_code == 403
    assert other.get(address.removesuffix("/undo")).status_code == 403
    assert other.post("/acts/undo", page=f"/r/{record}").status_code == 303
    assert state(sqlite_klynge, record) == "closed"
    assert desk(app, sqlite_klynge, "administrator").post(address).status_code == 303
    assert state(sqlite_klynge, record) == "active"
    assert staff.post("/acts/nothing/undo").status_code == 404
    assert staff.client.post(address).status_code == 400


def test_a_large_act_is_undone_by_a_job(staff: Desk, sqlite_klynge: Klynge):
    from crm.records.store.orders import Create
    from crm.security.actors import Actor

    mine = Actor(staff.user_id, "Staff", roles=frozenset({"staff"}))
    with sqlite_klynge.works.writing(mine) as uow:
        uow.records.save_many([Create("organisation", {"title": f"Nr. {n}"}) for n in range(201)])
        act = uow.act.id
    answer = staff.post(f"/acts/{act}/undo", next="/t/organisation")
    assert re.fullmatch(r"/jobs/\d+", answer.headers["Location"])
    assert "Oprettede 201 organisationer" in words(staff.get("/acts/mine"))


def test_the_list_of_acts_asks_the_same_number_of_questions(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    counts = []
    for city_name in ("A", "B", "C", "D", "E"):
        staff.post(f"/r/{record}/edit", seen_version=str(len(counts) + 1), title="Havvind", city=city_name)
        with counting(sqlite_klynge.database) as asked:
            staff.get("/acts/mine")
        counts.append(len(asked))
    assert counts[-1] == counts[1]
