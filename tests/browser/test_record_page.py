"""A record in Chromium and Danish: its fields edited where they stand, two people at one field, tabs, a related record made in
place, links, and paper; wide and on a phone."""

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
    def sign_in(page: Page, username: str = "mette") -> int:
        user_id = add_user(sqlite_klynge, "staff", username)
        page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])
        return user_id

    return sign_in


def stored(klynge: Klynge, record_id: int) -> dict[str, object]:
    with klynge.works.reading(SEED) as uow:
        return uow.records.values(record_id)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("width", [1440, 360])
def test_fields_are_edited_where_they_stand(
    page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge, width: int
):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Esbjerg", kind="company")
    page.set_viewport_size({"width": width, "height": 900})
    enter(page)
    page.goto(server.url(f"/r/{record}"))
    page.get_by_text("Esbjerg", exact=True).click()
    field = page.get_by_label("By", exact=True)
    expect(field).to_be_focused()
    assert barriers(page) == []
    field.fill("Ribe")
    field.press("Escape")
    expect(page.get_by_text("Esbjerg", exact=True)).to_be_visible()
    pencil = page.get_by_role("link", name="Ret By")
    expect(pencil).to_be_focused()
    pencil.press("Enter")
    expect(field).to_have_value("Esbjerg")
    field.fill("Ribe")
    field.press("Enter")
    expect(page.get_by_text("Ribe", exact=True)).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("”By” er gemt.")
    assert (barriers(page), fits(page)) == ([], True)
    page.get_by_role("button", name="Fortryd").click()
    expect(page.get_by_role("region", name="Overblik").get_by_text("Esbjerg")).to_be_visible()
    assert stored(sqlite_klynge, record)["city"] == "Esbjerg"


def test_what_is_refused_stays_and_the_name_changes_everywhere(
    page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge
):
    record = make(sqlite_klynge, "organisation", title="Havvind", kind="company")
    enter(page)
    page.goto(server.url(f"/r/{record}"))
    page.get_by_text("Vis tomme felter").click()
    page.get_by_role("link", name="Ret Hjemmeside").click()
    site = page.get_by_label("Hjemmeside", exact=True)
    site.fill("java script")
    site.press("Enter")
    expect(page.get_by_text("Det er ikke en webadresse")).to_be_visible()
    expect(site).to_have_value("java script")
    expect(site).to_be_focused()
    page.complaints.clear()  # type: ignore[attr-defined]  # Chromium notes the 422
    site.fill("havvind.dk")
    site.press("Enter")
    expect(page.get_by_role("link", name="havvind.dk")).to_be_visible()

    page.get_by_role("link", name="Ret Navn").click()
    page.get_by_role("textbox", name=re.compile("^Navn")).fill("Havvind Nord")
    page.get_by_role("textbox", name=re.compile("^Navn")).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Havvind Nord")
    expect(page).to_have_title(re.compile("^Havvind Nord"))
    assert stored(sqlite_klynge, record)["version"] == 3


def test_two_people_at_one_field_choose_between_three_values(
    browser: Browser, page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge
):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Esbjerg", street="Kajen 1")
    enter(page)
    page.goto(server.url(f"/r/{record}"))
    page.get_by_text("Esbjerg", exact=True).click()
    page.get_by_label("By", exact=True).fill("Ribe")
    with watched_page(browser, "other") as other:
        enter(other, "lone")
        other.goto(server.url(f"/r/{record}"))
        for label, old, new in (("By", "Esbjerg", "Odense"), ("Adresse", "Kajen 1", "Kajen 2")):
            other.get_by_text(old, exact=True).click()
            other.get_by_label(label, exact=True).fill(new)
            other.get_by_label(label, exact=True).press("Enter")
            expect(other.get_by_text(new, exact=True)).to_be_visible()
    page.get_by_label("By", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Lone Prøve gemte en anden værdi")
    for words in ("Dit: Ribe", "Gemt nu: Odense", "Da du begyndte: Esbjerg"):
        expect(page.get_by_label(words)).to_be_visible()
    assert barriers(page) == []
    page.complaints.clear()  # type: ignore[attr-defined]  # Chromium notes the 409
    page.get_by_label("Da du begyndte: Esbjerg").check()
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("alert")).to_be_hidden()
    assert (stored(sqlite_klynge, record)["city"], stored(sqlite_klynge, record)["street"]) == ("Esbjerg", "Kajen 2")


@pytest.mark.parametrize("width", [1440, 360])
def test_a_related_record_is_made_without_leaving_the_page(
    page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge, width: int
):
    board, _ = make_meeting(sqlite_klynge)
    page.set_viewport_size({"width": width, "height": 900})
    enter(page)
    page.goto(server.url(f"/r/{board}"))
    page.get_by_role("link", name="Møder 1").click()
    expect(page.get_by_role("link", name="Styregruppemøde 1/2026")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?tab=meeting\.board$"))
    assert (barriers(page), fits(page)) == ([], True)
    page.get_by_role("link", name="Tilføj: Møder").click()
    dialog = page.get_by_role("dialog", name="Nyt møde")
    expect(dialog.locator(".ts-control .item")).to_have_text("Styregruppen")
    assert barriers(page) == []
    dialog.get_by_role("button", name="Gem").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    page.complaints.clear()  # type: ignore[attr-defined]  # Chromium notes the 422
    dialog.get_by_label("Tid, start", exact=True).fill("20.1.2027")
    dialog.get_by_label("Tid, start, klokkeslæt").fill("10.00")
    dialog.get_by_role("button", name="Gem").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Møder 2")).to_be_visible()
    expect(page.get_by_role("link", name="Styregruppemøde 1/2027")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Styregruppemøde 1/2027")).to_be_visible()


def test_a_step_is_taken_with_a_comment_and_what_stands_in_the_way_is_said(
    page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge
):
    _, meeting = make_meeting(sqlite_klynge)
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.transition(meeting, "assemble")
    enter(page)
    page.goto(server.url(f"/r/{meeting}"))
    page.get_by_role("button", name="Skift status").click()
    expect(page.get_by_text("Mødet har ingen punkter på dagsordenen.")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("Kommentar (valgfri)").fill("Vi venter på bilag 2")
    page.get_by_role("button", name="Tilbage til kladde").click()
    expect(page.get_by_text("Vi venter på bilag 2")).to_be_visible()
    assert stored(sqlite_klynge, meeting)["state"] == "draft"


def test_a_link_is_changed_where_it_stands(page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge):
    person = make(sqlite_klynge, "person", given_name="Anne", family_name="Holm")
    office = make(sqlite_klynge, "organisation", title="Kontoret")
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.link(person, "positions", office, role="Konsulent")
    enter(page)
    page.goto(server.url(f"/r/{person}"))
    page.get_by_label("Ret forbindelsen til Kontoret").click()
    form = page.locator("details[open]")
    form.get_by_label("Rolle").fill("Direktør")
    form.get_by_label("Fra").fill("1.2.2024")
    form.get_by_label("Bemærkning").fill("Efter fusionen")
    assert barriers(page) == []
    form.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Forbindelsen er ændret.")).to_be_visible()
    for words in ("Direktør", "01.02.2024–", "Efter fusionen"):
        expect(page.locator(".link-box").get_by_text(words, exact=True)).to_be_visible()


def test_a_record_prints_all_its_fields_and_tables_on_a4(
    page: Page, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge
):
    board, _ = make_meeting(sqlite_klynge)
    enter(page)
    page.goto(server.url(f"/r/{board}"))
    page.get_by_role("button", name="Flere handlinger").click()
    page.get_by_role("link", name="Udskriv").click()
    expect(page.get_by_role("table", name="Møder")).to_contain_text("Styregruppemøde 1/2026")
    assert barriers(page) == []
    page.get_by_role("link", name="Med historik").click()
    expect(page.get_by_text("Oprettet", exact=True)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#side")).to_be_hidden()
    expect(page.locator(".head-actions")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
