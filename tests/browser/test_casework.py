"""A case from its making to its end, in Chromium and Danish: the kind's checklist, one click a row, by keyboard too, and undo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import barriers
from tests.support.people import add_user
from tests.support.screens import make, session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


def row(page: Page, text: str) -> Locator:
    return page.get_by_role("checkbox", name=text, exact=True)


def test_a_case_is_made_worked_through_and_closed(page: Page, server: LiveServer, sqlite_klynge: Klynge, app: object):
    make(sqlite_klynge, "organisation", title="Havvind Danmark", kind="cluster")
    page.context.add_cookies([session_cookie(sqlite_klynge, app, add_user(sqlite_klynge, "staff", "mette"))])
    page.goto(server.url("/t/case/new"))
    it_begins_with_the_rows_of_its_kind(page)
    a_click_or_a_key_ticks_a_row(page)
    rows_are_changed_by_keys_alone(page)
    it_is_closed_when_all_is_done(page)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(server.url("/t/case"))
    expect(page.get_by_role("cell").filter(has_text="5 af 5")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def it_begins_with_the_rows_of_its_kind(page: Page) -> None:
    page.get_by_label("Sag (skal udfyldes)").fill("Guld til Havvind")
    page.get_by_label("Slags").select_option(label="Certificering")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guld til Havvind")
    expect(row(page, "Interview")).not_to_be_checked()
    assert barriers(page) == []


def a_click_or_a_key_ticks_a_row(page: Page) -> None:
    """It is saved at once, the focus stays, and undo takes it back on the page too."""
    row(page, "Aftale").click()
    expect(page.get_by_text("1 af 5")).to_be_visible()
    expect(row(page, "Aftale")).to_be_checked()
    expect(row(page, "Aftale")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(row(page, "Spørgeskema")).to_be_checked()
    expect(page.get_by_text("2 af 5")).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Fortryd").last.click()
    expect(row(page, "Spørgeskema")).not_to_be_checked()
    page.reload()
    expect(page.locator("#changes")).to_contain_text("afkrydsede ”Aftale”")


def rows_are_changed_by_keys_alone(page: Page) -> None:
    """Added, moved, removed, saved."""
    page.get_by_role("link", name="Ret Tjekliste").click()
    rows = page.get_by_role("textbox", name="Tjekliste")
    expect(rows.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("Regnskab")
    page.keyboard.press("Alt+ArrowUp")
    expect(rows.nth(1)).to_have_value("Regnskab")
    rows.nth(5).focus()
    for _ in range(len("Certifikat") + 1):
        page.keyboard.press("Backspace")
    expect(rows).to_have_count(5)
    assert barriers(page) == []
    page.keyboard.press("Control+Enter")
    expect(row(page, "Regnskab")).to_be_visible()
    expect(row(page, "Certifikat")).to_have_count(0)
    expect(page.get_by_text("1 af 5")).to_be_visible()


def it_is_closed_when_all_is_done(page: Page) -> None:
    """With rows left it says which; the menu follows each tick."""
    page.get_by_role("button", name=re.compile("Skift status")).click()
    expect(page.get_by_text("4 punkter er ikke krydset af (Regnskab, Spørgeskema, Interview …).")).to_be_visible()
    page.keyboard.press("Escape")
    for text in ("Regnskab", "Spørgeskema", "Interview", "Rapport"):
        row(page, text).click()
        expect(row(page, text)).to_be_checked()
    expect(page.get_by_text("5 af 5")).to_be_visible()
    page.get_by_role("button", name=re.compile("Skift status")).click()
    page.get_by_role("button", name=re.compile("Afslut sagen")).click()
    expect(page.get_by_text("Status er nu ”Afsluttet”.")).to_be_visible()
