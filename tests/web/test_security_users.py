"""Administrators invite, change and shut out users; each grave act asks for their own password and is written down."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.security.models import Account, PlatformState, SecurityEvent
from crm.security.users import get_user
from tests.support.forms import send
from tests.support.people import PASSWORD


@pytest.fixture
def chef(client, login):
    return login(client, "administrator", "chef")


@pytest.fixture
def anna(add_user):
    return add_user("staff", "anna")


def user(klynge, user_id):
    with klynge.database.reading() as session:
        return get_user(session, user_id)


def epoch(klynge):
    with klynge.database.reading() as session:
        return session.scalar(select(PlatformState.security_epoch))


def test_users_are_listed_and_found(client, chef, anna, add_user):
    add_user("reader", "oerum")
    page = client.get("/admin/users").text
    assert "Anna Prøve" in page
    assert "Medarbejder" in page
    assert "3 brugere" in page
    found = client.get("/admin/users?q=ANNA").text
    assert "Anna Prøve" in found
    assert "Oerum" not in found
    assert "Der er ingen, der hedder det." in client.get("/admin/users?q=%25zzz'--").text


@pytest.mark.parametrize("wrong", ["", "forkert", PASSWORD.lower()])
def test_changing_roles_asks_for_the_administrators_password(client, chef, anna, sqlite_klynge, wrong):
    before = epoch(sqlite_klynge)
    answer = send(client, f"/admin/users/{anna}", roles="administrator", admin_password=wrong)
    assert answer.status_code == 422
    assert "Det er ikke din adgangskode." in answer.text
    assert user(sqlite_klynge, anna).roles == ("staff",)
    assert epoch(sqlite_klynge) == before


def test_a_change_of_roles_is_written_down_and_raises_both_epochs(client, chef, anna, sqlite_klynge):
    before = epoch(sqlite_klynge)
    assert send(client, f"/admin/users/{anna}", roles="reader", admin_password=PASSWORD).status_code == 302
    assert user(sqlite_klynge, anna).roles == ("reader",)
    assert epoch(sqlite_klynge) > before
    with sqlite_klynge.database.reading() as session:
        assert session.get_one(Account, anna).session_epoch == 2
        line = session.scalars(select(SecurityEvent).where(SecurityEvent.kind == "roles_changed")).one()
    assert line.actor_id == chef
    assert line.detail == {"user_id": anna, "before": ["staff"], "after": ["reader"]}
    assert line.at == sqlite_klynge.clock.now()
    assert "Roller ændret fra Medarbejder til Læser" in client.get(f"/admin/users/{anna}").text


def test_a_user_has_at_least_one_role_and_only_known_ones(client, chef, anna):
    for roles in ([], ["root"], ["staff", "root"]):
        assert send(client, f"/admin/users/{anna}", roles=roles, admin_password=PASSWORD).status_code == 422


def test_there_is_always_an_administrator(client, chef, sqlite_klynge):
    answer = send(client, f"/admin/users/{chef}", roles="staff", admin_password=PASSWORD)
    assert answer.status_code == 422
    assert "Der skal være mindst én aktiv administrator." in answer.text
    assert user(sqlite_klynge, chef).roles == ("administrator",)
    assert send(client, f"/admin/users/{chef}/deactivate", admin_password=PASSWORD).status_code == 422


def test_a_deactivated_user_is_out_at_once_and_may_come_back(client, chef, app, login, sqlite_klynge):
    other = app.test_client()
    anna = login(other, "staff", "anna")
    assert other.get("/me").status_code == 200
    assert send(client, f"/admin/users/{anna}/deactivate", admin_password=PASSWORD).status_code == 302
    assert other.get("/me").status_code == 302
    assert "deaktiveret" in client.get("/admin/users").text
    assert send(client, f"/admin/users/{anna}/activate", admin_password=PASSWORD).status_code == 302
    assert other.get("/me").status_code == 302, "the old session stays dead"
    assert send(other, "/login/", username="anna", password=PASSWORD).status_code == 302


def test_sessions_of_others_can_be_ended(client, chef, app, login):
    other = app.test_client()
    anna = login(other, "staff", "anna")
    send(client, f"/admin/users/{anna}/end-sessions")
    assert other.get("/me").status_code == 302


def test_an_invitation_needs_name_address_and_role(client, chef):
    answer = send(client, "/admin/users/invite", name="", email="", admin_password=PASSWORD)
    assert answer.status_code == 422
    answer = send(client, "/admin/users/invite", name="Bo Dal", email="bo@example.dk", roles="staff", admin_password="nej")
    assert answer.status_code == 422
    assert 'value="Bo Dal"' in answer.text, "what was typed is kept"


def test_a_taken_name_or_address_is_refused(client, chef, anna):
    for more in ({"email": "ANNA@example.dk", "username": "ny"}, {"email": "ny@example.dk", "username": "Anna"}):
        answer = send(client, "/admin/users/invite", name="Ny", roles="staff", admin_password=PASSWORD, **more)
        assert answer.status_code == 409


def test_a_person_must_be_a_person(client, chef, anna):
    for wrong in ("999999", "x", "-1", "1;drop"):
        assert send(client, f"/admin/users/{anna}", roles="staff", person=wrong, admin_password=PASSWORD).status_code == 422


def test_nobody_else_reaches_these_pages(client, login, anna):
    for role in ("staff", "reader", "board_member"):
        login(client, role)
        for path in ("/admin/users", f"/admin/users/{anna}", "/admin/users/invite", "/admin/roles"):
            assert client.get(path).status_code == 403
        assert send(client, f"/admin/users/{anna}", roles="administrator", admin_password=PASSWORD).status_code == 403


def test_roles_are_shown_in_words(client, chef):
    page = client.get("/admin/roles").text
    for words in ("Administrator", "Medarbejder", "Udvalgsmedlem", "Læser", "Alt indhold", "kun egne udvalgs"):
        assert words in page


def test_unknown_users_are_not_found(client, chef):
    for path in ("/admin/users/4711", "/admin/users/0", "/admin/users/99999999999999999999"):
        assert client.get(path).status_code == 404
    assert send(client, "/admin/users/4711", roles="staff", admin_password=PASSWORD).status_code == 404
