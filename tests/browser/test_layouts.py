"""A secretary moves cards on a board and meetings in a calendar: by mouse and by keyboard, refused and taken back; phone; axe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import barriers, watched_page
from tests.support.people import add_user
from tests.support.screens import SEED, make, make_meeting, session_cookie

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


@pytest.fixture
def enter(sqlite_klynge: Klynge, app: object) -> Callable[[Page], None]:
    """Sign pages in as one secretary, past the form."""
    user_id = add_user(sqlite_klynge, "staff", "mette")

    def sign_in(page: Page) -> None:
        page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])

    return sign_in


def drag(page: Page, what: Locator, onto: Locator) -> None:
    """Take hold, move in steps as a hand does, and let go."""
    start, end = what.bounding_box(), onto.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 25, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 70, steps=12)
    page.mouse.up()


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_cards_are_dragged_refused_and_taken_back(
    page: Page, server: LiveServer, enter: Callable[[Page], None], sqlite_klynge: Klynge
):
    make(sqlite_klynge, "organisation", title="Havvind Nord", kind="company", city="Esbjerg")
    enter(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(server.url("/t/organisation"))
    page.get_by_role("link", name="Tavle").click()
    column = {key: page.locator(f"[data-column={key}]") for key in ("active", "starting", "merged", "closed")}
    expect(column["active"].locator(".board-card")).to_have_count(1)
    expect(page.locator("[data-board][data-ready]")).to_be_visible()
    assert barriers(page) == []

    drag(page, column["active"].get_by_role("listitem"), column["closed"])
    expect(page.get_by_role("status")).to_contain_text("”Havvind Nord” er nu ”Ophørt”.")
    expect(column["closed"].get_by_role("link", name="Havvind Nord")).to_be_visible()
    expect(column["closed"].locator("[data-count]")).to_have_text("1")
    drag(page, column["closed"].get_by_role("listitem"), column["starting"])
    expect(page.get_by_role("status")).to_contain_text("Intet trin fører fra ”Ophørt” til ”Under opstart”.")
    expect(column["closed"].get_by_role("link", name="Havvind Nord")).to_be_visible()
    page.complaints.clear()  # type: ignore[attr-defined]  # Chromium notes the 422
    page.get_by_role("status").get_by_role("button", name="Fortryd").click()
    expect(column["active"].get_by_role("link", name="Havvind Nord")).to_be_visible()
    page.wait_for_load_state("networkidle")  # the page asks for its counts until the server goes


def test_cards_are_moved_by_key_and_by_touch_and_the_columns_are_chosen(
    browser: Browser, page: Page, server: LiveServer, enter: Callable[[Page], None], sqlite_klynge: Klynge
):
    one = make(sqlite_klynge, "organisation", title="Blå Energi", kind="company")
    enter(page)
    page.goto(server.url("/t/organisation?layout=board"))
    page.get_by_role("button", name="Flyt ”Blå Energi”").press("Enter")
    dialog = page.get_by_role("dialog", name="Flyt ”Blå Energi” til")
    expect(dialog.get_by_role("button", name="Under opstart")).to_be_visible()
    assert barriers(page) == []
    dialog.get_by_role("button", name="Under opstart").press("Enter")
    expect(page.locator("[data-column=starting]").get_by_role("link", name="Blå Energi")).to_be_visible()
    expect(page.get_by_role("button", name="Flyt ”Blå Energi”")).to_be_focused()

    page.get_by_role("combobox", name="Kolonner").select_option(label="Slags")
    expect(page.locator("[data-column=company] .board-card")).to_have_count(1)
    page.get_by_label("Skjul tomme kolonner").check()
    expect(page.locator("[data-column]")).to_have_count(1)
    page.reload()
    expect(page.locator("[data-column]")).to_have_count(1)
    with watched_page(browser, "board-phone", width=360, height=740) as phone:
        enter(phone)
        phone.goto(server.url("/t/organisation?layout=board&by=kind"))
        assert no_sideways_scroll(phone)
        assert barriers(phone) == []
        phone.get_by_role("button", name="Flyt ”Blå Energi”").click()
        phone.get_by_role("dialog").get_by_role("button", name="Netværk").click()
        expect(phone.locator("[data-column=network] .board-card")).to_have_count(1)
    with sqlite_klynge.works.reading(SEED) as uow:
        assert (uow.records.values(one)["kind"], uow.records.values(one)["state"]) == ("network", "starting")


def test_meetings_are_moved_in_the_calendar_by_mouse_and_key(
    page: Page, server: LiveServer, enter: Callable[[Page], None], sqlite_klynge: Klynge
):
    _board, meeting = make_meeting(sqlite_klynge)
    enter(page)
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.goto(server.url("/t/meeting?layout=calendar"))
    expect(page.get_by_role("heading", name="december 2026")).to_be_visible()
    event = page.get_by_role("link", name=re.compile("^Styregruppemøde 1.2026, 24.12.2026"))
    expect(event).to_be_visible()
    assert barriers(page) == []
    drag(page, event, page.locator('[data-date="2026-12-21"]'))
    expect(page.get_by_role("status")).to_contain_text("er nu 21.12.2026")
    moved = page.get_by_role("link", name=re.compile("^Styregruppemøde 1.2026, 21.12.2026"))
    moved.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("status").filter(has_text="er nu 22.12.2026")).to_be_visible()

    with sqlite_klynge.works.reading(SEED) as uow:
        assert uow.records.values(meeting)["when"].start.isoformat() == "2026-12-22T09:00:00+00:00"


def test_the_calendar_is_turned_by_keys_remembers_its_place_and_makes_meetings_by_a_click(
    browser: Browser, page: Page, server: LiveServer, enter: Callable[[Page], None], sqlite_klynge: Klynge
):
    make_meeting(sqlite_klynge)
    enter(page)
    page.goto(server.url("/t/meeting?layout=calendar"))
    expect(page.get_by_role("heading", name="december 2026")).to_be_visible()
    page.keyboard.press("5")
    expect(page.get_by_role("button", name="Liste", exact=True)).to_have_attribute("aria-pressed", "true")
    assert barriers(page) == []
    page.keyboard.press("2")
    expect(page.get_by_text("Uge 49")).to_be_visible()
    assert barriers(page) == []
    page.reload()
    expect(page.get_by_text("Uge 49")).to_be_visible()
    page.keyboard.press("1")
    page.locator('[data-date="2026-12-15"]').click(position={"x": 60, "y": 60})
    expect(page.get_by_label("Tid, start", exact=True)).to_have_value("15.12.2026")

    with watched_page(browser, "calendar-phone", width=360, height=740) as phone:
        enter(phone)
        phone.goto(server.url("/t/meeting?layout=calendar"))
        expect(phone.get_by_role("link", name=re.compile("^Styregruppemøde 1.2026"))).to_be_visible()
        expect(phone.get_by_role("button", name="Liste", exact=True)).to_have_attribute("aria-pressed", "true")
        assert no_sideways_scroll(phone)
        assert barriers(phone) == []
