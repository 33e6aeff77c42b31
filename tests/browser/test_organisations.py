"""An organisation in time, in Chromium and Danish: a new name, list and page as of a day; and a person's consents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import barriers
from tests.support.people import add_user
from tests.support.screens import SEED, make, session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


@pytest.fixture
def mette(page: Page, sqlite_klynge: Klynge, app: object) -> Page:
    """Mette of the staff is signed in."""
    user_id = add_user(sqlite_klynge, "staff", "mette")
    page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])
    return page


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.fixture
def renamed(sqlite_klynge: Klynge) -> int:
    """A cluster that had another name until yesterday, one that was not there in 2016, and the director of the first."""
    cluster = make(sqlite_klynge, "organisation", title="Lean Energy", kind="cluster", founded="2009-05-01", municipality="0540")
    make(sqlite_klynge, "organisation", title="Marlog", kind="cluster", founded="2021-01-01")
    anne = make(sqlite_klynge, "person", given_name="Anne", family_name="Holm")
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.link(anne, "positions", cluster, role="Direktør")
        uow.records.update(cluster, {"title": "CLEAN"})
    return cluster


def test_a_new_name_keeps_the_old_one_beside_it(mette: Page, server: LiveServer, renamed: int):
    mette.goto(server.url(f"/r/{renamed}"))
    mette.get_by_role("link", name="Ret Navn").click()
    field = mette.locator("[data-fact=title] input[name=title]")
    field.fill("CLEAN Energi")
    field.press("Enter")
    expect(mette.get_by_role("heading", name="CLEAN Energi", level=1)).to_be_visible()
    mette.reload()
    names = mette.get_by_role("region", name="Navne i tid")
    expect(names).to_contain_text("CLEAN Energi")
    expect(names).to_contain_text("01.05.2009–30.11.2026")
    assert barriers(mette) == []


@pytest.mark.usefixtures("renamed")
def test_a_list_and_a_page_are_looked_at_as_of_a_day(mette: Page, server: LiveServer):
    mette.goto(server.url("/t/organisation"))
    mette.get_by_role("button", name="Pr. dato").click()
    mette.get_by_label("Vis, som det var den").fill("1.6.2016")
    mette.get_by_role("button", name="Vis", exact=True).click()
    expect(mette.get_by_role("link", name="Lean Energy")).to_be_visible()
    expect(mette.get_by_text("Pr. 01.06.2016")).to_be_visible()
    expect(mette.get_by_role("link", name="Marlog")).to_have_count(0)
    assert "on=2016-06-01" in mette.url
    assert barriers(mette) == []
    mette.reload()
    mette.get_by_role("link", name="Lean Energy").click()
    expect(mette.get_by_role("heading", name="Lean Energy", level=1)).to_be_visible()
    expect(mette.get_by_text("Vist, som det var den 01.06.2016.")).to_be_visible()
    mette.get_by_role("link", name="Personer", exact=True).last.click()
    expect(mette.get_by_text("Anne Holm")).to_be_visible()
    assert barriers(mette) == []
    mette.get_by_role("link", name="Tilbage til i dag").click()
    expect(mette.get_by_role("heading", name="CLEAN", level=1)).to_be_visible()


def test_a_consent_is_written_down_on_a_phone(mette: Page, server: LiveServer, sqlite_klynge: Klynge):
    anne = make(sqlite_klynge, "person", given_name="Anne", family_name="Holm")
    mette.set_viewport_size({"width": 360, "height": 800})
    mette.goto(server.url(f"/r/{anne}"))
    assert fits(mette)
    assert barriers(mette) == []
    mette.get_by_role("link", name="Skriv samtykke ind: Nyhedsbrev, E-mail").click()
    mette.get_by_role("textbox", name="Givet den").fill("1.11.2026")
    mette.get_by_role("button", name="Gem", exact=True).first.click()
    consents = mette.get_by_role("region", name="Samtykker").first
    expect(consents).to_contain_text("Ja")
    expect(consents).to_contain_text("01.11.2026")
    with sqlite_klynge.works.reading(SEED) as uow:
        assert uow.records.values(anne)["title"] == "Anne Holm"
