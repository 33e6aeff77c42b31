"""An event's day, in Chromium and Danish: paste the list, choose who is meant, mark who came, take it back, fetch the Word list."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.support.browser import barriers
from tests.support.people import add_user
from tests.support.screens import SEED, session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer

LIST = """Navn\tOrganisation\tE-mail
Åse Aagaard\tGrøn Energi Nord\taase@nord.example
Jens Back\tGrøn Energi Nord\t
Østen Ærø\tØstfyns Netværk\toesten@oest.example"""


@pytest.fixture
def event(page: Page, sqlite_klynge: Klynge, server: LiveServer, app: object) -> int:
    """A workshop of last week, open in the browser of a member of staff; Åse and Jens Bak are known."""
    with sqlite_klynge.works.writing(SEED) as uow:
        create = uow.records.create
        nord = create("organisation", {"title": "Grøn Energi Nord", "kind": "cluster", "municipality": "0851"})
        for given, family, more in (("Åse", "Aagaard", {"email": "aase@nord.example"}), ("Jens", "Bak", {})):
            person = create("person", {"given_name": given, "family_name": family, **more})
            uow.records.link(person, "positions", nord, role="Konsulent")
        made = create(
            "event", {"title": "Workshop om data", "kind": "workshop", "when": "2026-11-24", "capacity": 2, "place": "Odense"}
        )
    page.context.add_cookies([session_cookie(sqlite_klynge, app, add_user(sqlite_klynge, "staff", "mette"))])
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(server.url(f"/r/{made}"))
    return made


def paste(page: Page) -> None:
    """Paste the list, forget to say who is meant, and say it."""
    page.get_by_role("link", name="Indsæt deltagerliste").click()
    page.get_by_label("Deltagere").fill(LIST)
    page.reload()  # as after a lost connection or session
    expect(page.get_by_label("Deltagere")).to_have_value(LIST)
    page.get_by_role("button", name="Se, hvem det er").click()
    expect(page.get_by_role("heading", name="1 kendte · 1 nye · 1 usikre")).to_be_focused()
    page.get_by_role("button", name="Sæt dem på listen").click()
    expect(page.get_by_role("alert")).to_contain_text("linje 3")
    page.complaints.clear()  # type: ignore[attr-defined]  # Chromium notes the 422
    expect(page.get_by_label("Deltagere")).to_have_value(LIST)
    assert barriers(page) == []
    page.get_by_label("Usikker").select_option(label="Jens Bak – Grøn Energi Nord")
    page.get_by_role("button", name="Sæt dem på listen").click()
    expect(page.get_by_text("3 er sat på listen.")).to_be_visible()
    expect(page.get_by_text("3 af 2 tilmeldt")).to_be_visible()


def mark(page: Page) -> None:
    """Mark one, then all, and take the last back."""
    rows = page.locator("#participants tbody tr").filter(has=page.get_by_role("checkbox"))
    expect(rows).to_have_count(3)
    expect(rows.nth(2)).to_contain_text("Åse Aagaard")
    came = page.get_by_role("button", name="Deltog: Jens Bak")
    came.click()
    expect(came).to_have_attribute("aria-pressed", "true")
    expect(came).to_be_focused()
    page.get_by_label("Vælg alle").check()
    page.get_by_role("button", name="Deltog", exact=True).click()
    statuses = page.get_by_role("navigation", name="Status")
    expect(statuses).to_contain_text("Deltog 3")
    expect(page.get_by_role("row", name="Region Nordjylland")).to_contain_text("22")
    assert barriers(page) == []
    page.get_by_role("button", name="Fortryd").last.click()
    expect(statuses).to_contain_text("Deltog 1")


def test_a_list_is_pasted_attendance_is_marked_and_the_word_list_is_fetched(page: Page, event: int, server: LiveServer):
    paste(page)
    mark(page)
    with page.expect_download() as download:
        page.locator("#participants").get_by_role("link", name="Deltagerliste").click()
    assert download.value.suggested_filename == "2026-11-24 Workshop om data deltagerliste.docx"
    table = Document(BytesIO(Path(download.value.path()).read_bytes())).tables[0]
    assert [row.cells[0].text for row in table.rows] == ["Navn", "Jens Bak", "Østen Ærø", "Åse Aagaard"]

    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("/events/totals", f"/r/{event}?tab=participants"):
        page.goto(server.url(path))
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
