"""Many records at once, in Chromium and Danish: choose, change, undo; a job with progress and a stop; a file; a phone."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from crm.records.jobs import JobRunner
from tests.support.browser import barriers
from tests.support.people import add_user
from tests.support.screens import SEED, session_cookie

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


@pytest.fixture
def at_the_list(sqlite_klynge: Klynge, server: LiveServer, app: object) -> Callable[[Page], None]:
    """Open the list of 120 organisations as a member of staff."""
    with sqlite_klynge.works.writing(SEED) as uow:
        for number in range(120):
            uow.records.create("organisation", {"title": f"Klynge {number:03}", "kind": "cluster", "city": "Ærøskøbing"})
    user_id = add_user(sqlite_klynge, "staff", "mette")

    def enter(page: Page) -> None:
        page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])
        page.goto(server.url("/t/organisation"))

    return enter


def box(page: Page, name: str):
    return page.get_by_role("checkbox", name=f"Vælg {name}", exact=True)


def test_rows_are_chosen_changed_at_once_and_taken_back(page: Page, at_the_list: Callable[[Page], None]):
    page.set_viewport_size({"width": 1440, "height": 900})
    at_the_list(page)
    bar = page.get_by_role("region", name="Handlinger for det valgte")
    expect(bar).to_be_hidden()
    box(page, "Klynge 001").click()
    box(page, "Klynge 012").click(modifiers=["Shift"])
    expect(bar).to_contain_text("12 valgt")
    assert barriers(page) == []

    box(page, "Klynge 012").press("Enter")
    expect(bar.get_by_role("button", name="Ret et felt")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("Ret et felt på 12 organisationer")
    dialog.get_by_label("Felt").select_option(label="Slags")
    dialog.get_by_label(re.compile("^Slags")).select_option(label="Netværk")
    assert barriers(page) == []
    dialog.get_by_role("button", name="Ret 12 organisationer").click()

    expect(page.get_by_role("status").get_by_text("Slags ændret på 12 organisationer.")).to_be_visible()
    expect(page.get_by_role("row", name="Klynge 012").get_by_text("Netværk")).to_be_visible()
    page.get_by_role("button", name="Fortryd").click()
    expect(page.get_by_role("row", name="Klynge 012").get_by_text("Netværk")).to_have_count(0)
    page.wait_for_load_state("networkidle")


def test_the_whole_result_is_a_job_that_is_followed_and_stopped(
    page: Page, at_the_list: Callable[[Page], None], sqlite_klynge: Klynge, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("crm.records.jobs.kinds.Batch.time_is_up", lambda _self: True)  # fifty records a batch
    runner = JobRunner(sqlite_klynge.works, sqlite_klynge.job_files)
    page.set_viewport_size({"width": 360, "height": 740})
    at_the_list(page)
    box(page, "Klynge 000").check()
    page.get_by_role("button", name="Vælg alle på siden").click()
    page.get_by_role("button", name="Vælg hele resultatet – 120 organisationer").click()
    bar = page.get_by_role("region", name="Handlinger for det valgte")
    expect(bar).to_contain_text("120 valgt")
    assert barriers(page) == []
    bar.get_by_role("button", name="Status").click()
    page.get_by_label("Ny status").select_option(label="Under opstart")
    page.get_by_role("button", name="Ret 120 organisationer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sæt status til ”Under opstart” på 120 organisationer")
    expect(page.get_by_role("heading", name="Venter på sin tur")).to_be_visible()
    runner.step()
    expect(page.get_by_role("heading", name="Er i gang")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "41")
    assert barriers(page) == []
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Ja, fortsæt").click()
    expect(page.get_by_role("heading", name="Stoppes")).to_be_visible()
    runner.drain()
    expect(page.get_by_role("heading", name="Stoppet")).to_be_visible()
    expect(page.get_by_text("50 af 120")).to_be_visible()
    page.get_by_role("link", name="Tilbage til listen").click()
    expect(page.get_by_text("Under opstart").first).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_a_list_is_fetched_as_a_file(page: Page, at_the_list: Callable[[Page], None], tmp_path: Path):
    at_the_list(page)
    page.get_by_role("link", name="Eksportér").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("Eksportér 120 organisationer")
    assert barriers(page) == []
    dialog.get_by_label("CSV").check()
    with page.expect_download() as fetched:
        dialog.get_by_role("button", name="Eksportér").click()
    expect(dialog).to_be_hidden()
    page.wait_for_load_state("networkidle")
    fetched.value.save_as(tmp_path / "list.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "list.csv").read_text("utf-8-sig")), delimiter=";"))
    assert len(rows) == 120
    assert (rows[0]["Navn"], rows[0]["By"]) == ("Klynge 000", "Ærøskøbing")
