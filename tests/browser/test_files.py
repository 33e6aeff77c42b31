"""Files and formatted text in Chromium and Danish, wide and on a phone: dropped, seen coming, replaced, read in place; written."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, Route, expect

from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from tests.support.browser import barriers
from tests.support.people import add_user
from tests.support.records import SYSTEM
from tests.support.screens import make, session_cookie

if TYPE_CHECKING:
    from crm.wiring import Klynge
    from tests.support.servers import LiveServer

WORD = """<html><head><style>p.MsoNormal{color:red}</style></head><body><!--StartFragment-->
<h1 style='color:navy'>Mødet i Ærø</h1><p class=MsoNormal><b>Husk</b> <span style='font-family:Arial'>kaffen</span><o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>Første</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>Andet</p>
<p class=MsoNormal><a href="javascript:alert(1)" onclick="x()">Et link</a><img src=x onerror="alert(1)"></p>
<!--EndFragment--></body></html>"""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def pdf(*pages: str) -> bytes:
    """Write a PDF with a line on each page."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, words in enumerate(pages):
        stream = f"BT /F1 24 Tf 60 700 Td ({words}) Tj ET"
        font = "/Resources << /Font << /F1 3 0 R >> >>"
        parts.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {font} /Contents {5 + 2 * number} 0 R >>")
        parts.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{part}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(parts) + 1} /Root 1 0 R >>\n"
    return made + f"{end}startxref\n{len(made)}\n%%EOF".encode()


def drop(page: Page, selector: str, *files: tuple[str, bytes]) -> None:
    """Let go of files over a place, as a hand would."""
    listed = [{"name": name, "body": base64.b64encode(content).decode()} for name, content in files]
    page.evaluate(
        """([selector, files]) => {
            const carried = new DataTransfer();
            for (const { name, body } of files) {
                const bytes = Uint8Array.from(atob(body), (sign) => sign.charCodeAt(0));
                carried.items.add(new File([bytes], name));
            }
            const place = document.querySelector(selector);
            for (const kind of ["dragenter", "dragover", "drop"]) {
                place.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
            }
        }""",
        [selector, listed],
    )


def looks_right(page: Page) -> None:
    """No barriers, and nothing beyond the edge."""
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def open_as_mette(page: Page, server: LiveServer, klynge: Klynge, app: object, path: str, width: int) -> None:
    user_id = add_user(klynge, "staff", "mette")
    page.context.add_cookies([session_cookie(klynge, app, user_id)])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(server.url(path))


@pytest.fixture
def havnen(sqlite_klynge: Klynge) -> int:
    with sqlite_klynge.works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "organisation", "referat", "rich_text", Label(da="Referat"))
        config = {"types": ["pdf", "image"], "max": 2}
        add_field(uow, "organisation", "aftaler", "file", Label(da="Aftaler"), config=config)
    return make(sqlite_klynge, "organisation", title="Havnen")


@pytest.mark.parametrize("width", [1440, 360])
def test_files_are_dropped_seen_coming_replaced_and_read(
    page: Page, server: LiveServer, sqlite_klynge: Klynge, app: object, havnen: int, width: int
):
    open_as_mette(page, server, sqlite_klynge, app, f"/r/{havnen}?tab=files", width)
    expect(page.get_by_text("Der er ingen filer endnu.")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/files", hold, times=1)
    drop(
        page,
        "form[data-upload]",
        ("Plan.pdf", pdf("Side et", "Side to")),
        ("virus.exe", b"MZ"),
        ("Foto.png", base64.b64decode(PIXEL)),
    )
    expect(page.get_by_role("progressbar", name="Plan.pdf")).to_be_visible()
    looks_right(page)
    held[0].continue_()
    expect(page.get_by_text("”virus.exe” kan ikke lægges ind: filer af den type tages der ikke imod her.")).to_be_visible()
    expect(page.locator("#files-list").get_by_role("link", name="Plan.pdf", exact=True)).to_be_visible()
    expect(page.locator("#files-list").get_by_role("link", name="Foto.png", exact=True)).to_be_visible()
    expect(page.locator("[data-tabs] [aria-current] .count")).to_have_text("2")
    page.get_by_label("Mere om ”Plan.pdf”").click()
    looks_right(page)
    page.locator("li", has_text="Plan.pdf").locator('input[type="file"]').set_input_files(
        {"name": "Plan rettet.pdf", "mimeType": "application/pdf", "buffer": pdf("Side et er rettet", "Side to")}
    )
    expect(page.get_by_text("”Plan rettet.pdf” er lagt ind.")).to_be_visible()
    page.get_by_text("Tidligere versioner (1)").click()
    expect(page.get_by_role("link", name="Version 1")).to_be_visible()
    page.locator("#files-list").get_by_role("link", name="Plan rettet.pdf", exact=True).click()
    expect(page.locator(".pdf-page[data-drawn]").first).to_be_visible()
    expect(page.locator(".pdf-page")).to_have_count(2)
    expect(page.locator(".pdf-words").first).to_contain_text("Side et er rettet")
    looks_right(page)
    page.get_by_role("button", name="Slet filen").click()
    page.get_by_role("button", name="Fortryd").click()
    expect(page.locator("#files-list").get_by_role("link", name="Plan rettet.pdf", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [1440, 360])
def test_formatted_text_is_written_pasted_from_word_and_kept_with_a_file_in_a_field(
    page: Page, server: LiveServer, sqlite_klynge: Klynge, app: object, havnen: int, width: int
):
    open_as_mette(page, server, sqlite_klynge, app, f"/r/{havnen}/edit", width)
    box = page.get_by_role("textbox", name="Referat")
    expect(box).to_be_editable()
    box.click()
    page.keyboard.type("Vi taler om ")
    page.get_by_role("button", name="Fed", exact=True).click()
    expect(page.get_by_role("button", name="Fed", exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("økonomi")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    paste(page, WORD)
    expect(box.locator("li")).to_have_text(["Første", "Andet"])
    looks_right(page)
    drop(page, "[data-file-field]", ("Aftale.pdf", pdf("Aftale")), ("noter.txt", b"x"))
    expect(page.get_by_text("”noter.txt” kan ikke lægges ind")).to_be_visible()
    expect(page.get_by_role("link", name="Aftale.pdf")).to_be_visible()
    page.reload()  # a lost tab costs nothing
    expect(page.get_by_role("textbox", name="Referat")).to_contain_text("Vi taler om økonomi")
    expect(page.get_by_role("link", name="Aftale.pdf")).to_be_visible()
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Havnen")
    with sqlite_klynge.works.reading(SYSTEM) as uow:
        values = uow.records.values(havnen)
    html = values["referat"]
    assert "<b>økonomi</b>" in html
    assert "<h2>Mødet i Ærø</h2>" in html
    assert "<ul><li>Første</li><li>Andet</li></ul>" in html
    for gone in ("Mso", "style", "javascript", "onerror", "<img", "font"):
        assert gone not in html
    assert [one.name for one in values["aftaler"]] == ["Aftale.pdf"]
    expect(page.locator(".fact-value").get_by_role("link", name="Aftale.pdf")).to_be_visible()


def paste(page: Page, html: str) -> Any:
    """Paste HTML where the cursor stands."""
    return page.evaluate(
        """(html) => {
            const carried = new DataTransfer();
            carried.setData("text/html", html);
            carried.setData("text/plain", "x");
            const event = new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        html,
    )


def test_both_are_edited_where_they_stand(page: Page, server: LiveServer, sqlite_klynge: Klynge, app: object, havnen: int):
    open_as_mette(page, server, sqlite_klynge, app, f"/r/{havnen}", 1440)
    page.get_by_text("Vis tomme felter").click()
    page.get_by_role("link", name="Ret Referat").click()
    expect(page.get_by_role("textbox", name="Referat")).to_be_focused()
    page.keyboard.type("Linje et")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Punktliste").click()
    page.keyboard.type("Punkt")
    page.keyboard.press("Control+Enter")
    expect(page.locator("dd li", has_text="Punkt")).to_be_visible()
    page.get_by_role("link", name="Ret Aftaler").click()
    expect(page.locator("[data-file-field].live")).to_be_visible()
    drop(page, "[data-file-field]", ("Aftale.pdf", pdf("Aftale")))
    expect(page.locator("[data-file-field]").get_by_role("link", name="Aftale.pdf")).to_be_visible()
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator(".fact-value").get_by_role("link", name="Aftale.pdf")).to_be_visible()
