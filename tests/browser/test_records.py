"""A secretary at the generic pages, in Chromium and Danish: make, correct, collide, undo; by keyboard; on a phone; axe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import barriers, watched_page
from tests.support.people import add_user
from tests.support.screens import SEED, make, make_meeting, session_cookie

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


@pytest.fixture
def enter(sqlite_klynge: Klynge, server: LiveServer, app: object) -> Callable[..., int]:
    """Sign a page in: `enter(page)`; past the form, which has tests of its own."""

    def sign_in(page: Page, username: str = "mette", role: str = "staff") -> int:
        user_id = add_user(sqlite_klynge, role, username)
        page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])
        return user_id

    return sign_in


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_an_organisation_is_made_corrected_deleted_and_taken_back(page: Page, server: LiveServer, enter: Callable[..., int]):
    page.set_viewport_size({"width": 1440, "height": 900})
    enter(page)
    page.goto(server.url("/t/organisation"))
    expect(page.get_by_text("Der er ingen organisationer endnu.")).to_be_visible()
    page.get_by_role("link", name="Ny organisation").first.click()
    page.get_by_label("Hjemmeside").fill("java script")
    page.get_by_label("By", exact=True).fill("Ærøskøbing")
    page.get_by_role("button", name="Gem", exact=True).click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("By", exact=True)).to_have_value("Ærøskøbing")
    expect(page.get_by_label("Hjemmeside")).to_have_attribute("aria-invalid", "true")
    assert barriers(page) == []
    page.complaints.clear()  # type: ignore[attr-defined]  # Chromium notes the 422

    page.get_by_label(re.compile("^Navn")).fill("Grøn Energi Nord")
    page.get_by_label("Hjemmeside").fill("groen.example.dk")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Grøn Energi Nord")
    expect(page.get_by_role("status")).to_contain_text("Grøn Energi Nord” er gemt.")
    assert barriers(page) == []

    for menu in ("Ny", "Skift status", "Flere handlinger", "Din menu"):
        page.get_by_role("button", name=menu, exact=menu == "Ny").click()
        # An open menu lies over buttons of the page, and what still shows of one is no target; its own items are looked at.
        assert [one for one in barriers(page) if "dropdown-item" in one or not one.startswith("target-size")] == [], menu
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Flere handlinger").click()
    page.get_by_role("button", name="Slet").click()
    expect(page.get_by_role("status")).to_contain_text("Lagt i papirkurven.")
    page.get_by_role("button", name="Fortryd").click()
    page.get_by_role("table").get_by_role("link", name="Grøn Energi Nord").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Grøn Energi Nord")
    expect(page.get_by_text("Gendannet")).to_be_visible()


def test_two_people_collide_and_nothing_is_lost(
    browser: Browser, page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge
):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Esbjerg")
    enter(page)
    page.goto(server.url(f"/r/{record}/edit"))
    with watched_page(browser, "conflict-other") as other:
        enter(other, "lone")
        other.goto(server.url(f"/r/{record}/edit"))
        other.get_by_label(re.compile("^Navn")).fill("Havvind Nord")
        other.get_by_role("button", name="Gem", exact=True).click()
        expect(other.get_by_role("heading", level=1)).to_have_text("Havvind Nord")
    page.get_by_label(re.compile("^Navn")).fill("Havvind Syd")
    page.get_by_label("By", exact=True).fill("Ribe")
    page.get_by_role("button", name="Gem", exact=True).click()

    clashes = page.get_by_role("alert").filter(has_text="Rettet samtidig")
    expect(clashes).to_contain_text("Havvind Syd")
    expect(clashes).to_contain_text("Havvind Nord")
    assert barriers(page) == []
    page.complaints.clear()  # type: ignore[attr-defined]  # Chromium notes the 409
    page.get_by_label(re.compile("Gemt nu")).check()
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Havvind Nord")
    with sqlite_klynge.works.reading(SEED) as uow:
        assert uow.records.values(record)["city"] == "Ribe"


def test_a_meeting_is_planned_with_the_keyboard_alone(
    page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge
):
    make_meeting(sqlite_klynge)
    enter(page)
    page.goto(server.url("/t/meeting"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Gå til indholdet")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Søg og kommandoer")).to_be_focused()
    page.keyboard.type("styregruppemøde")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Styregruppemøde 1/2026")
    page.goto(server.url("/t/meeting/new"))
    page.get_by_label(re.compile("^Udvalg")).first.focus()
    page.keyboard.type("styre")
    expect(page.get_by_role("option", name="Styregruppen")).to_be_visible()
    page.keyboard.press("Enter")
    page.goto(server.url("/t/meeting"))
    page.goto(server.url("/t/meeting/new"))
    expect(page.locator(".ts-control .item", has_text="Styregruppen")).to_be_visible()
    page.get_by_label("Tid, start", exact=True).focus()
    page.keyboard.type("20.1.2027")
    page.keyboard.press("Tab")
    page.keyboard.type("10.00")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Styregruppemøde 1/2027")


def test_a_list_is_filtered_as_one_types_and_the_address_follows(
    page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge
):
    for name in ("Grøn Energi", "Havvind", "Blå Energi"):
        make(sqlite_klynge, "organisation", title=name, kind="company")
    enter(page)
    page.goto(server.url("/t/organisation"))
    expect(page.locator("#count")).to_have_text("3 organisationer")
    page.get_by_role("searchbox", name="Filtrér på navn").fill("energi")
    expect(page.get_by_role("link", name="Havvind")).to_be_hidden()
    expect(page.locator("#count")).to_have_text("2 organisationer")
    expect(page).to_have_url(re.compile(r"/t/organisation\?q=energi$"))
    page.reload()
    expect(page.get_by_role("link", name="Havvind")).to_be_hidden()
    page.get_by_role("link", name="Tilføj filter").click()
    page.get_by_label("Felt", exact=True).select_option(label="Slags")
    page.get_by_label("Sammenligning").select_option("empty")
    page.get_by_role("button", name="Anvend filteret").last.click()
    expect(page.get_by_text("Intet passer til filteret.")).to_be_visible()
    expect(page.get_by_role("searchbox", name="Filtrér på navn")).to_have_value("energi")
    assert barriers(page) == []


def test_what_was_typed_survives_a_lost_session(page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge):
    enter(page)
    page.goto(server.url("/t/organisation/new"))
    page.get_by_label(re.compile("^Navn")).fill("Halvskrevet")
    page.context.clear_cookies()
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Ny organisation")
    page.complaints.clear()  # type: ignore[attr-defined]  # Chromium notes the refusal
    enter(page, "mette_igen")
    page.goto(server.url("/"))
    page.goto(server.url("/t/organisation/new"))
    expect(page.get_by_label(re.compile("^Navn"))).to_have_value("Halvskrevet")
    expect(page.get_by_text("Vi fandt det, du skrev")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Halvskrevet")
    page.goto(server.url("/t/organisation/new"))
    expect(page.get_by_label(re.compile("^Navn"))).to_have_value("")


def test_a_draft_can_be_dropped(page: Page, server: LiveServer, enter: Callable[..., int]):
    enter(page)
    for way in ("Begynd forfra", "Annullér"):
        page.goto(server.url("/t/organisation/new"))
        page.get_by_label(re.compile("^Navn")).fill("Halvskrevet")
        page.goto(server.url("/t/organisation/new"))
        expect(page.get_by_label(re.compile("^Navn"))).to_have_value("Halvskrevet")
        page.locator("main").get_by_text(way).click()
        page.goto(server.url("/t/organisation/new"))
        expect(page.get_by_label(re.compile("^Navn"))).to_have_value("")


def test_the_pages_fit_a_phone_and_the_menu_opens_by_touch_and_key(
    browser: Browser, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge
):
    board, meeting = make_meeting(sqlite_klynge)
    record = make(sqlite_klynge, "organisation", title="Fødevareklyngen Midt- og Vestjylland", kind="cluster", note="En note")
    make(sqlite_klynge, "follow_up", title="Send et notat om ansøgningen", meeting=meeting, due="2026-11-20")
    with watched_page(browser, "phone", width=360, height=740) as page:
        enter(page)
        for path in (
            "/",
            "/t/organisation",
            f"/r/{record}",
            f"/r/{record}/edit",
            "/t/meeting/new",
            f"/r/{board}",
            "/trash",
            "/search?q=k",
        ):
            page.goto(server.url(path))
            assert no_sideways_scroll(page), path
            assert barriers(page) == [], path
        link = page.locator("#side").get_by_role("link", name="Organisationer")
        expect(link).to_be_hidden()
        page.get_by_role("button", name="Menu", exact=True).press("Enter")
        expect(page.locator("#side")).to_be_focused()
        expect(link).to_be_visible()
        page.keyboard.press("Escape")
        expect(link).to_be_hidden()


def test_a_link_is_added_through_the_picker(page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge):
    person = make(sqlite_klynge, "person", given_name="Anne", family_name="Holm")
    make(sqlite_klynge, "organisation", title="Grøn Energi Nord")
    enter(page)
    page.goto(server.url(f"/r/{person}"))
    page.get_by_text("Tilføj: Stillinger").click()
    page.get_by_role("combobox", name="Stillinger").click()
    page.keyboard.type("nord")
    page.get_by_role("option", name="Grøn Energi Nord").click()
    page.get_by_label("Rolle").fill("Direktør")
    page.get_by_label("Fra").fill("1.2.2024")
    assert barriers(page) == []
    page.get_by_role("button", name="Tilføj", exact=True).click()
    expect(page.get_by_text("01.02.2024–", exact=True)).to_be_visible()
