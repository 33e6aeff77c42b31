"""Forged requests: every write by cookie needs a token of the page; a bearer token is its own proof."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.security.models import user_table
from crm.web.guard import SAFE_METHODS, permission_of
from tests.support.forms import send, token
from tests.support.people import PASSWORD
from tests.web.test_security_routes import address


def writes(app):
    """Give every (method, path) that changes something by cookie."""
    for rule in app.url_map.iter_rules():
        permission = permission_of(app, rule.endpoint)
        if permission is None or permission.no_cookie:
            continue
        for method in sorted(rule.methods - SAFE_METHODS):
            yield method, address(rule)


def test_every_write_by_cookie_needs_a_token(app, client, login):
    login(client, "administrator")
    tried = list(writes(app))
    assert len(tried) > 15
    passed = [(method, path) for method, path in tried if client.open(path, method=method, data={"name": "x"}).status_code != 400]
    assert passed == []


def test_api_writes_by_cookie_need_a_token_too(client, login):
    login(client, "administrator")
    body = {"title": "Prøve"}
    refused = client.post("/api/v1/records/organisation", json=body)
    assert refused.status_code == 400
    assert refused.json["error"]["code"] == "csrf"
    given = client.post("/api/v1/records/organisation", json=body, headers={"X-CSRF-Token": token(client)})
    assert given.status_code == 201


def test_a_bearer_token_needs_no_csrf_token_and_the_cookie_is_ignored(client, login, add_user):
    add_user("administrator", "chef")
    login(client, "reader", "lars")
    bearer = client.post("/api/v1/security/login", json={"username": "chef", "password": PASSWORD}).json["access_token"]
    headers = {"Authorization": f"Bearer {bearer}"}
    assert client.post("/api/v1/records/organisation", json={"title": "Prøve"}, headers=headers).status_code == 201
    wrong = {"Authorization": "Bearer klynge_forkert", "X-CSRF-Token": token(client)}
    assert client.get("/api/v1/openapi.json").status_code == 200
    assert client.get("/api/v1/openapi.json", headers=wrong).status_code == 401, "a wrong bearer must not fall back to the cookie"


def test_outside_the_api_a_bearer_token_is_nothing(client, add_user):
    add_user("administrator", "chef")
    bearer = client.post("/api/v1/security/login", json={"username": "chef", "password": PASSWORD}).json["access_token"]
    assert client.get("/admin/users", headers={"Authorization": f"Bearer {bearer}"}).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.com"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.com"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_foreign_page_is_refused_even_with_a_token(client, login, headers):
    login(client, "staff")
    answer = client.post("/me/name", data={"csrf_token": token(client), "name": "Ny"}, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("wrong", ["", ".", "x", "a.b", "é.ø", "x" * 5000])
def test_a_wrong_token_is_refused(client, login, wrong):
    login(client, "staff")
    assert client.post("/me/name", data={"csrf_token": wrong, "name": "Ny"}).status_code == 400


def test_the_token_of_another_session_is_refused(app, client, login):
    login(client, "staff", "anna")
    other = app.test_client()
    login(other, "reader", "lars")
    assert client.post("/me/name", data={"csrf_token": token(other), "name": "Ny"}).status_code == 400


def test_a_refused_write_changes_nothing(client, login, sqlite_klynge):
    user_id = login(client, "staff", "anna")
    client.post("/me/name", data={"name": "Ændret"})
    with sqlite_klynge.database.reading() as session:
        assert session.scalar(select(user_table.c.first_name).where(user_table.c.id == user_id)) == "Anna"


def test_each_page_gives_a_fresh_token_and_all_of_them_work(client, login):
    login(client, "staff")
    first, second = token(client), token(client)
    assert first != second
    for given in (second, first):
        assert client.post("/me/name", data={"csrf_token": given, "name": "Anna"}).status_code == 302


def test_signing_in_needs_a_token(client, add_user):
    add_user("staff", "anna")
    assert client.post("/login/", data={"username": "anna", "password": PASSWORD}).status_code == 400
    assert send(client, "/login/", username="anna", password=PASSWORD).status_code == 302
