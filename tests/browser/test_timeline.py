"""What has happened to a record, in Chromium and Danish: comments with mentions, kinds, undo, earlier versions, the trash."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import barriers, watched_page
from tests.support.people import add_user
from tests.support.screens import SEED, make, session_cookie

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


@pytest.fixture
def enter(sqlite_klynge: Klynge, app: object) -> Callable[..., int]:
    """Sign a page in, past the form."""

    def sign_in(page: Page, username: str, role: str = "staff") -> int:
        user_id = add_user(sqlite_klynge, role, username)
        page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])
        return user_id

    return sign_in


def shoot(page: Page, name: str) -> None:
    """Keep a picture for whoever asks for one."""
    if "SHOTS_FOLDER" in os.environ:
        page.screenshot(path=Path(os.environ["SHOTS_FOLDER"]) / f"{name}.png", full_page=True)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def mention(page: Page, width: int) -> None:
    """Write to a colleague: the name is offered, the draft outlasts a reload, Ctrl+Enter sends."""
    box = page.get_by_label("Skriv en kommentar")
    box.fill("Kan du ringe, ")
    box.press_sequentially("@bod")
    expect(page.get_by_role("option", name="Bodil Prøve")).to_be_visible()
    shoot(page, f"mention-{width}")
    assert barriers(page) == []
    box.press("Enter")
    expect(box).to_have_value("Kan du ringe, @Bodil Prøve ")
    page.reload()
    expect(box).to_have_value("Kan du ringe, @Bodil Prøve ")
    box.press("Control+Enter")
    expect(page.locator("#timeline .comment").first).to_contain_text("Kan du ringe, @Bodil Prøve")
    expect(box).to_have_value("")
    expect(page.locator("#toasts")).to_contain_text("Kommentaren er tilføjet.")


def answer(page: Page, server: LiveServer, width: int) -> None:
    """Find the mention on the front page, go there and answer."""
    page.goto(server.url("/"))
    box = page.get_by_role("region", name="Nævnt")
    expect(box).to_contain_text("Kan du ringe")
    shoot(page, f"home-{width}")
    assert barriers(page) == []
    box.get_by_role("link", name="Havvind").click()
    page.get_by_role("button", name="Svar").click()
    page.get_by_label("Skriv et svar").fill("Ja, i morgen")
    page.get_by_label("Skriv et svar").press("Control+Enter")
    expect(page.locator("#timeline .comment").first).to_contain_text("Til Mette Prøve")


@pytest.mark.parametrize("width", [1440, 360])
def test_a_conversation_on_a_record(
    width: int, browser: Browser, server: LiveServer, sqlite_klynge: Klynge, enter: Callable[..., int]
):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe", kind="cluster")
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(record, {"city": "Odense"})
    with watched_page(browser, f"talk-{width}", width=width) as page, watched_page(browser, "other", width=width) as other:
        enter(page, "mette")
        enter(other, "bodil")
        page.goto(server.url(f"/r/{record}/havvind"))
        mention(page, width)
        answer(other, server, width)

        page.reload()
        page.locator("#timeline .comment").last.get_by_role("button", name="Fastgør").click()
        expect(page.get_by_role("list", name="Fastgjort")).to_contain_text("Kan du ringe")
        shoot(page, f"timeline-{width}")
        assert barriers(page) == []
        assert fits(page)
        page.get_by_role("link", name="Ændringer", exact=True).click()
        expect(page.locator("#changes .comment")).to_have_count(0)
        expect(page).to_have_url(server.url(f"/r/{record}/havvind?tl=changes"))
        page.reload()
        expect(page.locator("#changes")).to_contain_text("Odense")
        expect(page.locator("#changes .comment")).to_have_count(0)


def put_back(page: Page, server: LiveServer, record: int, width: int) -> None:
    """Look at a field's earlier values, put one back, and compare two versions."""
    page.goto(server.url(f"/r/{record}/history?field=note"))
    shoot(page, f"field-{width}")
    assert barriers(page) == []
    page.get_by_role("button", name="Gendan").click()
    expect(page.locator("#toasts")).to_contain_text("er nu, som det var i version 1.")
    page.goto(server.url(f"/r/{record}/history?from=1&to=3"))
    expect(page.locator(".diff")).to_contain_text("Odense")
    shoot(page, f"compare-{width}")
    assert barriers(page) == []
    assert fits(page)


def undo_and_redo(page: Page, server: LiveServer, record: int, width: int) -> None:
    """By the keys, and what one's last acts say."""
    page.goto(server.url(f"/r/{record}/havvind"))
    page.locator("body").press("Control+z")
    expect(page.locator("#toasts")).to_contain_text("Fortrudt: Havvind.")
    expect(page.locator("#changes > li").first).to_contain_text("tirsdag")
    shoot(page, f"undone-{width}")
    page.locator("body").press("Control+Shift+z")
    expect(page.locator("#toasts")).to_contain_text("Gentaget: Havvind.")
    page.goto(server.url("/acts/mine"))
    shoot(page, f"mine-{width}")
    assert barriers(page) == []
    page.get_by_role("link", name="Ændrede bemærkning").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Det bliver fortrudt")
    shoot(page, f"act-{width}")
    assert barriers(page) == []


@pytest.mark.parametrize("width", [1440, 360])
def test_undo_compare_restore_and_the_trash(
    width: int, browser: Browser, server: LiveServer, sqlite_klynge: Klynge, enter: Callable[..., int]
):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Ribe", note="Ring på mandag")
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(record, {"city": "Odense", "note": "Ring på tirsdag"})
    with watched_page(browser, f"undo-{width}", width=width) as page:
        enter(page, "mette", "administrator")
        put_back(page, server, record, width)
        undo_and_redo(page, server, record, width)

        page.goto(server.url(f"/r/{record}/havvind"))
        page.get_by_role("button", name="Flere handlinger").click()
        page.get_by_role("button", name="Slet").click()
        page.goto(server.url("/trash"))
        shoot(page, f"trash-{width}")
        assert barriers(page) == []
        assert fits(page)
        page.get_by_label("Vælg Havvind").check()
        page.get_by_role("button", name="Slet for altid").click()
        page.get_by_role("button", name="Annullér").click()
        page.get_by_role("button", name="Gendan de valgte").click()
        expect(page.locator("#toasts")).to_contain_text("Tilbage igen: 1 organisation.")
        expect(page.get_by_text("Papirkurven er tom.")).to_be_visible()
