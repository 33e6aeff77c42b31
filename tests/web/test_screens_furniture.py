"""What stands around every page is drawn once for all who see the same, and never shown to whom it is not for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from crm.security.epochs import raise_security_epoch
from crm.security.models import Grant, role_table
from tests.support.people import add_role
from tests.support.queries import counting
from tests.support.screens import Desk, desk, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


MARKED = r'href="(/t/[^"]*)" aria-current="page"'


def menu(who: Desk, path: str = "/t/person") -> list[str]:
    page = who.get(path).text
    return re.findall(r'href="(/[^"]*)"', page.split('<nav class="side')[1].split("</nav>")[0])


def test_a_menu_is_its_readers_own_and_follows_their_grants(app: Flask, sqlite_klynge: Klynge):
    rights = (Grant(type_key="@crm", act="use"), Grant(type_key="person", act="read"), Grant(type_key="organisation", act="read"))
    add_role(sqlite_klynge, "narrow", *rights)
    staff, narrow = desk(app, sqlite_klynge), desk(app, sqlite_klynge, "narrow")
    assert "/t/meeting" in menu(staff)
    for _ in range(2):
        assert "/t/organisation" in menu(narrow, "/t/person")
        assert "/t/meeting" not in menu(narrow, "/t/person")
        assert 'id="new-menu"' not in narrow.get("/t/person").text
    with sqlite_klynge.database.writing() as session:
        narrow_id = session.scalar(select(role_table.c.id).where(role_table.c.name == "narrow"))
        session.execute(delete(Grant).where(Grant.type_key == "organisation", Grant.role_id == narrow_id))
        raise_security_epoch(session)
    assert "/t/organisation" not in menu(narrow, "/t/person")
    assert "/t/organisation" in menu(staff)


def test_two_of_one_role_share_the_menu_and_not_the_palette(app: Flask, sqlite_klynge: Klynge):
    anne, bo = desk(app, sqlite_klynge, "staff", "anne"), desk(app, sqlite_klynge, "staff", "bo")
    for who in (anne, bo, anne):
        assert f'data-user="{who.user_id}"' in who.get("/t/person").text
    assert menu(anne) == menu(bo)
    marked = [set(re.findall(MARKED, anne.get(path).text)) for path in ("/t/person", "/t/meeting")]
    assert marked == [{"/t/person"}, {"/t/meeting"}]


def test_the_furniture_speaks_each_readers_language_and_asks_nothing(app: Flask, sqlite_klynge: Klynge):
    anne, bo = desk(app, sqlite_klynge, "staff", "anne"), desk(app, sqlite_klynge, "staff", "bo")
    bo.post("/me/language", locale="en", next="/")
    for _ in range(2):
        assert ("Organisationer" in words(anne.get("/t/person")), "Organisationer" in words(bo.get("/t/person"))) == (True, False)
    counts = []
    for _ in range(2):
        with counting(sqlite_klynge.database) as asked:
            anne.get("/t/person")
        counts.append(len(asked))
    assert counts[0] == counts[1]
