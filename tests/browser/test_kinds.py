"""A form and a page with a field of every kind, in Chromium and Danish: no barriers, wide and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from tests.support.browser import barriers
from tests.support.kinds import EXAMPLES
from tests.support.people import add_user
from tests.support.records import SYSTEM
from tests.support.screens import session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


@pytest.mark.parametrize("width", [1440, 360])
def test_a_form_with_every_kind_is_filled_in_and_read(
    page: Page, server: LiveServer, sqlite_klynge: Klynge, app: object, width: int
):
    with sqlite_klynge.works.writing(SYSTEM, publishing=True) as uow:
        for kind, example in EXAMPLES.items():
            add_field(uow, "organisation", f"x_{kind}", kind, Label(da=f"Felt {kind}"), config=example.config)
    user_id = add_user(sqlite_klynge, "staff", "mette")
    page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(server.url("/t/organisation/new"))
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("Navn").first.fill("Havnen")
    page.get_by_label("Felt money", exact=True).fill("1.234,50")
    page.get_by_label("Felt duration").fill("1 t 30 min")
    page.get_by_label("Felt progress").fill("40")
    page.get_by_label("Æble").check()
    page.get_by_label("Blomme").check()
    page.get_by_label("Felt tags").fill("vind, brint")
    page.get_by_label("Felt emails 1", exact=True).fill("anne@havn.dk")
    page.get_by_label("Felt phones 1", exact=True).fill("33112233")
    page.get_by_label("Vej og nummer").fill("Havnegade 1")
    page.reload()  # what is typed is kept in the tab, ticked boxes of one name too
    for name in ("Æble", "Blomme"):
        expect(page.get_by_label(name)).to_be_checked()
    expect(page.get_by_label("Pære")).not_to_be_checked()
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Havnen")
    expect(page.get_by_role("link", name="anne@havn.dk")).to_have_attribute("href", "mailto:anne@havn.dk")
    expect(page.get_by_role("link", name="+45 33 11 22 33")).to_have_attribute("href", "tel:+4533112233")
    expect(page.get_by_text("1.234,50 kr.").first).to_be_visible()
    expect(page.locator("progress.bar")).to_have_attribute("value", "40")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
