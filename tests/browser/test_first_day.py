"""The first day with the demo, everything real: web, worker, Prefect, Chromium, Word.

Mette writes the two missing texts, has the material assembled by Prefect, approves it; Åse reads it on her tablet.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import barriers, watched_page
from tests.support.product import Product, running_product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(tmp_path_factory.mktemp("klynge")) as running:
        yield running


def sign_in(page: Page, product: Product, username: str) -> None:
    page.goto(product.url("/login/"))
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(product.password(username))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def write_missing_texts(page: Page, meeting: str) -> None:
    """Follow the two “Mangler tekst” of the agenda and write what their type of item asks for."""
    for _ in range(2):
        row = page.locator("tr", has_text="Mangler tekst").first
        labels = ["Indstilling", "Sagsfremstilling"] if "Beslutning" in row.inner_text() else ["Sagsfremstilling"]
        row.get_by_role("link").first.click()
        page.get_by_role("link", name="Redigér").click()
        for label in labels:
            page.get_by_label(label, exact=True).fill("at styregruppen tager planen for det kommende halvår til efterretning.")
        page.get_by_role("button", name="Gem").click()
        expect(page.get_by_role("link", name="Redigér")).to_be_visible()
        page.goto(meeting)
    expect(page.get_by_text("Mangler tekst")).to_have_count(0)


def test_staff_assemble_and_approve_and_a_member_reads(browser: Browser, product: Product) -> None:
    with watched_page(browser, "first-day-staff", width=1440) as page:
        sign_in(page, product, "mette")
        expect(page.get_by_text("Næste møder")).to_be_visible()
        page.get_by_role("link", name="Styregruppemøde").first.click()
        meeting = page.url
        write_missing_texts(page, meeting)
        page.get_by_role("button", name="Saml materialet").click()
        expect(page.get_by_role("heading", name="Materialet er samlet på")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="Skift status").click()
        page.get_by_role("button", name="Send til godkendelse").click()
        page.get_by_role("link", name="Godkend og send").click()
        page.get_by_role("button", name="Godkend og send").click()
        expect(page.get_by_role("heading", name="Version 1 er udsendt")).to_be_visible(timeout=60_000)
        title = page.get_by_role("heading", level=1).inner_text().strip()

    with watched_page(browser, "first-day-member", width=820, height=1180) as page:
        sign_in(page, product, "aase")
        expect(page).to_have_url(product.url("/b/"))
        page.get_by_role("link", name=title).first.click()
        assert barriers(page) == []
        with page.expect_download() as download:
            page.get_by_role("link", name="Word").first.click()
        document = docx.Document(io.BytesIO(Path(download.value.path()).read_bytes()))
        assert any("Indstilling" in paragraph.text for paragraph in document.paragraphs)
        page.get_by_role("link", name="Første punkt").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("1. Godkendelse af dagsorden")
