"""A clerk in Chromium and Danish writes down a certificate by two values, and says how a cluster meets the criteria."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from crm.membership.queries import criteria_of
from crm.membership.seed import load_criteria
from tests.support.browser import barriers
from tests.support.people import add_user
from tests.support.screens import SEED, make, session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


def test_a_certificate_by_two_values_and_the_criteria_in_place(
    page: Page, server: LiveServer, app: object, sqlite_klynge: Klynge
) -> None:
    load_criteria(sqlite_klynge.works)
    cluster = make(sqlite_klynge, "organisation", title="Grøn Energi Nord", kind="cluster")
    entry = make(sqlite_klynge, "catalogue_entry", organisation=cluster, period={"start": "2025-10-01"})
    page.context.add_cookies([session_cookie(sqlite_klynge, app, add_user(sqlite_klynge, "staff", "mette"))])
    page.goto(server.url(f"/r/{cluster}"))
    awards_gold(page)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(server.url(f"/r/{entry}"))
    answers_two_criteria(page)
    page.goto(server.url(f"/r/{cluster}"))
    expect(page.get_by_role("region", name="Katalog")).to_contain_text(re.compile(r"1 opfyldt\s+1 delvist"))
    with sqlite_klynge.works.reading(SEED) as uow:
        assert [line.answer and line.answer.key for line in criteria_of(uow, entry)] == [None, "partly", "met", None, None]


def awards_gold(page: Page) -> None:
    page.get_by_role("link", name="Nyt certifikat").click()
    page.get_by_label("Niveau").select_option(label="Guld")
    page.get_by_label("Vurderet", exact=True).fill("14.03.2026")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Grøn Energi Nord")
    expect(page.locator(".badges")).to_have_text("★ Guld · udløber 31.03.2028")
    page.locator(".badges a").click()
    expect(page.get_by_role("region", name="Gyldighed")).to_contain_text("Det kan fornyes til 31.03.2029")
    assert barriers(page) == []


def answers_two_criteria(page: Page) -> None:
    said = page.locator("#criteria-said")
    page.get_by_label("Vurdering af Kriterium 2").select_option(label="Delvist")
    expect(said).to_contain_text("1 delvist")
    expect(said).to_contain_text("Gemt")
    remark = page.get_by_label("Bemærkning til Kriterium 2")
    remark.fill("Regnskab for 2025 mangler")
    remark.press("Tab")
    page.get_by_label("Vurdering af Kriterium 3").select_option(label="Opfyldt")
    expect(said).to_contain_text("1 opfyldt")
    expect(remark).to_have_value("Regnskab for 2025 mangler")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert barriers(page) == []
    page.reload()
    expect(page.get_by_label("Bemærkning til Kriterium 2")).to_have_value("Regnskab for 2025 mangler")
