"""One's own account: name, language, password, tokens."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.support.forms import send
from tests.support.people import PASSWORD

NEW = "fire grønne både sejler"


@pytest.fixture
def anna(client, login):
    return login(client, "staff", "anna")


def test_the_old_password_is_asked_for(client, anna):
    answer = send(client, "/me/password", old="noget helt andet", new=NEW, again=NEW)
    assert answer.status_code == 422
    assert "Det er ikke din adgangskode." in answer.text


def test_the_new_password_is_typed_twice(client, anna):
    answer = send(client, "/me/password", old=PASSWORD, new=NEW, again=NEW + "x")
    assert answer.status_code == 422
    assert "De to adgangskoder er ikke ens." in answer.text


@pytest.mark.parametrize(
    ("weak", "why"),
    [
        ("a", "mindst 12"),
        ("password1234", "for almindelig"),
        ("Adgangskode2026!", "for almindelig"),
        ("abcabcabcabcabc", "gentager sig selv"),
        ("Anna.Prøve.2026", "dit navn"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(client, anna, weak, why):
    answer = send(client, "/me/password", old=PASSWORD, new=weak, again=weak)
    assert answer.status_code == 422
    assert why in answer.text


def test_guessing_the_old_password_is_limited(client, anna):
    for _ in range(10):
        assert send(client, "/me/password", old="gæt", new=NEW, again=NEW).status_code == 422
    assert send(client, "/me/password", old=PASSWORD, new=NEW, again=NEW).status_code == 429


def test_the_language_is_kept_on_the_account(client, anna, app, login):
    assert "Min profil" in client.get("/me").text
    assert send(client, "/me/language", locale="en", next="/me").location == "/me"
    assert "My profile" in client.get("/me").text
    other = app.test_client()
    login(other, "staff", "anna")
    assert "My profile" in other.get("/me").text


def test_who_never_chose_a_language_keeps_the_cookies_or_the_browsers_after_sign_in(client, anna):
    assert 'lang="en"' in client.get("/me", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert 'lang="da"' in client.get("/me", headers={"Accept-Language": "de"}).text
    client.set_cookie("klynge-locale", "en")
    assert 'lang="en"' in client.get("/me").text
    assert send(client, "/me/language", locale="da", next="/me").location == "/me"
    client.set_cookie("klynge-locale", "en")
    assert 'lang="da"' in client.get("/me", headers={"Accept-Language": "en"}).text


def test_language_before_sign_in_browser_then_cookie_else_danish(client):
    assert 'lang="da"' in client.get("/login/").text
    assert 'lang="da"' in client.get("/login/", headers={"Accept-Language": "de-DE, fr"}).text
    assert 'lang="en"' in client.get("/login/", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    send(client, "/me/language", locale="en", next="/login/")
    assert 'lang="en"' in client.get("/login/").text
    assert send(client, "/me/language", locale="xx", next="//evil.com").location == "/"
    assert 'lang="da"' in client.get("/login/").text


def make_token(client, scope="read", days="30"):
    page = send(client, "/me/tokens", token_name="Regneark", scope=scope, days=days)
    found = re.search(r'id="token-value">(klynge_[\w-]+)<', page.text)
    return page, found and found[1]


def test_a_token_is_shown_once_and_never_again(client, anna):
    page, made = make_token(client)
    assert page.status_code == 200
    assert made
    again = client.get("/me").text
    assert "Regneark" in again
    assert made not in again


def test_a_read_token_reads_only(client, anna, app):
    _, made = make_token(client)
    program, headers = app.test_client(), {"Authorization": f"Bearer {made}"}
    assert program.get("/api/v1/records/organisation", headers=headers).status_code == 200
    assert program.post("/api/v1/records/organisation", json={"title": "X"}, headers=headers).status_code == 403


def test_a_token_ends_when_it_is_revoked(client, anna, app):
    _, made = make_token(client, "write")
    program, headers = app.test_client(), {"Authorization": f"Bearer {made}"}
    assert program.get("/api/v1/records/organisation", headers=headers).status_code == 200
    number = re.search(r"/me/tokens/(\d+)/revoke", client.get("/me").text)[1]
    send(client, f"/me/tokens/{number}/revoke")
    assert program.get("/api/v1/records/organisation", headers=headers).status_code == 401


def test_a_token_runs_out(client, anna, app, clock):
    _, made = make_token(client, days="1")
    program, headers = app.test_client(), {"Authorization": f"Bearer {made}"}
    clock.moment += timedelta(days=1)
    assert program.get("/api/v1/records/organisation", headers=headers).status_code == 401


@pytest.mark.parametrize("days", ["0", "367", "-3", "abc", "", "9" * 40])
def test_a_token_lives_a_year_at_most(client, anna, days):
    page, made = make_token(client, days=days)
    assert page.status_code == 422
    assert made is None


def test_nobody_revokes_the_tokens_of_others(client, anna, app, login):
    make_token(client)
    number = re.search(r"/me/tokens/(\d+)/revoke", client.get("/me").text)[1]
    other = app.test_client()
    login(other, "staff", "bo")
    assert send(other, f"/me/tokens/{number}/revoke").status_code == 404


def test_a_board_member_has_a_profile_without_tokens(client, login):
    login(client, "board_member")
    page = client.get("/me")
    assert page.status_code == 200
    assert "Nøgler til programmer" not in page.text
    assert send(client, "/me/tokens", token_name="X", scope="read", days="3").status_code == 403


def test_names_are_escaped_and_cleaned(client, anna):
    send(client, "/me/name", name="<script>alert(1)</script> \u202eOlsen\x00")
    page = client.get("/me").text
    assert "<script>alert(1)" not in page
    assert "\u202e" not in page
    assert send(client, "/me/name", name="   ").status_code == 422
    assert send(client, "/me/name", name="x" * 101).status_code == 422
