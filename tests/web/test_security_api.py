"""The API's sign-in: a short-lived, revocable token; no cookie read or set; JSON only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.people import PASSWORD

LOGIN = "/api/v1/security/login"


@pytest.fixture
def anna(add_user):
    return add_user("staff", "anna")


def test_it_gives_a_token_for_fifteen_minutes(client, anna, clock):
    answer = client.post(LOGIN, json={"username": "anna@example.dk", "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.json["expires_in"] == 900
    assert answer.json["token_type"] == "Bearer"
    assert "Set-Cookie" not in answer.headers
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    clock.moment += timedelta(minutes=14, seconds=59)
    assert client.get("/api/v1/openapi.json", headers=headers).status_code == 200
    clock.moment += timedelta(seconds=1)
    late = client.get("/api/v1/openapi.json", headers=headers)
    assert late.status_code == 401
    assert late.json["error"]["code"] == "sign_in_needed"
    assert late.headers["WWW-Authenticate"].startswith("Bearer")


def test_wrong_and_unknown_get_the_same_answer(client, anna):
    answers = [
        client.post(LOGIN, json={"username": name, "password": "forkert hest batteri"}, headers={"Accept-Language": "da"})
        for name in ("anna", "ukendt")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json == answers[1].json
    assert answers[0].json["error"]["message"] == "Brugernavnet eller adgangskoden er forkert."


@pytest.mark.parametrize(
    "body",
    [{}, [], "x", 5, {"username": "anna"}, {"username": ["anna"], "password": {"$ne": ""}}, {"username": None, "password": 1}],
)
def test_odd_bodies_are_refused(client, anna, body):
    answer = client.post(LOGIN, json=body)
    assert answer.status_code == 422
    assert set(answer.json["error"]["fields"]) <= {"username", "password"}


def test_only_json_is_taken(client, anna):
    form = client.post(LOGIN, data={"username": "anna", "password": PASSWORD})
    assert form.status_code == 415
    broken = client.post(LOGIN, data=b"{", content_type="application/json")
    assert broken.status_code == 400
    assert broken.json["error"]["code"] == "http_400"


def test_a_cookie_is_neither_needed_nor_read(client, login, anna):
    login(client, "administrator")
    answer = client.post(LOGIN, json={"username": "anna", "password": PASSWORD}, headers={"Origin": "https://evil.com"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_bearer_tokens_of_any_shape_never_break_it(client):
    for wrong in ("", "x", "klynge_", "é" * 20, "klynge_" + "a" * 43, "a b c", "x" * 5000):
        answer = client.get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {wrong}".encode().decode("latin-1")})
        assert answer.status_code == 401, wrong


def test_a_user_without_the_area_gets_a_token_that_opens_nothing(client, add_user):
    add_user("board_member", "aase")
    answer = client.post(LOGIN, json={"username": "aase", "password": PASSWORD})
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert client.get("/api/v1/records/organisation", headers=headers).status_code == 403


def test_nothing_secret_is_stored_or_logged(client, anna, sqlite_klynge, capsys):
    made = client.post(LOGIN, json={"username": "anna", "password": PASSWORD}).json["access_token"]
    client.post(LOGIN, json={"username": "anna", "password": "forkert hest batteri"})
    client.get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {made}"})
    raw = sqlite_klynge.database.engine.raw_connection()
    stored = "\n".join(raw.driver_connection.iterdump())
    raw.close()
    logged = "".join(capsys.readouterr())
    for secret in (made, PASSWORD, "forkert hest batteri", sqlite_klynge.settings.signing_key()):
        assert secret not in stored
        assert secret not in logged


@pytest.mark.parametrize("odd", ["\ud800", "anna\x00", "\u202eanna", "a" * 5000, "%", "' OR 1=1 --", "anna\r\n", "🦊" * 50, ""])
def test_odd_signs_are_only_wrong(client, anna, odd):
    for body in ({"username": odd, "password": "forkert"}, {"username": "ukendt", "password": odd}):
        assert client.post(LOGIN, json=body).status_code == 401
