"""Chromium through Playwright, as a person would see the product; and axe, which looks for barriers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
SHOTS = Path("test-results")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start Debian's Chromium, without a window."""
    if not CHROMIUM.exists():
        pytest.fail(f"Chromium is not installed ({CHROMIUM} not found): apt install chromium", pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS), headless=True)
        yield chromium
        chromium.close()


@contextmanager
def watched_page(browser: Browser, name: str, *, width: int = 1280, height: int = 900) -> Iterator[Page]:
    """Open a page in Danish that remembers what went wrong in it, and fail at the end if something did.

    A test that provokes an error on purpose empties `page.complaints`.
    """
    context = browser.new_context(locale="da-DK", timezone_id="Europe/Copenhagen", viewport={"width": width, "height": height})
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    page.complaints = complaints  # type: ignore[attr-defined]

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location.get('url', '')})")

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    except BaseException:
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"{name.replace(os.sep, '-')[:100]}.png")
        raise
    finally:
        context.close()
    if complaints:
        pytest.fail("The browser complained:\n" + "\n".join(complaints), pytrace=False)


def barriers(page: Page) -> list[str]:
    """Give what axe finds wrong on the page for people with other senses or tools (WCAG 2.2 A and AA), one line each."""
    from axe_playwright_python.sync_playwright import Axe

    options: dict[str, Any] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{item['id']}: {item['help']} — {node['html'][:160]}" for item in found for node in item["nodes"]]
