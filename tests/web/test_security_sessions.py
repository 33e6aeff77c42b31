"""Sessions live on the server: they end when they should, everywhere at once, and a plain GET writes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.security.events import By
from crm.security.models import ApiToken, WebSession
from crm.security.users import set_active, set_password, set_roles
from crm.web.app import create_app
from tests.support.forms import send, token
from tests.support.people import PASSWORD, sign_in

NEW = "fire grønne både sejler"


@pytest.fixture
def anna(client, login, add_user):
    add_user("administrator", "chef")
    return login(client, "staff", "anna")


def rows(klynge):
    with klynge.database.reading() as session:
        return session.scalar(select(func.count()).select_from(WebSession))


def is_in(client):
    return client.get("/me").status_code == 200


def test_a_session_ends_after_the_idle_time(client, anna, clock):
    clock.moment += timedelta(minutes=59)
    assert is_in(client)
    clock.moment += timedelta(minutes=61)
    assert not is_in(client)


def test_use_prolongs_a_session(client, anna, clock):
    for _ in range(4):
        clock.moment += timedelta(minutes=50)
        with client.get("/me") as answer:
            assert answer.status_code == 200


def test_a_session_ends_after_twelve_hours_in_any_case(client, anna, clock):
    for _ in range(14):
        clock.moment += timedelta(minutes=50)
        with client.get("/me") as answer:
            assert answer.status_code == 200
    clock.moment += timedelta(minutes=50)
    assert not is_in(client)


def test_last_seen_is_written_at_most_once_a_minute(client, anna, clock, sqlite_klynge):
    def seen():
        with client.get("/me"):
            pass
        with sqlite_klynge.database.reading() as session:
            return session.scalar(select(WebSession.seen_at).where(WebSession.user_id == anna))

    start = seen()
    clock.moment += timedelta(seconds=30)
    assert seen() == start
    clock.moment += timedelta(seconds=31)
    assert seen() == clock.moment


@pytest.mark.parametrize("how", ["password", "roles", "deactivation"])
def test_a_change_of_the_user_ends_sessions_and_tokens(client, anna, sqlite_klynge, how):
    bearer = client.post("/api/v1/security/login", json={"username": "anna", "password": PASSWORD}).json["access_token"]
    headers = {"Authorization": f"Bearer {bearer}"}
    assert client.get("/api/v1/openapi.json", headers=headers).status_code == 200
    by = By(sqlite_klynge.clock.now())
    with sqlite_klynge.database.writing() as session:
        if how == "password":
            set_password(session, anna, NEW, by)
        elif how == "roles":
            set_roles(session, anna, ["reader"], by)
        else:
            set_active(session, anna, by, active=False)
    assert not is_in(client)
    assert client.get("/api/v1/openapi.json", headers=headers).status_code == 401


def test_changing_ones_own_password_keeps_this_browser_and_ends_the_others(client, anna, app, sqlite_klynge):
    other = app.test_client()
    sign_in(sqlite_klynge, other, anna)
    assert is_in(other)
    answer = send(client, "/me/password", old=PASSWORD, new=NEW, again=NEW)
    assert answer.location == "/me"
    assert is_in(client)
    assert not is_in(other)


def test_new_roles_count_at_the_next_request(client, login, sqlite_klynge):
    login(client, "administrator", "chef")
    other = login(client.application.test_client(), "staff", "anna")
    assert client.get("/admin/users").status_code == 200
    with sqlite_klynge.database.writing() as session:
        set_roles(session, other, ["administrator"], By(sqlite_klynge.clock.now()))
    fresh = client.application.test_client()
    sign_in(sqlite_klynge, fresh, other)
    assert fresh.get("/admin/users").status_code == 200


def test_one_of_ones_own_sessions_can_be_ended(client, anna, app, sqlite_klynge):
    other = app.test_client()
    sign_in(sqlite_klynge, other, anna)
    page = client.get("/me").text
    assert page.count("/end") == 1, "this browser's own session has no button"
    short = page.split("/me/sessions/")[1].split("/end")[0]
    send(client, f"/me/sessions/{short}/end")
    assert not is_in(other)
    assert is_in(client)


def test_nobody_ends_the_sessions_of_others(client, anna, app, login, sqlite_klynge):
    other = app.test_client()
    login(other, "reader", "lars")
    with sqlite_klynge.database.reading() as session:
        hashed = session.scalars(select(WebSession.key_hash).where(WebSession.user_id != anna)).one()
    assert send(client, f"/me/sessions/{hashed[:16]}/end").status_code == 404
    assert is_in(other)


def test_visitors_leave_no_rows(client, sqlite_klynge):
    for page in ("/login/", "/login/link", "/login/forgotten", "/me", "/health", "/nothing-here"):
        client.get(page)
    assert rows(sqlite_klynge) == 0


def test_pages_write_nothing_while_they_are_made(client, anna, sqlite_klynge):
    """A GET may note the use of the session after the answer; nothing else."""
    from sqlalchemy import event

    statements = []

    def listen(_connection, _cursor, statement, *_more):
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN", "WITH")):
            statements.append(statement)

    event.listen(sqlite_klynge.database.engine, "before_cursor_execute", listen)
    for page in ("/me", "/login/link", "/health", "/ready"):
        client.get(page).close()
    assert statements == []


def test_the_table_holds_no_key(client, anna, sqlite_klynge):
    key = client.get_cookie("klynge").value
    with sqlite_klynge.database.reading() as session:
        assert key not in session.scalars(select(WebSession.key_hash)).all()
        assert all(len(hashed) == 64 for hashed in session.scalars(select(ApiToken.token_hash)))


def test_the_cookie_on_http(client, add_user):
    add_user("staff", "anna")
    answer = send(client, "/login/", username="anna", password=PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("klynge=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_the_cookie_on_https(sqlite_klynge, add_user):
    sqlite_klynge.settings.public_url = "https://klynge.example.dk"
    add_user("staff", "anna")
    client = create_app(sqlite_klynge).test_client()
    base = "https://klynge.example.dk"
    page = client.get("/login/", base_url=base)
    found = page.text.split('name="csrf-token" content="')[1].split('"')[0]
    answer = client.post("/login/", data={"username": "anna", "password": PASSWORD, "csrf_token": found}, base_url=base)
    assert answer.status_code == 302
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-klynge=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert "Path=/" in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_message_is_shown_once(client, anna):
    send(client, "/me/name", name="Anna Holm")
    assert "Dit navn er gemt." in client.get("/me").text
    assert "Dit navn er gemt." not in client.get("/me").text


def test_a_csrf_token_alone_is_no_session(client, sqlite_klynge):
    assert token(client)
    assert rows(sqlite_klynge) == 0
