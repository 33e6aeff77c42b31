"""*My tasks* and the tasks of a record as pages: without scripts, as each role, and by the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm.filters import Condition
from crm.records.query import list_page, one
from crm.security.models import Grant
from tests.support.people import add_role
from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def mette(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge, "staff", "mette")


def state(klynge: Klynge, task: int) -> str | None:
    with klynge.works.reading(SEED) as uow:
        return one(uow, task).state


def test_a_task_is_written_ticked_and_opened_again_without_scripts(sqlite_klynge: Klynge, mette: Desk):
    answer = mette.post("/tasks", line="Ring til Anne i dag kl. 8")
    assert answer.headers["Location"] == "/tasks/mine"
    page = words(mette.get("/tasks/mine"))
    assert "Overskredet 1 Ring til Anne" in page
    assert "”Ring til Anne” er skrevet op. Fortryd" in page
    with sqlite_klynge.works.reading(SEED) as uow:
        task = list_page(uow, "task").rows[0].id
    mette.post(f"/tasks/{task}/done")
    assert "”Ring til Anne” er udført. Fortryd" in words(mette.get("/tasks/mine"))
    assert "Ring til Anne" in words(mette.get("/tasks/mine?done=1"))
    mette.post(f"/tasks/{task}/open")
    assert state(sqlite_klynge, task) == "open"
    assert mette.post(f"/tasks/{task}/paint").status_code == 404
    assert mette.post(f"/tasks/{make(sqlite_klynge, 'organisation', title='X')}/done").status_code == 404


def test_a_refused_line_comes_back_as_it_was_typed(mette: Desk):
    answer = mette.post("/tasks", line="Ring @ingen <b>")
    assert answer.status_code == 422
    assert 'value="Ring @ingen &lt;b&gt;"' in answer.text
    assert "Der er ingen, eller flere, der hedder ”@ingen”." in words(answer)


def test_one_click_on_the_task_s_own_page(sqlite_klynge: Klynge, mette: Desk):
    task = make(sqlite_klynge, "task", title="Ring", owner=mette.user_id)
    page = mette.get(f"/r/{task}")
    assert f'action="/tasks/{task}/done"' in page.text
    assert "?tab=tasks" not in page.text, "a task has no tasks of its own"
    answer = mette.post(f"/tasks/{task}/done", next=f"/r/{task}/ring")
    assert answer.headers["Location"] == f"/r/{task}/ring"
    assert f'action="/tasks/{task}/done"' not in mette.get(f"/r/{task}").text


def test_follow_ups_of_meetings_stand_among_my_tasks(app: Flask, sqlite_klynge: Klynge):
    from tests.support.people import add_user

    person = make(sqlite_klynge, "person", given_name="Mette")
    add_user(sqlite_klynge, "staff", "mette", person_id=person)
    mette = desk(app, sqlite_klynge, "staff", "mette")
    board = make(sqlite_klynge, "board", title="Styregruppen", meeting_name="Styregruppemøde")
    meeting = make(sqlite_klynge, "meeting", board=board, when="2026-12-24 10:00")
    follow_up = make(sqlite_klynge, "follow_up", title="Send notat", meeting=meeting, responsible=person, due="2026-11-20")
    make(sqlite_klynge, "follow_up", title="En andens", meeting=meeting, due="2026-11-20")
    make(sqlite_klynge, "task", title="Ring", owner=mette.user_id, due="2026-12-01")
    page = words(mette.get("/tasks/mine"))
    assert "Overskredet 1 Send notat Styregruppemøde 1/2026 20.11.2026" in page
    assert "I dag 1 Ring" in page
    assert "En andens" not in page
    mette.post(f"/tasks/{follow_up}/done")
    assert state(sqlite_klynge, follow_up) == "done"


def test_a_page_of_tasks_asks_the_same_however_many_there_are(sqlite_klynge: Klynge, mette: Desk):
    about = make(sqlite_klynge, "organisation", title="Klynge")

    def asked(path: str) -> int:
        with counting(sqlite_klynge.database) as found:
            assert mette.get(path).status_code == 200
        return len(found)

    paths = ("/tasks/mine", "/", f"/r/{about}?tab=tasks", "/tasks/mine?done=1")
    make(sqlite_klynge, "task", title="Den første", owner=mette.user_id, about=about, due="2026-12-01")
    few = [min(asked(path), asked(path)) for path in paths]
    for number in range(12):
        make(sqlite_klynge, "task", title=f"Nr. {number}", owner=mette.user_id, about=about, due="2026-12-01")
    assert [asked(path) for path in paths] == few


def test_who_may_not_read_what_it_is_about_meets_no_task_anywhere(app: Flask, sqlite_klynge: Klynge, mette: Desk):
    """Eva reads all tasks, and persons: not organisations."""
    rights = (("@crm", "use"), ("@api", "use"), ("task", "*"), ("person", "read"))
    add_role(sqlite_klynge, "narrow", *(Grant(type_key=key, act=act, scope="all") for key, act in rights))
    eva = desk(app, sqlite_klynge, "narrow", "eva")
    about = make(sqlite_klynge, "organisation", title="Klynge Fyn")
    hidden = make(sqlite_klynge, "task", title="Skjult opgave", about=about, owner=mette.user_id)
    private = make(sqlite_klynge, "task", title="Privat opgave", private=True, owner=mette.user_id)
    given = make(sqlite_klynge, "task", title="Givet opgave", about=about, owner=eva.user_id)
    for path in ("/t/task", "/tasks/mine", "/search?q=opgave", "/", "/t/task/pick?q=opgave", "/api/v1/records/task"):
        text = eva.get(path).text
        assert "Skjult opgave" not in text, path
        assert "Privat opgave" not in text, path
        assert "Klynge Fyn" not in text, path
    assert "Givet opgave" in eva.get("/t/task").text
    for task in (hidden, private):
        for path in (f"/r/{task}", f"/r/{task}/history", f"/api/v1/records/task/{task}"):
            assert eva.get(path).status_code == 404, path
        assert eva.post(f"/tasks/{task}/done").status_code == 404
        assert eva.post(f"/r/{task}/follow").status_code == 404
    assert eva.get(f"/api/v1/records/task/{given}").json["about"] == about
    assert "Skjult opgave" in mette.get("/t/task").text
    with sqlite_klynge.works.reading(SEED) as uow:
        assert len(list_page(uow, "task", where=Condition("state", "is", "open")).rows) == 3


def test_who_reads_only_sees_no_buttons(app: Flask, sqlite_klynge: Klynge):
    bo = desk(app, sqlite_klynge, "reader", "bo")
    task = make(sqlite_klynge, "task", title="Læs", owner=bo.user_id)
    page = bo.get("/tasks/mine").text
    assert "Læs" in page
    assert "data-tick" not in page
    assert "data-task-line" not in page
    assert bo.post("/tasks", line="Ny").status_code == 403
    assert bo.post(f"/tasks/{task}/done").status_code == 403
    assert "data-tick" not in bo.get("/").text
