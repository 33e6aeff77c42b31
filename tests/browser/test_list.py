"""A secretary and her list, in Chromium and Danish, wide and on a phone: builder, groups, columns, a saved view, reload; axe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import barriers
from tests.support.people import add_user
from tests.support.screens import make, session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer

TOWNS = (
    ("Havvind", "network", "Esbjerg"),
    ("Bits", "company", "Odense"),
    ("Byg", "company", "Ribe"),
    ("Ærø Klynge", "cluster", None),
)


@pytest.fixture
def mette(page: Page, sqlite_klynge: Klynge, app: object) -> Page:
    for title, kind, city in TOWNS:
        make(sqlite_klynge, "organisation", **{"title": title, "kind": kind} | ({"city": city} if city else {}))
    user_id = add_user(sqlite_klynge, "staff", "mette")
    page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])
    return page


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def name_of(title: str) -> re.Pattern[str]:
    return re.compile(f"^{title}$")


@pytest.mark.parametrize("width", [1440, 360])
def test_a_list_is_filtered_grouped_kept_as_a_view_and_found_again(mette: Page, server: LiveServer, width: int):
    page = mette
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(server.url("/t/organisation"))
    expect(page.get_by_text("4 organisationer").first).to_be_visible()
    assert barriers(page) == []

    build_a_filter(page)
    arrange(page)
    keep_and_change_a_view(page)
    assert no_sideways_scroll(page)


def build_a_filter(page: Page) -> None:
    page.get_by_role("link", name="Tilføj filter").click()
    page.get_by_label("Felt", exact=True).select_option(label="By")
    page.get_by_label("Sammenligning").select_option("filled")
    page.get_by_role("button", name="Gruppe", exact=True).click()
    expect(page.get_by_label("Felt", exact=True)).to_have_count(2)
    page.get_by_label("Felt", exact=True).last.select_option(label="Slags")
    page.locator("#list-panel .ts-control").last.click()
    page.get_by_role("option", name="Virksomhed").click()
    page.keyboard.press("Escape")
    assert barriers(page) == []
    assert no_sideways_scroll(page)
    page.get_by_role("button", name="Anvend filteret").last.click()
    expect(page.get_by_role("link", name=name_of("Havvind"))).to_be_hidden()
    expect(page.get_by_role("link", name=name_of("Bits"))).to_be_visible()
    expect(page.locator(".chip", has_text="Slags er Virksomhed")).to_be_visible()
    expect(page.locator("#filter-form")).to_be_hidden()


def arrange(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^Sorteret efter Navn")).click()
    page.get_by_label("Gruppér efter").select_option(label="Slags")
    page.get_by_label("Skjul tomme grupper").check()
    page.get_by_label("Ansvarlig", exact=True).check()
    assert barriers(page) == []
    page.locator("#arrange-form").get_by_role("button", name="Anvend").last.click()
    expect(page.locator(".group-head")).to_have_count(1)
    expect(page.locator("#list-foot")).to_contain_text("2 organisationer")


def keep_and_change_a_view(page: Page) -> None:
    page.get_by_text("Gem visning").click()
    page.get_by_label("Visningens navn").fill("Firmaer i byer")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Visningen er gemt.")
    here = page.get_by_role("navigation", name="Visninger").get_by_role("link", name="Firmaer i byer")
    expect(here).to_have_attribute("aria-current", "page")
    expect(page).to_have_url(re.compile(r"\?view=\d+$"))

    page.locator(".group-toggle").first.click()
    expect(page.get_by_text("Visningen er ændret, men ikke gemt.")).to_be_visible()
    expect(page.get_by_role("link", name=name_of("Bits"))).to_be_hidden()
    page.reload()
    expect(page.get_by_role("link", name=name_of("Bits"))).to_be_hidden()
    assert barriers(page) == []
    page.get_by_role("link", name="Nulstil").click()
    expect(page.get_by_role("link", name=name_of("Bits"))).to_be_visible()
    page.locator(".group-toggle").first.click()
    page.get_by_role("button", name="Opdatér visning").click()
    expect(page.get_by_role("status")).to_contain_text("Visningen er opdateret.")
    expect(page.get_by_role("link", name=name_of("Bits"))).to_be_hidden()

    page.get_by_role("button", name="Visningen Firmaer i byer: mere").click()
    assert barriers(page) == []
    page.get_by_role("button", name="Slet visningen").click()
    page.get_by_role("button", name="Fortryd").click()
    expect(here).to_have_attribute("aria-current", "page")


def test_widths_are_drawn_and_changed_by_keys_rows_are_chosen_and_the_heading_stays(mette: Page, server: LiveServer):
    page = mette
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(server.url("/t/organisation"))
    edge = page.locator('th[data-field="kind"] .edge').bounding_box()
    assert edge is not None
    page.mouse.move(edge["x"] + 3, edge["y"] + 8)
    page.mouse.down()
    page.mouse.move(edge["x"] + 63, edge["y"] + 8, steps=3)
    page.mouse.up()
    expect(page).to_have_url(re.compile("cols=title%3A"))
    wide = page.locator('th[data-field="kind"]').evaluate("element => element.offsetWidth")
    page.locator('th[data-field="kind"] a').focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator('th[data-field="kind"] a')).to_be_focused()
    page.wait_for_function("old => document.querySelector('th[data-field=kind]').offsetWidth < old", arg=wide)
    page.reload()
    assert page.locator('th[data-field="kind"]').evaluate("element => element.offsetWidth") < wide

    boxes = page.locator("tbody td.choose input")
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator("tr.chosen")).to_have_count(3)
    page.get_by_label("Vælg alle på siden").check()
    expect(page.locator("tr.chosen")).to_have_count(4)
    assert barriers(page) == []

    page.goto(server.url("/t/organisation/print?f.kind=company"))
    page.emulate_media(media="print")
    expect(page.get_by_text("Filtreret: Slags er Virksomhed")).to_be_visible()
    expect(page.get_by_role("navigation", name="Hovedmenu")).to_be_hidden()
    expect(page.get_by_role("button", name="Udskriv")).to_be_hidden()
