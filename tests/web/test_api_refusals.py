"""What cannot be read is refused in plain words, with the right status, and never with a fault of ours."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crm.kernel.clock import FixedClock
from crm.kernel.db import Database
from crm.kernel.settings import Settings
from crm.security.models import Account
from crm.wiring import Klynge, build
from tests.support.api import Caller, error_of

NASTY = [
    "'", '"', "' OR 1=1 --", "1; DROP TABLE record", "%27", "\\", "\x00", "\ud7ff", "{{7*7}}", "${7*7}", "../../etc/passwd",
    "-1", "0", "9" * 30, "NaN", "null", "true", "[]", "{}", "[[[[", "title desc", "title;--", "record.title", "æøå", "😀",
    "a" * 3000,
]  # fmt: skip


@pytest.fixture
def unlimited(sqlite_database: Database, make_settings: Callable[..., Settings], clock: FixedClock) -> Iterator[Klynge]:
    container = build(make_settings(database_url=sqlite_database.url, api_requests_per_minute=0), clock=clock)
    yield container
    container.database.dispose()


@pytest.fixture
def staff(unlimited: Klynge) -> Caller:
    caller = Caller(unlimited, "staff")
    caller.make(title="a", city="Odense")
    caller.make(title="b")
    return caller


@pytest.mark.parametrize("name", ["filter", "sort", "order", "limit", "cursor", "fields", "count", "unknown"])
def test_no_query_parameter_gets_through_as_code(staff: Caller, name: str) -> None:
    for value in NASTY:
        response = staff.get("records/organisation", query_string={name: value})
        if response.status_code == 200:
            # Taken only where it means nothing, so it finds what no parameter finds, or nothing.
            assert {item["title"] for item in response.get_json()["items"]} <= {"a", "b"}
        else:
            assert response.status_code == 400, value
            assert error_of(response)["code"] == "bad_request"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"limit": "201"}, "from 1 to 200"),
        ({"limit": "0"}, "from 1 to 200"),
        ({"order": "up"}, "asc, desc"),
        ({"sort": "nowhere"}, "no field “nowhere”"),
        ({"sort": "note"}, "cannot be sorted"),
        ({"filter": "{"}, "not valid JSON"),
        ({"filter": '{"field":"title","op":"like","value":"x"}'}, "no operator “like”"),
        ({"filter": '{"field":"kind","op":"is","value":"x"}'}, "not among the options"),
        ({"filter": '{"field":"title","op":"in","value":"x"}'}, "takes a list"),
        ({"filter": '{"field":"kind","op":"contains","value":"x"}'}, "cannot be compared"),
        ({"cursor": "x"}, "“cursor”"),
        ({"colour": "red"}, "no query parameter “colour”"),
    ],
)
def test_the_words_say_what_is_wrong(staff: Caller, query: dict[str, str], words: str) -> None:
    response = staff.get("records/organisation", query_string=query)
    assert response.status_code == 400
    assert words in error_of(response)["message"]


def test_a_parameter_given_twice_is_refused(staff: Caller) -> None:
    assert staff.get("records/organisation?sort=title&sort=city").status_code == 400


def nested(depth: int) -> Any:
    return {"field": "title", "op": "empty"} if depth == 0 else {"not": nested(depth - 1)}


def test_filters_are_bounded_in_depth_and_number(staff: Caller) -> None:
    assert staff.get("records/organisation", query_string={"filter": json.dumps(nested(5))}).status_code == 200
    assert staff.get("records/organisation", query_string={"filter": json.dumps(nested(50))}).status_code == 400
    many = {"any": [nested(0)] * 60}
    assert staff.get("records/organisation", query_string={"filter": json.dumps(many)}).status_code == 400
    deep = "[" * 100_000
    assert staff.get("records/organisation", query_string={"filter": deep}).status_code == 400


@pytest.mark.parametrize("value", ["abc", 7, None, [], {"a": 1}, "2026-99-99", 1e400, True])
@pytest.mark.parametrize("sort", ["title", "updated_at", "id", "city"])
def test_a_forged_cursor_is_refused_or_starts_anew(staff: Caller, sort: str, value: Any) -> None:
    first = staff.get("records/organisation", query_string={"limit": 1, "sort": sort}).get_json()["next"]
    run, _value, last_id, mark = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    for place in ([run, value, last_id, mark], [run, _value, value, mark], [value, _value, last_id, mark]):
        forged = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
        response = staff.get("records/organisation", query_string={"limit": 1, "sort": sort, "cursor": forged})
        assert response.status_code in {200, 400}


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"]
)
def test_only_json_is_read(staff: Caller, content_type: str | None) -> None:
    for method, path in (
        ("POST", "records/organisation"),
        ("PATCH", "records/organisation/1"),
        ("POST", "records/organisation/1/transition/close"),
    ):
        response = staff.call(method, path, data=b'{"title":"x"}', content_type=content_type)
        assert response.status_code == 415
        assert error_of(response)["code"] == "not_json"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"null", b"NaN", b'{"title":NaN}', b"\xff", b"[" * 100_000, b'{"a":' * 5000]
)
def test_a_broken_body_is_a_bad_request(staff: Caller, body: bytes) -> None:
    response = staff.call("POST", "records/organisation", data=body, content_type="application/json")
    assert response.status_code == 400
    assert error_of(response)["code"] == "bad_request"


def test_a_body_that_is_too_large_is_refused(staff: Caller) -> None:
    assert staff.post("records/organisation", {"title": "x" * 1_100_000}).status_code in {400, 413}


STRANGE: list[Any] = [
    1, True, [], {}, "x" * 201, "\x00", "\ud800", 1e308, -1, {"start": []}, {"start": "2026-12-01", "x": 1}, [["x"]], "\u202eabc",
    "' OR 1=1 --", "😀" * 200, None, "  ", "2026-02-30", 2**80, 0.1,
]  # fmt: skip


@pytest.mark.parametrize(
    "type_key", ["organisation", "person", "board", "mandate", "meeting", "agenda_item", "decision", "follow_up"]
)
def test_no_value_of_any_field_is_a_fault(staff: Caller, type_key: str) -> None:
    name = "".join(part.capitalize() for part in type_key.split("_"))
    schemas = staff.get("openapi.json").get_json()["components"]["schemas"]
    person = staff.make("person", given_name="Anna")["id"]
    for value in STRANGE:
        for field in schemas[f"{name}Create"]["properties"]:
            response = staff.post(f"records/{type_key}", {field: value})
            assert response.status_code in {201, 400, 422}, (field, value, response.get_data(as_text=True))
    for value in STRANGE if type_key == "person" else ():
        for field in schemas[f"{name}Update"]["properties"]:
            response = staff.patch(f"records/person/{person}", {field: value})
            assert response.status_code in {200, 400, 422}, (field, value, response.get_data(as_text=True))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("records/nonsense", 404),
        ("records/organisation/0", 404),
        ("records/organisation/999999999", 404),
        ("records/organisation/99999999999999999999999999", 404),
        ("records/organisation/x", 404),
        ("records/organisation/-1", 404),
        ("records", 404),
        ("nothing", 404),
        ("records/%00", 404),
    ],
)
def test_what_is_not_there_is_not_found_as_json(staff: Caller, path: str, status: int) -> None:
    response = staff.get(path)
    assert response.status_code == status
    error_of(response)


def test_a_wrong_method_is_said_as_json(staff: Caller) -> None:
    response = staff.call("PUT", "records/organisation/1", {"title": "x"})
    assert response.status_code == 405
    error_of(response)


def test_refusals_speak_the_callers_language(unlimited: Klynge, staff: Caller) -> None:
    with unlimited.database.writing() as session:
        account = session.get(Account, staff.user_id)
        assert account is not None
        account.locale = "da"
    message = error_of(staff.get("records/organisation", query_string={"limit": "0"}))["message"]
    assert message == "”limit” er et helt tal fra 1 til 200."


def test_answers_are_never_taken_for_pages(staff: Caller) -> None:
    made = staff.make(title="<script>alert(1)</script>")
    response = staff.get(f"records/organisation/{made['id']}")
    assert response.mimetype == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in response.headers
