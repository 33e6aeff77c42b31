"""A list as a sheet, and the quick view beside it, in Chromium and Danish: by keyboard and mouse, wide and on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import barriers
from tests.support.people import add_user
from tests.support.screens import SEED, make, session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer

NAMES = ("Aktiv Energi", "Biogas", "Cirkulær")


@pytest.fixture
def listed(page: Page, server: LiveServer, sqlite_klynge: Klynge, app: object) -> list[int]:
    """Three organisations in a list that is open."""
    user_id = add_user(sqlite_klynge, "staff", "mette")
    page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ids = [make(sqlite_klynge, "organisation", title=name, city=f"By {n}") for n, name in enumerate(NAMES)]
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(server.url("/t/organisation?cols=title,kind,state,municipality,city,phone"))
    return ids


def cell(page: Page, row: int, label: str) -> Locator:
    return page.locator("table tbody tr").nth(row).locator(f'td[data-label="{label}"]')


def towns(klynge: Klynge, ids: list[int]) -> list[object]:
    with klynge.works.reading(SEED) as uow:
        return [uow.records.values(one)["city"] for one in ids]


def test_cells_are_typed_in_by_keyboard(page: Page, listed: list[int], sqlite_klynge: Klynge):
    expect(page.get_by_role("table")).to_be_visible()
    page.get_by_role("button", name="Ret i celler").click()
    grid = page.get_by_role("grid")
    expect(grid).to_be_visible()
    assert barriers(page) == []
    expect(grid.get_by_role("rowheader", name="Aktiv Energi")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(cell(page, 1, "By")).to_be_focused()
    page.keyboard.type("Ribe")  # faster than the editor comes: nothing of it is lost
    page.keyboard.press("Tab")
    expect(cell(page, 1, "By")).to_have_text("Ribe")
    expect(cell(page, 1, "Telefon")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="By")).to_have_value("Ribe")
    assert barriers(page) == []
    page.keyboard.type("Esbjerg")
    page.keyboard.press("Escape")
    expect(cell(page, 1, "By")).to_be_focused()
    expect(cell(page, 1, "By")).to_have_text("Ribe")
    assert towns(sqlite_klynge, listed) == ["By 0", "Ribe", "By 2"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("button", name="Ret i celler")).to_be_focused()


def test_a_range_is_pasted_refused_cell_by_cell_and_undone_in_one_step(page: Page, listed: list[int], sqlite_klynge: Klynge):
    cell(page, 0, "Kommune").dblclick()
    page.keyboard.press("Escape")
    expect(cell(page, 0, "Kommune")).to_be_focused()
    sheet = 'Odense\tOdense C\nRumstation\t"Marslev"\nNyborg\tNyborg\nFaxe\tFaxe\n'
    page.evaluate("text => navigator.clipboard.writeText(text)", sheet)
    page.keyboard.press("Control+v")
    notice = page.get_by_role("alert").filter(has_text="5 celler er ændret, 1 er afvist.")
    expect(notice).to_contain_text("Biogas, Kommune: ”Rumstation” kan ikke vælges.")
    expect(notice).to_contain_text("2 celler ligger uden for tabellen")
    assert barriers(page) == []
    assert towns(sqlite_klynge, listed) == ["Odense C", "Marslev", "Nyborg"]
    notice.get_by_role("button", name="Luk").click()
    expect(cell(page, 0, "Kommune")).to_be_focused()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Control+ArrowDown")
    page.keyboard.press("Control+d")
    expect(cell(page, 2, "By")).to_have_text("Odense C")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == "Odense C\nOdense C\nOdense C"
    page.keyboard.press("Delete")
    expect(cell(page, 2, "By")).to_have_text("")
    expect(page.get_by_role("status")).to_contain_text("3 celler er ændret.")
    page.get_by_role("button", name="Fortryd").click()
    expect(cell(page, 2, "By")).to_have_text("Odense C")
    assert towns(sqlite_klynge, listed) == ["Odense C"] * 3


def test_what_may_not_be_edited_says_why(page: Page, listed: list[int], server: LiveServer):
    page.goto(server.url("/t/organisation?cols=title,updated_at"))
    cell(page, 0, "Ændret").dblclick()
    expect(page.get_by_role("status")).to_contain_text("”Ændret” udfyldes af systemet.")
    expect(cell(page, 0, "Ændret")).to_be_focused()
    expect(cell(page, 0, "Ændret")).to_have_attribute("aria-readonly", "true")
    page.complaints.clear()  # type: ignore[attr-defined]  # Chromium notes the 422


def test_a_record_is_looked_at_beside_its_list(page: Page, listed: list[int], sqlite_klynge: Klynge):
    cell(page, 0, "By").click()
    panel = page.get_by_role("dialog", name="Aktiv Energi")
    expect(panel.get_by_role("heading", level=2)).to_be_focused()
    assert barriers(page) == []
    page.keyboard.press("Alt+ArrowDown")
    panel = page.get_by_role("dialog", name="Biogas")
    expect(panel.get_by_role("heading", level=2)).to_be_focused()
    panel.get_by_role("link", name="Ret By").press("Enter")
    panel.get_by_role("textbox", name="By").fill("Skjern")
    page.keyboard.press("Enter")
    expect(cell(page, 1, "By")).to_have_text("Skjern")
    page.keyboard.press("Control+Space")
    name = panel.get_by_role("textbox", name=re.compile("^Navn"))
    expect(name).to_be_focused()
    name.fill("Biogas Vest")
    assert barriers(page) == []
    panel.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("link", name="Biogas Vest")).to_be_visible()
    expect(page.get_by_role("dialog", name="Biogas Vest").get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="Biogas Vest")).to_be_focused()
    page.keyboard.press(" ")
    expect(page.get_by_role("dialog", name="Biogas Vest")).to_be_visible()
    assert towns(sqlite_klynge, listed)[1] == "Skjern"


def test_any_link_opens_the_quick_view_and_a_phone_shows_it_whole(page: Page, listed: list[int]):
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("link", name="Cirkulær").click(button="middle", modifiers=["Control"])
    panel = page.get_by_role("dialog", name="Cirkulær")
    expect(panel).to_have_attribute("aria-modal", "true")
    box = panel.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 360)
    assert barriers(page) == []
    expect(panel.get_by_role("button", name="Næste")).to_be_disabled()
    panel.get_by_role("button", name="Luk hurtigvisningen").click()
    expect(page.get_by_role("link", name="Cirkulær")).to_be_focused()
