"""Sparring in ten seconds, in Chromium and Danish: one typed line anywhere; the form with a thumb on a phone."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from crm.records.query import list_page
from crm.sparring.services import LogSparring, log_sparring
from tests.support.boards import SEED, user_actor
from tests.support.browser import barriers
from tests.support.people import add_user
from tests.support.screens import make, session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


#: How many drafts this browser keeps.
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('klynge-sparring')).length"


@dataclass
class Town:
    """Anne Holm of Fjordklyngen; Mette logs."""

    klynge: Klynge
    server: LiveServer
    organisation: int
    anne: int
    user_id: int

    def stored(self, type_key: str) -> list[dict[str, object]]:
        with self.klynge.works.reading(user_actor(self.klynge, self.user_id)) as uow:
            return [{"title": row.title, **row.values} for row in list_page(uow, type_key).rows]


@pytest.fixture
def town(sqlite_klynge: Klynge, server: LiveServer, app: object, page: Page) -> Town:
    organisation = make(sqlite_klynge, "organisation", title="Fjordklyngen")
    anne = make(sqlite_klynge, "person", given_name="Anne", family_name="Holm")
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.link(anne, "positions", organisation, role="Klyngechef")
    user_id = add_user(sqlite_klynge, "staff", "mette", locale="da")
    page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])
    return Town(sqlite_klynge, server, organisation, anne, user_id)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_one_typed_line_is_a_sparring_and_a_task_in_ten_seconds(page: Page, town: Town) -> None:
    page.goto(town.server.url(f"/r/{town.organisation}"))
    expect(page.locator("[data-quick=sparring][data-attached-sparring]")).to_be_visible()  # the page hears keys
    began = time.monotonic()
    page.keyboard.press("l")
    line = page.get_by_label("På én linje")
    expect(line).to_be_focused()
    page.keyboard.type("anne holm 25 tlf internationalisering: sender EEN-kontakt")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Sparringen er logget, og næste skridt er en opgave.")
    took = time.monotonic() - began
    assert took < 10, f"it took {took:.1f} s"
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#timeline .sparring-line")).to_contain_text("Sparring · 25 min · telefon")
    (sparring,), (task,) = town.stored("sparring"), town.stored("task")
    assert (sparring["person"], sparring["minutes"], sparring["topics"]) == (town.anne, 25, ("international",))
    assert task["title"] == "Sender EEN-kontakt"
    page.get_by_role("button", name="Fortryd").click()
    expect(page.locator("#toasts")).to_contain_text("Fortrudt")
    assert town.stored("sparring") == []
    assert town.stored("task") == []


def test_what_is_not_understood_is_asked_about_and_said_by_the_writer(page: Page, town: Town) -> None:
    page.goto(town.server.url(f"/r/{town.organisation}"))
    expect(page.locator("[data-quick=sparring][data-attached-sparring]")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Søg og kommandoer").fill("log spar")
    expect(page.get_by_role("option", name="Log sparring").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("På én linje")).to_be_focused()
    page.keyboard.type("anne hoppeborg 15")
    expect(page.locator("[data-doubt]")).to_contain_text("Ikke forstået: ”hoppeborg”")
    assert barriers(page) == []
    page.get_by_role("button", name="Læg det i notatet").click()
    expect(page.get_by_label("Notat")).to_have_value("hoppeborg")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline .sparring-line")).to_contain_text("hoppeborg")


def fill_by_thumb(page: Page, sheet: Locator) -> None:
    """Somebody new at an organisation found by three letters; chips and buttons; everything large enough."""
    sheet.get_by_role("combobox", name="Hvem", exact=True).fill("kim niels")
    sheet.get_by_text("Opret ”kim niels”").click()
    sheet.get_by_role("combobox", name="Organisation(er)").fill("fjo")
    sheet.get_by_role("option", name="Fjordklyngen").click()
    page.keyboard.press("Tab")
    for chip in ("Strategi", "Strategimøde", "Facilitator", "60"):
        sheet.get_by_label(chip, exact=True).check()
    sheet.get_by_label("Notat").fill("Ny bestyrelse")
    for button in sheet.locator(".chip-check").all():
        box = button.bounding_box()
        assert box is None or box["height"] >= 44


def test_a_thumb_fills_the_form_and_a_draft_survives_a_lost_connection(page: Page, town: Town) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(town.server.url("/"))
    page.get_by_role("link", name="Log sparring").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_label("På én linje")).to_be_focused()
    assert fits(page)
    fill_by_thumb(page, sheet)
    assert barriers(page) == []
    page.context.set_offline(True)
    sheet.get_by_role("button", name="Gem").click()
    expect(page.locator("#toasts")).to_contain_text("Der er ingen forbindelse")
    page.complaints.clear()  # type: ignore[attr-defined]  # the lost connection was meant
    page.context.set_offline(False)
    page.reload()
    page.get_by_role("link", name="Log sparring").click()
    expect(sheet.get_by_role("status").first).to_contain_text("sat det ind igen")
    expect(sheet.get_by_label("Notat")).to_have_value("Ny bestyrelse")
    sheet.get_by_role("button", name="Gem").click()
    expect(page.locator("#toasts")).to_contain_text("Sparringen er logget.")
    (sparring,) = town.stored("sparring")
    assert (sparring["title"], sparring["channel"], sparring["our_role"]) == (
        "kim niels, 01.12.2026",
        "strategy_meeting",
        "facilitator",
    )
    assert (sparring["minutes"], sparring["topics"], sparring["note"]) == (60, ("strategy",), "Ny bestyrelse")
    assert page.evaluate(DRAFTS) == 0
    sign_out_forgets_what_was_not_sent(page, sheet)


def sign_out_forgets_what_was_not_sent(page: Page, sheet: Locator) -> None:
    page.get_by_role("link", name="Log sparring").click()
    sheet.get_by_label("Notat").fill("Ikke sendt")
    assert page.evaluate(DRAFTS) == 1
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Din menu").click()
    page.get_by_role("button", name="Log ud").click()
    expect(page).to_have_url(re.compile("/login"))
    assert page.evaluate(DRAFTS) == 0


def test_totals_and_the_brief_are_read_on_a_desk_and_on_a_phone(page: Page, town: Town) -> None:
    with town.klynge.works.writing(user_actor(town.klynge, town.user_id)) as uow:
        log_sparring(uow, LogSparring(town.anne, topics=("strategy",), channel="phone", minutes=90, next_step="Sender skabelon"))
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(town.server.url("/sparring/totals?by=topic"))
        expect(page.locator("[data-chart] canvas")).to_have_count(2)
        assert fits(page)
        assert width == 360 or barriers(page) == []
        page.goto(town.server.url(f"/r/{town.organisation}"))
        expect(page.locator("[data-quick=sparring][data-attached-sparring]")).to_be_visible()
        page.keyboard.press("b")
        expect(page.get_by_role("heading", name="Før du ringer til Fjordklyngen")).to_be_visible()
        expect(page.locator("#brief-promises").locator("xpath=../..")).to_contain_text("Sender skabelon")
        assert fits(page)
        assert width == 360 or barriers(page) == []
