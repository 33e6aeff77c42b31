"""One-time links: to sign in, for a forgotten password, and from an invitation."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.ops.models import MailOutbox
from crm.security.events import By
from crm.security.models import SecurityEvent, SignInLink
from crm.security.users import NewUser, set_active
from crm.security.users import add_user as add_real_user
from tests.support.forms import send, token
from tests.support.people import PASSWORD

NEW = "fire grønne både sejler"


@pytest.fixture
def anna(add_user):
    return add_user("staff", "anna")


def mails(klynge):
    with klynge.database.reading() as session:
        return list(session.scalars(select(MailOutbox).order_by(MailOutbox.id)))


def ask(client, klynge, page="/login/link", email="anna@example.dk"):
    """Ask for a link and take it from the outbox."""
    assert send(client, page, email=email).status_code == 200
    return path_in(mails(klynge)[-1])


def path_in(mail):
    return re.search(r"http://localhost:8080(/login/link/\S+)", mail.text)[1]


def test_a_link_signs_in_once(client, anna, sqlite_klynge, app):
    path = ask(client, sqlite_klynge)
    page = client.get(path)
    assert "Log ind" in page.text
    assert client.get("/me").status_code == 302, "opening the page signs nobody in"
    assert send(client, path).location == "/"
    assert client.get("/me").status_code == 200
    other = app.test_client()
    assert other.get(path).status_code == 404
    assert send(other, path).status_code == 404


def test_a_mail_scanner_uses_nothing_up(client, anna, sqlite_klynge, app):
    path = ask(client, sqlite_klynge)
    for _ in range(5):
        scanner = app.test_client()
        assert scanner.get(path).status_code == 200
        assert scanner.head(path).status_code == 200
        assert scanner.post(path).status_code == 400, "without the page's token"
    assert send(client, path).status_code == 302


def test_a_link_works_for_fifteen_minutes(client, anna, sqlite_klynge, clock):
    path = ask(client, sqlite_klynge)
    clock.moment += timedelta(minutes=14, seconds=59)
    assert client.get(path).status_code == 200
    clock.moment += timedelta(seconds=1)
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Linket virker ikke længere" in answer.text
    assert send(client, path).status_code == 404


def test_a_new_link_ends_the_earlier_one(client, anna, sqlite_klynge):
    first = ask(client, sqlite_klynge)
    second = ask(client, sqlite_klynge)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


@pytest.mark.parametrize("page", ["/login/link", "/login/forgotten"])
def test_known_and_unknown_addresses_get_the_same_answer(client, anna, sqlite_klynge, page):
    def text(email):
        answer = send(client, page, email=email)
        assert answer.status_code == 200
        return re.sub(r"[\w-]{12}\.[0-9a-f]{64}", "", answer.text).replace(email, "X")

    assert text("anna@example.dk") == text("ukendt@example.dk")
    assert [mail.to_address for mail in mails(sqlite_klynge)] == ["anna@example.dk"]


def test_a_known_and_an_unknown_address_cost_one_transaction_each(client, anna, sqlite_klynge):
    from sqlalchemy import event

    commits = []
    event.listen(sqlite_klynge.database.engine, "commit", lambda _connection: commits.append(1))
    counts = []
    for email in ("anna@example.dk", "ukendt@example.dk"):
        given = token(client)
        commits.clear()
        client.post("/login/link", data={"csrf_token": given, "email": email})
        counts.append(len(commits))
    assert counts[0] == counts[1]


def test_a_deactivated_user_gets_no_link_and_an_old_one_dies(client, anna, add_user, sqlite_klynge):
    add_user("administrator", "chef")
    path = ask(client, sqlite_klynge)
    with sqlite_klynge.database.writing() as session:
        set_active(session, anna, By(sqlite_klynge.clock.now()), active=False)
    assert client.get(path).status_code == 404
    assert send(client, path).status_code == 404
    send(client, "/login/link", email="anna@example.dk")
    assert len(mails(sqlite_klynge)) == 1


def test_a_forgotten_password_is_chosen_anew(client, anna, sqlite_klynge):
    path = ask(client, sqlite_klynge, "/login/forgotten")
    assert "Vælg en ny adgangskode" in client.get(path).text
    weak = send(client, path, password="kort")
    assert weak.status_code == 422
    assert "Brug mindst 12 tegn." in weak.text
    assert send(client, path, password="").status_code == 422, "an empty one is no password"
    assert send(client, path, password=NEW).location == "/"
    assert client.get("/me").status_code == 200
    assert send(client, path, password=NEW + "!").status_code == 404
    client.delete_cookie("klynge")
    assert send(client, "/login/", username="anna", password=PASSWORD).status_code == 401
    assert send(client, "/login/", username="anna", password=NEW).status_code == 302


def test_an_invitation_may_be_accepted_without_a_password(client, login, sqlite_klynge, app):
    login(client, "administrator")
    page = send(
        client, "/admin/users/invite", name="Aase Lind", email="Aase@Example.dk", roles="board_member", admin_password=PASSWORD
    )
    assert page.status_code == 302
    mail = mails(sqlite_klynge)[-1]
    assert mail.to_address == "aase@example.dk"
    assert mail.subject == "Du er inviteret til Klynge"
    assert mail.text.startswith("Kære Aase Lind.")
    other = app.test_client()
    assert "Velkommen til Klynge" in other.get(path_in(mail)).text
    assert send(other, path_in(mail), password="").location == "/"
    assert other.get("/me").status_code == 200


def test_a_user_without_a_password_cannot_sign_in_by_one(client, sqlite_klynge):
    with sqlite_klynge.database.writing() as session:
        add_real_user(session, NewUser("aase", "Aase Lind", ["board_member"], "aase@example.dk"), By(sqlite_klynge.clock.now()))
    for tried in ("", "None", PASSWORD):
        assert send(client, "/login/", username="aase", password=tried).status_code == 401


def test_the_mail_is_in_the_users_language_and_names_the_public_address(client, sqlite_klynge, add_user):
    add_user("staff", "john", locale="en")
    client.environ_base["HTTP_HOST"] = "localhost"
    ask(client, sqlite_klynge, email="john@example.dk")
    mail = mails(sqlite_klynge)[-1]
    assert mail.subject == "Sign in to Klynge"
    assert "http://localhost:8080/login/link/" in mail.text


def test_tokens_are_kept_as_hashes_and_never_logged(client, anna, sqlite_klynge):
    path = ask(client, sqlite_klynge)
    secret = path.rsplit("/", 1)[1]
    with sqlite_klynge.database.reading() as session:
        assert secret not in session.scalars(select(SignInLink.token_hash)).all()
        assert all(secret not in str(detail) for detail in session.scalars(select(SecurityEvent.detail)))


@pytest.mark.parametrize("junk", ["x", "..", "%00", "a" * 3000])
def test_junk_links_are_gone_links(client, junk):
    assert client.get(f"/login/link/{junk}").status_code in {404, 400}


def test_what_is_no_address_is_said_to_be_none(client):
    answer = send(client, "/login/link", email="anna")
    assert answer.status_code == 422
    assert "Skriv din e-mailadresse." in answer.text
