"""The front page in Chromium, in Danish: a morning of the secretary at a desk and on a phone, and what the administrator sees."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, expect

from crm.records.fields.date import DateValue
from tests.support.browser import barriers, watched_page
from tests.support.people import add_user
from tests.support.screens import make, make_meeting, session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer

TODAY = date(2026, 12, 1)


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def fill(klynge: Klynge, mette: int) -> None:
    """A meeting in three weeks that lacks a text, one today, promises, a certificate that ends, a cluster nobody talks with."""
    board, meeting = make_meeting(klynge)
    make(klynge, "agenda_item", meeting=meeting, title="Budget", item_type="decision")
    at = DateValue(datetime(2026, 12, 1, 12, tzinfo=UTC), datetime(2026, 12, 1, 13, tzinfo=UTC), all_day=False)
    make(klynge, "meeting", board=board, when=at, place="Odense")
    cluster = make(klynge, "organisation", title="Aabenraa Vind", kind="cluster")
    make(klynge, "catalogue_entry", organisation=cluster, period=DateValue(date(2025, 1, 1)))
    make(klynge, "certificate", organisation=cluster, level="gold", assessed="2025-01-10", valid_until=day(77))
    for days, title in ((-2, "Ring til Anne"), (0, "Send program"), (5, "Book lokale")):
        make(klynge, "task", title=title, due=day(days), owner=mette, about=cluster)


def morning(page: Page, server: LiveServer) -> None:
    """Read the page, tick a task off, follow a number to its list, open a cluster and find it under what was seen."""
    page.goto(server.url("/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Godmorgen, Mette")
    today, promised = page.get_by_role("region", name="I dag"), page.get_by_role("region", name="Du har lovet")
    expect(today.get_by_role("link", name="Styregruppemøde 2/2026")).to_be_visible()
    expect(today).to_contain_text("13.00")
    expect(promised.get_by_role("link", name="Book lokale")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    today.get_by_role("button", name="Udført: Ring til Anne").click()
    expect(today.get_by_role("link", name="Ring til Anne")).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text("”Ring til Anne” er udført.")
    quiet = page.get_by_role("region", name="Ikke talt med i 90 dage")
    quiet.get_by_role("link", name="1", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="Aabenraa Vind")).to_be_visible()
    page.go_back()
    page.get_by_role("region", name="Udløber inden 6 måneder").get_by_role("link", name="Aabenraa Vind").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Aabenraa Vind")
    page.wait_for_load_state()
    page.goto(server.url("/"))
    expect(page.get_by_role("region", name="Senest set").get_by_role("link", name="Aabenraa Vind").first).to_be_visible()
    page.locator("a.matter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Styregruppemøde")


def test_a_morning_at_the_desk_and_on_a_phone(browser: Browser, server: LiveServer, sqlite_klynge: Klynge, app: object) -> None:
    mette = add_user(sqlite_klynge, "staff", "mette")
    fill(sqlite_klynge, mette)
    for width in (1440, 360):
        with watched_page(browser, f"home-{width}", width=width) as page:
            page.context.add_cookies([session_cookie(sqlite_klynge, app, mette)])
            morning(page, server)
        make(sqlite_klynge, "task", title="Ring til Anne", due=day(-2), owner=mette)


def test_the_administrator_sees_what_stands_still(server: LiveServer, page: Page, sqlite_klynge: Klynge, app: object) -> None:
    admin = add_user(sqlite_klynge, "administrator", "admin")
    page.context.add_cookies([session_cookie(sqlite_klynge, app, admin)])
    page.goto(server.url("/"))
    expect(page.get_by_role("region", name="Bag skærmen")).to_contain_text("Baggrundsarbejdet er stoppet")
    page.goto(server.url("/ops"))
    expect(page.get_by_text("Intet fejler eller venter.")).to_be_visible()
    assert barriers(page) == []
