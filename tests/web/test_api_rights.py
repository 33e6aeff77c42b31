"""Roles, rows and fields: what may not be read tells nothing, what may not be written stays as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from crm.records.models import Change, record_table
from crm.security.models import Grant
from crm.wiring import Klynge
from tests.support.api import Caller, error_of
from tests.support.people import add_role

CANARY = "Kanariefugl-4711"


@pytest.fixture
def staff(sqlite_klynge: Klynge) -> Caller:
    return Caller(sqlite_klynge, "staff")


@pytest.fixture
def clerk(sqlite_klynge: Klynge) -> Caller:
    """Someone who reads names and towns of organisations, changes towns, and creates with a name alone."""
    add_role(
        sqlite_klynge,
        "clerk",
        Grant(type_key="@api", act="use"),
        Grant(type_key="organisation", act="read", read_fields=["title", "city"]),
        Grant(type_key="organisation", act="update", write_fields=["city", "street"]),
        Grant(type_key="organisation", act="create", write_fields=["title"]),
    )
    return Caller(sqlite_klynge, "clerk")


def snapshot(klynge: Klynge) -> list[Any]:
    with klynge.database.reading() as session:
        return [*session.execute(select(record_table)).all(), len(session.scalars(select(Change)).all())]


# -- who may call at all -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["records/organisation", "records/organisation/1", "openapi.json", "records/nonsense"])
def test_nobody_gets_in_without_a_token(client: FlaskClient, path: str) -> None:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 401
    assert error_of(response)["code"] == "sign_in_needed"


@pytest.mark.parametrize("token", ["", "klynge_nonsense", "æøå", "x" * 5000])
def test_a_wrong_token_is_refused(staff: Caller, token: str) -> None:
    response = staff.get("records/organisation", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 401


def test_a_board_member_has_no_api(sqlite_klynge: Klynge) -> None:
    member = Caller(sqlite_klynge, "board_member")
    assert member.get("records/meeting").status_code == 403
    assert member.get("openapi.json").status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "records/organisation", {"title": "x"}),
        ("PATCH", "records/organisation/{id}", {"title": "x"}),
        ("DELETE", "records/organisation/{id}", None),
        ("POST", "records/organisation/{id}/transition/close", {}),
    ],
)
def test_a_reader_writes_nothing(sqlite_klynge: Klynge, staff: Caller, method: str, path: str, body: Any) -> None:
    made = staff.make(title="a")
    before = snapshot(sqlite_klynge)
    reader = Caller(sqlite_klynge, "reader")
    response = reader.call(method, path.format(id=made["id"]), body)
    assert response.status_code == 403
    assert error_of(response)["code"] == "access_denied"
    assert snapshot(sqlite_klynge) == before
    assert reader.get(f"records/organisation/{made['id']}").status_code == 200


def test_a_token_for_reading_writes_nothing(sqlite_klynge: Klynge) -> None:
    caller = Caller(sqlite_klynge, "staff", scope="read")
    assert caller.get("records/organisation").status_code == 200
    assert caller.post("records/organisation", {"title": "a"}).status_code == 403


def test_a_type_that_may_not_be_read_is_refused_and_its_records_unknown(staff: Caller, clerk: Caller) -> None:
    person = staff.make("person", given_name="Anna")
    assert clerk.get("records/person").status_code == 403
    assert clerk.get(f"records/person/{person['id']}").status_code == 404
    assert clerk.patch(f"records/person/{person['id']}", {"given_name": "x"}).status_code == 404


def test_the_address_of_another_type_does_not_open_a_record(staff: Caller) -> None:
    made = staff.make(title="a")
    for response in (
        staff.get(f"records/person/{made['id']}"),
        staff.patch(f"records/person/{made['id']}", {}),
        staff.delete(f"records/person/{made['id']}"),
        staff.post(f"records/person/{made['id']}/transition/close"),
    ):
        assert response.status_code == 404
    assert staff.get(f"records/organisation/{made['id']}").get_json()["version"] == 1


def test_own_records_only(sqlite_klynge: Klynge, staff: Caller) -> None:
    add_role(sqlite_klynge, "owner", Grant(type_key="@api", act="use"), Grant(type_key="organisation", act="read", scope="own"))
    owner = Caller(sqlite_klynge, "owner")
    theirs, mine = staff.make(title="theirs"), staff.make(title="mine")
    with sqlite_klynge.database.writing() as session:
        session.execute(record_table.update().where(record_table.c.id == mine["id"]).values(owner_id=owner.user_id))
    listed = owner.get("records/organisation", query_string={"count": "true"}).get_json()
    assert [item["title"] for item in listed["items"]] == ["mine"]
    assert listed["count"]["number"] == 1
    assert owner.get(f"records/organisation/{theirs['id']}").status_code == 404
    assert owner.get(f"records/organisation/{mine['id']}").status_code == 200


# -- fields ------------------------------------------------------------------------------------------------------------


def test_unreadable_fields_are_nowhere_in_the_answers(staff: Caller, clerk: Caller) -> None:
    made = staff.make(title="a", city="Odense", note=CANARY, street="47114711", cvr=CANARY)
    answers = [
        clerk.get("records/organisation"),
        clerk.get(f"records/organisation/{made['id']}"),
        clerk.patch(f"records/organisation/{made['id']}", {"city": "Aarhus"}),
        clerk.patch(f"records/organisation/{made['id']}", {"city": "Aalborg", "version": 1}),
        clerk.get("openapi.json"),
    ]
    for answer in answers:
        text = answer.get_data(as_text=True)
        assert CANARY not in text
        assert "47114711" not in text
    assert "note" not in answers[1].get_json()
    assert answers[1].get_json()["city"] == "Odense"


@pytest.mark.parametrize(
    "query",
    [
        {"filter": json.dumps({"field": "note", "op": "contains", "value": "Kanarie"})},
        {"filter": json.dumps({"not": {"field": "cvr", "op": "empty"}})},
        {"filter": json.dumps({"field": "parent.cvr", "op": "is", "value": "x"})},
        {"sort": "street"},
        {"sort": "cvr", "order": "desc"},
        {"fields": "note"},
    ],
)
def test_what_may_not_be_read_cannot_be_asked_about(staff: Caller, clerk: Caller, query: dict[str, str]) -> None:
    """The answer is the same as for a field that does not exist: no oracle."""
    staff.make(title="a", note=CANARY)
    refused = clerk.get("records/organisation", query_string=query)
    assert refused.status_code == 400
    swapped = {
        name: value.replace("note", "nowhere").replace("cvr", "nowhere").replace("street", "nowhere")
        for name, value in query.items()
    }
    unknown = clerk.get("records/organisation", query_string=swapped)
    assert unknown.status_code == 400
    told = error_of(refused)["message"]
    for name in ("note", "cvr", "street"):
        told = told.replace(name, "nowhere")
    assert told == error_of(unknown)["message"]


def test_paths_do_not_lead_around_rights_on_the_other_type(sqlite_klynge: Klynge, staff: Caller) -> None:
    add_role(
        sqlite_klynge,
        "minutes",
        Grant(type_key="@api", act="use"),
        Grant(type_key="mandate", act="read"),
    )
    minutes = Caller(sqlite_klynge, "minutes")
    query = {"filter": json.dumps({"field": "person.email", "op": "contains", "value": "@"})}
    assert staff.get("records/mandate", query_string=query).status_code == 200
    assert minutes.get("records/mandate", query_string=query).status_code == 400


def test_fields_that_may_not_be_written_are_refused_by_name(sqlite_klynge: Klynge, staff: Caller, clerk: Caller) -> None:
    made = staff.make(title="a", city="Odense")
    before = snapshot(sqlite_klynge)
    response = clerk.patch(f"records/organisation/{made['id']}", {"city": "Aarhus", "title": "b", "note": "c"})
    assert response.status_code == 422
    assert set(error_of(response)["fields"]) == {"title", "note"}
    assert clerk.post("records/organisation", {"title": "n", "city": "Odense"}).status_code == 422
    for owner in (clerk.user_id, staff.user_id, None):
        response = clerk.patch(f"records/organisation/{made['id']}", {"owner": owner})
        assert (response.status_code, list(error_of(response)["fields"])) == (422, ["owner"])
    assert staff.patch(f"records/organisation/{made['id']}", {"owner": 10**6}).status_code == 422, "nobody has this number"
    assert snapshot(sqlite_klynge) == before
    assert clerk.patch(f"records/organisation/{made['id']}", {"street": "12345678"}).status_code == 200
    assert staff.get(f"records/organisation/{made['id']}").get_json()["street"] == "12345678"


@pytest.mark.parametrize(
    "name",
    [
        "id", "type", "type_id", "kind_of", "version_", "state", "owner_id", "created_at", "created_by", "updated_at",
        "updated_by", "deleted_at", "data", "t1", "title_sort", "city_key", "cvr_doubtful", "url", "__class__", "successors", "",
        "ægir", "title ", "TITLE", "password", "is_admin", "links",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_nothing_but_writable_fields_is_taken(sqlite_klynge: Klynge, staff: Caller, method: str, name: str) -> None:
    made = staff.make(title="a")
    before = snapshot(sqlite_klynge)
    path = "records/organisation" if method == "POST" else f"records/organisation/{made['id']}"
    response = staff.call(method, path, {"title": "b", name: 1})
    assert response.status_code == 422
    assert list(error_of(response)["fields"]) == [name]
    assert snapshot(sqlite_klynge) == before


# -- by cookie ---------------------------------------------------------------------------------------------------------


def test_a_cookie_alone_writes_nothing(client: FlaskClient, login: Any, sqlite_klynge: Klynge) -> None:
    login(client, "staff")
    before = snapshot(sqlite_klynge)
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"X-CSRF-Token": "x.y"}):
        assert client.post("/api/v1/records/organisation", json={"title": "a"}, headers=headers).status_code == 400
    assert client.get("/api/v1/records/organisation").status_code == 200
    assert snapshot(sqlite_klynge) == before


def test_a_cookie_with_its_token_writes(client: FlaskClient, login: Any, app: Any) -> None:
    login(client, "staff")
    token = csrf_token_of(client)
    made = client.post("/api/v1/records/organisation", json={"title": "a"}, headers={"X-CSRF-Token": token})
    assert made.status_code == 201
    foreign = {"X-CSRF-Token": token, "Origin": "https://evil.example"}
    assert client.post("/api/v1/records/organisation", json={"title": "a"}, headers=foreign).status_code == 400


def csrf_token_of(client: FlaskClient) -> str:
    from crm.web.csrf import _mac

    cookie = client.get_cookie(client.application.config["SESSION_COOKIE_NAME"], domain="localhost")
    assert cookie is not None
    with client.application.test_request_context("/"):
        return f"salt.{_mac(cookie.value, 'salt')}"


def test_a_form_of_another_site_cannot_be_json(client: FlaskClient, login: Any) -> None:
    login(client, "staff")
    body = '{"title":"a","x":"="}'
    response = client.post("/api/v1/records/organisation", data=body, content_type="text/plain")
    assert response.status_code in {400, 415}
