"""A secretary finds that two are one, lays them side by side, merges them, and takes it back: in Danish, wide and on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.records.merge import MatchFollower
from tests.support.browser import barriers, watched_page
from tests.support.people import add_user
from tests.support.screens import make, session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


@pytest.fixture
def cookie(sqlite_klynge: Klynge, app: object) -> Any:
    """Two records of one man, and a secretary who is signed in."""
    make(sqlite_klynge, "person", given_name="Jens", family_name="Bak", email="jens@havn.example")
    make(sqlite_klynge, "person", given_name="Jens", family_name="Back", email="jb@havn.example", note="Fra deltagerlisten.")
    MatchFollower(sqlite_klynge.works).turn()
    return session_cookie(sqlite_klynge, app, add_user(sqlite_klynge, "staff", "mette"))


def test_a_new_form_says_what_it_looks_like(page: Page, server: LiveServer, cookie: Any):
    page.context.add_cookies([cookie])
    page.goto(server.url("/t/person/new"))
    page.get_by_label(re.compile("^Fornavn")).fill("Jens")
    page.get_by_label("Efternavn").fill("Bakk")
    page.get_by_label("Efternavn").press("Tab")
    expect(page.get_by_text("Ligner", exact=True)).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Jens Bak", exact=True)).to_be_visible()
    assert barriers(page) == []


def test_two_are_compared_merged_and_taken_back(page: Page, server: LiveServer, cookie: Any):
    page.context.add_cookies([cookie])
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(server.url("/t/person"))
    page.get_by_role("link", name="Dubletter").click()
    expect(page.get_by_role("cell", name="navnet lyder ens, samme maildomæne")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="Sammenlign Jens Bak og Jens Back").click()
    assert barriers(page) == []
    page.get_by_label("Efternavn, Jens Back: Back").check()
    page.get_by_role("button", name="Flet", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jens Back")
    expect(page.get_by_role("link", name="jens@havn.example").first).to_be_visible()
    expect(page.get_by_role("link", name="jb@havn.example").first).to_be_visible()
    page.get_by_role("status").get_by_role("button", name="Fortryd").click()
    page.goto(server.url("/t/person"))
    expect(page.get_by_role("link", name="Jens Bak", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Jens Back", exact=True)).to_be_visible()


def test_two_are_merged_on_a_phone(browser: Browser, server: LiveServer, cookie: Any):
    with watched_page(browser, "merge-phone", width=360, height=740) as phone:
        phone.context.add_cookies([cookie])
        phone.goto(server.url("/duplicates/person"))
        assert barriers(phone) == []
        phone.get_by_role("link", name="Sammenlign Jens Bak og Jens Back").click()
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert barriers(phone) == []
        phone.get_by_label("Bliver: Jens Back").check()
        phone.get_by_label("Efternavn, Jens Back: Back").check()
        phone.get_by_role("button", name="Flet", exact=True).click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Jens Back")
