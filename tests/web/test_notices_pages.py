"""The bell, following and the switches as pages: what they say, whose they are, and that reading writes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from crm.notices.models import Follow, Notice
from crm.notices.receivers import Desk
from crm.notices.services import tell_changes
from crm.security.preferences import read_preferences
from tests.support.queries import counting
from tests.support.screens import Desk as Browser
from tests.support.screens import desk, make, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def mette(app: Flask, sqlite_klynge: Klynge) -> Browser:
    return desk(app, sqlite_klynge, "staff", "mette")


@pytest.fixture
def lone(app: Flask, sqlite_klynge: Klynge) -> Browser:
    return desk(app, sqlite_klynge, "staff", "lone")


def tell(klynge: Klynge) -> None:
    tell_changes(klynge.works, Desk.of(klynge.settings, klynge.mandates))


def follows(klynge: Klynge, who: Browser) -> list[bool]:
    with klynge.database.reading() as session:
        return list(session.scalars(select(Follow.muted).where(Follow.user_id == who.user_id)))


def test_a_record_is_followed_muted_and_let_go_by_its_buttons(sqlite_klynge: Klynge, mette: Browser):
    about = make(sqlite_klynge, "organisation", title="Klynge Fyn")
    page = f"/r/{about}"
    assert f'action="{page}/follow"' in mette.get(page).text
    for wish, kept, shown in (("follow", [False], "unfollow"), ("mute", [True], "unfollow"), ("unfollow", [], "follow")):
        assert mette.post(f"{page}/{wish}").status_code == 303
        assert follows(sqlite_klynge, mette) == kept
        assert f'action="{page}/{shown}"' in mette.get(page).text
    assert mette.post(f"{page}/adore").status_code == 405
    assert mette.post("/r/4711/follow").status_code == 404
    assert mette.client.post(f"{page}/follow").status_code == 400, "without the token of the page nothing is done"


def test_what_one_follows_is_a_list_that_says_how_it_stands(sqlite_klynge: Klynge, mette: Browser):
    assert "Du følger ikke noget endnu." in words(mette.get("/notices/following"))
    for title, wish in (("Klynge Fyn", "follow"), ("Klynge Als", "mute")):
        mette.post(f"/r/{make(sqlite_klynge, 'organisation', title=title)}/{wish}")
    said = words(mette.get("/notices/following"))
    assert "Klynge Als organisation lyden slået fra" in said
    assert "Klynge Fyn organisation Følg ikke længere" in said


def test_the_bell_is_filled_read_and_emptied(sqlite_klynge: Klynge, mette: Browser, lone: Browser):
    mette.post("/tasks", line="Find lokale @lone")
    mette.post("/tasks", line="Bestil kage @lone")
    tell(sqlite_klynge)
    assert json.loads(lone.get("/nav/counts").headers["HX-Trigger"]) == {"klynge:counts": {"mine": 2, "bell": 2}}
    bell = lone.get("/notices/latest")
    assert "Mette P. gav dig opgaven ”Bestil kage”" in words(bell)
    with sqlite_klynge.database.reading() as session:
        assert set(session.scalars(select(Notice.read_at))) == {None}, "to look is not to have read"
        first, second = session.scalars(select(Notice.id).order_by(Notice.id)).all()
    assert mette.post(f"/notices/{first}/read").status_code == 404, "it is not hers"
    assert lone.post(f"/notices/{first}/read").status_code == 303
    assert json.loads(lone.get("/nav/counts").headers["HX-Trigger"])["klynge:counts"]["bell"] == 1
    assert "Find lokale" not in words(lone.get("/notices?unread=1"))
    assert "Intet her." in words(lone.get("/notices?kind=mentioned"))
    assert lone.post("/notices/read", up_to=str(second)).status_code == 303
    assert json.loads(lone.get("/nav/counts").headers["HX-Trigger"])["klynge:counts"]["bell"] == 0


def test_old_notices_stand_on_further_pages(sqlite_klynge: Klynge, mette: Browser, lone: Browser):
    for number in range(31):
        make(sqlite_klynge, "task", title=f"Opgave {number:02}", owner=lone.user_id)
    tell(sqlite_klynge)
    page = lone.get("/notices").text
    assert "Opgave 30" in page
    assert "Opgave 00" not in page
    address = page.partition('href="/notices?before=')[2].partition('"')[0]
    older = words(lone.get(f"/notices?before={address.replace('&amp;', '&')}"))
    assert "Opgave 00" in older
    assert "Opgave 01" not in older
    with counting(sqlite_klynge.database) as asked:
        lone.get("/notices")
    many = len(asked)
    mette.get("/notices")
    with counting(sqlite_klynge.database) as asked:
        mette.get("/notices")
    assert many <= len(asked) + 2, "titles and names are read once for all"


def test_the_switches_are_one_s_own_and_survive(sqlite_klynge: Klynge, mette: Browser, lone: Browser):
    page = words(mette.get("/me"))
    assert "Nogen nævner mig" in page
    answer = mette.post("/me/notices", mentioned="off", due="mail", assigned="mail")
    assert answer.headers["Location"].endswith("/me#notices")
    with sqlite_klynge.database.reading() as session:
        assert read_preferences(session, mette.user_id) == {
            "notice_ways": {"mentioned": "off", "due": "mail"},
            "auto_follow": False,
        }
        assert read_preferences(session, lone.user_id) == {}
    text = mette.get("/me").text
    chosen = text.partition('id="way-mentioned"')[2].partition("</select>")[0]
    assert '<option value="off" selected>' in chosen
    mette.post("/me/notices", mentioned="pigeon")
    with sqlite_klynge.database.reading() as session:
        assert read_preferences(session, mette.user_id)["notice_ways"] == {"mentioned": "off", "due": "mail"}
    mette.post("/me/notices", auto_follow="true")
    with sqlite_klynge.database.reading() as session:
        assert read_preferences(session, mette.user_id) == {}


def test_a_board_member_has_no_bell(app: Flask, sqlite_klynge: Klynge):
    member = desk(app, sqlite_klynge, "board_member")
    for path in ("/notices", "/notices/latest", "/notices/following", "/tasks/mine"):
        assert member.get(path).status_code == 403, path
    for path in ("/notices/read", "/me/notices", "/tasks", "/r/1/follow", "/tasks/1/done"):
        assert member.post(path).status_code == 403, path
    assert "way-mentioned" not in member.get("/me").text
