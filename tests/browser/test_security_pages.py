"""Sign-in, profile, users and roles in Chromium: by keyboard, at 360 px, no barrier; `page` fails on a CSP violation."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from crm.ops.models import MailOutbox
from crm.security.actors import system_actor
from tests.support.browser import barriers
from tests.support.people import PASSWORD

SIGNED_OUT = ["/login/", "/login/?next=/me", "/login/link", "/login/forgotten", "/login/link/brugt"]
ADMIN = ["/me", "/admin/users", "/admin/users/invite", "/admin/users/1", "/admin/roles"]


@pytest.fixture
def chef(add_user):
    return add_user("administrator", "chef")


def enter(page, server, name="chef"):
    page.goto(server.url("/login/?next=/me"))
    page.get_by_label("Brugernavn eller e-mail").fill(name)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url(server.url("/me"))


def no_sideways_scroll(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def expected(page, path):
    """A page that answers 404 on purpose makes Chromium say so; nothing else may be said."""
    if path == "/login/link/brugt":
        page.complaints[:] = [line for line in page.complaints if "404" not in line]


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("path", SIGNED_OUT)
def test_signed_out_pages(page, server, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(server.url(path))
    assert barriers(page) == []
    assert no_sideways_scroll(page)
    expected(page, path)


@pytest.mark.parametrize("width", [360, 1440])
def test_signed_in_pages(page, server, chef, add_user, width):
    add_user("board_member", "aase")
    enter(page, server)
    page.set_viewport_size({"width": width, "height": 800})
    for path in ADMIN:
        page.goto(server.url(path))
        page.get_by_role("heading", level=1).wait_for()
        assert barriers(page) == [], path
        assert no_sideways_scroll(page), path


def test_sign_in_and_out_by_keyboard_alone(page, server, chef):
    page.goto(server.url("/login/"))
    page.keyboard.type("chef")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_function("location.pathname !== '/login/'")
    page.goto(server.url("/me"))
    page.get_by_role("button", name="Din menu").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Log ud").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(server.url("/login/"))
    page.go_back()
    page.wait_for_function("location.pathname.startsWith('/login')")


def test_a_wrong_password_is_read_out_and_the_name_is_kept(page, server, chef):
    page.goto(server.url("/login/"))
    page.get_by_label("Brugernavn eller e-mail").fill("chef")
    page.get_by_label("Adgangskode").fill("forkert hest batteri")
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.get_by_role("alert").get_by_text("Brugernavnet eller adgangskoden er forkert.").wait_for()
    assert page.get_by_label("Brugernavn eller e-mail").input_value() == "chef"
    assert barriers(page) == []
    page.complaints[:] = [line for line in page.complaints if "401" not in line]


def test_a_link_from_the_mail_signs_in(page, server, chef, sqlite_klynge):
    page.goto(server.url("/login/"))
    page.get_by_role("link", name="Send mig et link til at logge ind").click()
    page.get_by_label("E-mail").fill("chef@example.dk")
    page.get_by_role("button", name="Send mig et link til at logge ind").click()
    page.get_by_text("Se i din mail.").wait_for()
    assert barriers(page) == []
    with sqlite_klynge.database.reading() as session:
        text = session.scalars(select(MailOutbox.text)).one()
    page.goto(server.url(re.search(r"/login/link/\S+", text)[0]))
    assert barriers(page) == []
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_function("!location.pathname.startsWith('/login')")
    page.goto(server.url("/me"))
    page.get_by_role("heading", name="Min profil").wait_for()


def test_the_profile_speaks_english_when_told_to(page, server, chef):
    enter(page, server)
    page.get_by_role("button", name="English").first.click()
    page.get_by_role("heading", name="My profile").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_token_is_made_and_ended(page, server, chef):
    enter(page, server)
    page.get_by_label("Hvad den skal bruges til").fill("Regneark")
    page.get_by_role("button", name="Lav en nøgle").click()
    page.get_by_text("Kopiér den nu.").wait_for()
    assert barriers(page) == []
    page.get_by_role("button", name="Afslut nøglen Regneark").click()
    page.get_by_role("dialog").get_by_role("button", name="Ja").click()
    page.get_by_text("Nøglen virker ikke længere.").wait_for()


def test_an_administrator_changes_roles(page, server, chef, add_user):
    anna = add_user("staff", "anna")
    enter(page, server)
    page.goto(server.url("/admin/users"))
    page.get_by_role("link", name="Anna Prøve").click()
    page.get_by_label("Læser").check()
    page.get_by_role("button", name="Gem").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("Læser").is_checked(), "what was chosen is kept"
    assert barriers(page) == []
    page.complaints.clear()
    page.locator("#admin_password").fill(PASSWORD)
    page.get_by_role("button", name="Gem").click()
    page.get_by_text("Brugeren er gemt.").wait_for()
    page.get_by_text("Roller ændret fra Medarbejder til").wait_for()
    assert page.url == server.url(f"/admin/users/{anna}")


def test_a_board_members_profile_wears_the_portals_layout(page, server, add_user):
    add_user("board_member", "aase")
    enter(page, server, "aase")
    assert page.locator("body.portal").count() == 1
    assert page.get_by_text("Nøgler til programmer").count() == 0
    assert barriers(page) == []


def test_a_person_is_picked_by_typing(page, server, chef, add_user, sqlite_klynge):
    with sqlite_klynge.works.writing(system_actor("seed"), cause="seed") as uow:
        person = uow.records.create("person", {"given_name": "Aase", "family_name": "Ørsted"})
    aase = add_user("board_member", "aase")
    enter(page, server)
    page.goto(server.url(f"/admin/users/{aase}"))
    page.get_by_role("combobox", name="Hvilken person er det?").click()
    page.keyboard.type("aase ør")
    page.get_by_role("option", name="Aase Ørsted").click()
    page.locator("#admin_password").fill(PASSWORD)
    assert barriers(page) == []
    page.get_by_role("button", name="Gem").click()
    page.get_by_text("Brugeren er gemt.").wait_for()
    assert page.get_by_role("link", name="Aase Ørsted").get_attribute("href").startswith(f"/r/{person}/")
