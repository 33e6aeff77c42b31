"""Palette and keys in Chromium, in Danish, on a desk and on a phone: all by keyboard, and nothing that one may not do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.records.search import SearchFollower
from tests.support.browser import barriers, watched_page
from tests.support.people import add_user
from tests.support.screens import make, make_meeting, session_cookie

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.wiring import Klynge
    from tests.support.servers import LiveServer


@pytest.fixture
def enter(sqlite_klynge: Klynge, server: LiveServer, app: object) -> Callable[..., int]:
    """Sign a page in, past the form."""

    def sign_in(page: Page, username: str = "mette", role: str = "staff") -> int:
        user_id = add_user(sqlite_klynge, role, username)
        page.context.add_cookies([session_cookie(sqlite_klynge, app, user_id)])
        return user_id

    return sign_in


def box(page: Page):
    return page.get_by_role("combobox", name="Søg og kommandoer")


def chosen(page: Page):
    return page.locator("#palette [role=option][aria-selected=true]")


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def test_a_day_with_the_palette(server: LiveServer, page: Page, enter: Callable[..., int], sqlite_klynge: Klynge):
    page.set_viewport_size({"width": 1440, "height": 900})
    vind = make(sqlite_klynge, "organisation", title="Aabenraa Vind", note="Kender fyrtårnet")
    make_meeting(sqlite_klynge)
    SearchFollower(sqlite_klynge.works).turn()
    enter(page)
    page.goto(server.url(f"/r/{vind}/x"))
    page.goto(server.url("/t/organisation"))
    page.get_by_role("link", name="Ny organisation").first.focus()

    page.keyboard.press("Control+k")
    expect(box(page)).to_be_focused()
    expect(page.get_by_role("option", name=re.compile("Aabenraa Vind"))).to_be_visible()  # seen lately
    expect(page.get_by_role("option", name="Ny person")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Ny organisation").first).to_be_focused()

    page.keyboard.press("Control+k")
    page.keyboard.type("åbenrå")
    expect(chosen(page)).to_contain_text("Aabenraa Vind")
    expect(page.get_by_text(re.compile(r"^\d+ forslag$"))).to_be_attached()
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Aabenraa Vind")
    page.keyboard.press("Control+k")
    page.keyboard.type("personer")
    expect(chosen(page)).to_contain_text("Personer")
    page.keyboard.press("Enter")
    expect(page).to_have_url(server.url("/t/person"))


def test_what_was_seen_stands_on_the_front_page_and_is_forgotten_at_signing_out(
    server: LiveServer, page: Page, enter: Callable[..., int], sqlite_klynge: Klynge
):
    vind = make(sqlite_klynge, "organisation", title="Aabenraa Vind")
    enter(page)
    page.goto(server.url(f"/r/{vind}/x"))
    page.goto(server.url("/"))
    expect(page.get_by_role("region", name="Senest set").get_by_role("link", name="Aabenraa Vind")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Din menu")).click()
    page.get_by_role("button", name="Log ud").click()
    expect(page).to_have_url(re.compile("/login/"))
    assert page.evaluate("Object.keys(localStorage)") == []  # nothing of what was seen stays behind


def test_signs_narrow_what_is_looked_for(server: LiveServer, page: Page, enter: Callable[..., int], sqlite_klynge: Klynge):
    vind = make(sqlite_klynge, "organisation", title="Aabenraa Vind", note="Kender fyrtårnet")
    make(sqlite_klynge, "person", given_name="Åse", family_name="Bæk")
    SearchFollower(sqlite_klynge.works).turn()
    enter(page)
    page.goto(server.url(f"/r/{vind}/x"))
    page.keyboard.press("Control+k")
    page.keyboard.type(">redig")
    expect(chosen(page)).to_contain_text("Redigér")
    page.keyboard.press("Enter")
    expect(heading(page)).to_contain_text("Redigér ”Aabenraa Vind”")

    page.keyboard.press("Control+k")
    page.keyboard.type("@b")
    expect(chosen(page)).to_contain_text("Åse Bæk")
    expect(page.get_by_role("option", name=re.compile("Aabenraa"))).to_have_count(0)
    page.keyboard.press("Control+a")
    page.keyboard.type("fyrtårn")
    expect(chosen(page)).to_contain_text("Aabenraa Vind")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("Søg i det hele efter ”fyrtårn”")
    page.keyboard.press("Enter")
    expect(page.locator("mark", has_text="fyrtårnet")).to_be_visible()


def test_on_a_phone_a_button_opens_it_and_a_reader_sees_no_acts_of_others(
    browser: Browser, server: LiveServer, enter: Callable[..., int], sqlite_klynge: Klynge
):
    vind = make(sqlite_klynge, "organisation", title="Nordisk Vind")
    with watched_page(browser, "palette-phone", width=360, height=740) as page:
        enter(page, "lone", "reader")
        page.goto(server.url(f"/r/{vind}/x"))
        page.get_by_role("button", name="Søg og kommandoer").click()
        expect(box(page)).to_be_focused()
        expect(page.get_by_role("option", name="Tastaturgenveje")).to_be_visible()
        for forbidden in ("Redigér", "Slet", "Ny organisation"):
            expect(page.get_by_role("option", name=forbidden)).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert barriers(page) == []
        box(page).fill("nordisk")
        page.get_by_role("option", name=re.compile("Nordisk Vind")).click()
        expect(heading(page)).to_have_text("Nordisk Vind")


#: The Danish layout as a browser tells of it: `/` is Shift+7, `?` is Shift and the key beside 0, `<` has a key of its own.
DANISH = {"/": ("Digit7", True), "?": ("Minus", True), "<": ("IntlBackslash", False), ">": ("IntlBackslash", True)}


def press(page: Page, sign: str, *, ctrl: bool = False, alt: bool = False, alt_graph: bool = False) -> None:
    """Press a key of the Danish layout: the browser says the typed sign, the place of the key, and what else is held."""
    code, shift = DANISH.get(sign, ("", False))
    page.evaluate(
        """([key, code, shiftKey, ctrlKey, altKey, modifierAltGraph]) => {
            const held = { shiftKey, ctrlKey, altKey, modifierAltGraph };
            const event = new KeyboardEvent("keydown", { key, code, ...held, bubbles: true, cancelable: true });
            (document.activeElement ?? document.body).dispatchEvent(event);
        }""",
        [sign, code, shift, ctrl, alt, alt_graph],
    )


def test_keys_by_the_typed_sign_and_never_while_typing(server: LiveServer, page: Page, enter: Callable[..., int]):
    page.set_viewport_size({"width": 1440, "height": 900})
    enter(page)
    page.goto(server.url("/t/organisation"))
    listed = page.get_by_role("dialog", name="Tastaturgenveje")
    press(page, "?")
    expect(listed).to_be_visible()
    expect(listed.get_by_text("Til listens filter")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()

    field = page.get_by_role("searchbox", name="Filtrér på navn")
    for hold in ({"alt_graph": True}, {"ctrl": True, "alt": True}):  # AltGr, as the two kinds of browsers tell of it
        press(page, "f", **hold)
        expect(field).not_to_be_focused()
    page.keyboard.press("f")
    expect(field).to_be_focused()
    page.keyboard.type("f?1")
    expect(field).to_have_value("f?1")
    expect(listed).to_be_hidden()
    with page.expect_response(re.compile(r"/rows\?q=(&|$)")):
        field.fill("")
    field.blur()
    press(page, "/", ctrl=True)
    expect(field).to_be_focused()


def test_keys_of_a_record_and_of_its_form(server: LiveServer, page: Page, enter: Callable[..., int], sqlite_klynge: Klynge):
    vind = make(sqlite_klynge, "organisation", title="Nordisk Vind")
    enter(page)
    page.goto(server.url(f"/r/{vind}/x"))
    page.keyboard.press("2")
    expect(page.locator("[data-tabs] [aria-current]")).not_to_have_attribute("id", "tab-1")
    page.keyboard.press("Control+Space")
    expect(page.get_by_label("By", exact=True)).to_be_visible()
    page.get_by_label("By", exact=True).fill("Odense")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").first).to_contain_text("Gemt.")
    expect(page).to_have_url(re.compile(r"/edit$"))
    page.get_by_label("By", exact=True).fill("Esbjerg")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/nordisk-vind$"))
    expect(page.get_by_text("Esbjerg").first).to_be_visible()
    page.goto(server.url(f"/r/{vind}/edit"))
    page.get_by_label("By", exact=True).fill("Ribe")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/nordisk-vind$"))
    page.goto(server.url(f"/r/{vind}/edit"))
    expect(page.get_by_label("By", exact=True)).to_have_value("Ribe")  # left, not lost


def test_single_signs_are_switched_off_by_choice(server: LiveServer, page: Page, enter: Callable[..., int]):
    enter(page)
    page.goto(server.url("/me"))
    page.get_by_role("button", name="Fra").click()
    expect(page.get_by_role("button", name="Fra")).to_have_attribute("aria-pressed", "true")
    page.goto(server.url("/t/organisation"))
    listed, field = page.get_by_role("dialog", name="Tastaturgenveje"), page.get_by_role("searchbox", name="Filtrér på navn")
    for sign in ("?", "f"):
        press(page, sign)
    expect(listed).to_be_hidden()
    expect(field).not_to_be_focused()
    press(page, "/", ctrl=True)
    expect(field).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("tastatur")
    expect(chosen(page)).to_contain_text("Tastaturgenveje")
    page.keyboard.press("Enter")
    expect(listed.get_by_text("Taster med et enkelt tegn er slået fra.")).to_be_visible()
    expect(listed.get_by_text("Denne oversigt over taster")).to_be_hidden()
