"""The API's round: create, read, list, change, move, delete; on both databases."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crm.wiring import Klynge
from tests.support.api import Caller, error_of


@pytest.fixture
def staff(klynge: Klynge) -> Caller:
    return Caller(klynge, "staff")


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.get_data(as_text=True)
    return [item["title"] for item in response.get_json()["items"]]


def filtered(tree: Any) -> dict[str, str]:
    return {"filter": json.dumps(tree)}


def test_a_record_is_made_and_read_back(staff: Caller) -> None:
    response = staff.post("records/organisation", {"title": "Ærø Vind", "kind": "company", "cvr": "91234563", "note": "To\nlinjer"})
    assert response.status_code == 201
    made = response.get_json()
    assert response.headers["Location"] == f"/api/v1/records/organisation/{made['id']}"
    read = staff.get(f"records/organisation/{made['id']}")
    assert read.get_json() == made
    assert read.headers["ETag"] == '"1"'
    assert made["title"] == "Ærø Vind"
    assert made["kind"] == "company"
    assert made["version"] == 1
    assert made["url"] == f"/r/{made['id']}"


def test_a_list_is_sorted_the_danish_way_and_paged(staff: Caller) -> None:
    for title in ("Aabenraa", "Zebra", "Østfyn", "Ærø", "Bo"):
        staff.make(title=title)
    first = staff.get("records/organisation", query_string={"limit": 2})
    assert names(first) == ["Bo", "Zebra"]
    second = staff.get("records/organisation", query_string={"limit": 2, "cursor": first.get_json()["next"]})
    assert names(second) == ["Ærø", "Østfyn"]
    third = staff.get("records/organisation", query_string={"limit": 2, "cursor": second.get_json()["next"]})
    assert names(third) == ["Aabenraa"]
    assert third.get_json()["next"] is None
    assert names(staff.get("records/organisation", query_string={"order": "desc", "limit": 1})) == ["Aabenraa"]


def test_empty_values_come_last_in_both_directions(staff: Caller) -> None:
    for title, city in (("a", "Odense"), ("b", None), ("c", "Aarhus")):
        staff.make(title=title, city=city)
    assert names(staff.get("records/organisation", query_string={"sort": "city"})) == ["a", "c", "b"]
    assert names(staff.get("records/organisation", query_string={"sort": "city", "order": "desc"})) == ["c", "a", "b"]


def test_a_cursor_of_another_list_starts_anew_and_says_so(staff: Caller) -> None:
    for title in "abc":
        staff.make(title=title)
    cursor = staff.get("records/organisation", query_string={"limit": 1}).get_json()["next"]
    other = staff.get("records/organisation", query_string={"limit": 1, "order": "desc", "cursor": cursor}).get_json()
    assert other["restarted"] is True
    assert other["items"][0]["title"] == "c"


def test_the_same_filters_as_on_screen(staff: Caller) -> None:
    staff.make(title="Ærø Vind", kind="company")
    staff.make(title="Fyn Vind", kind="cluster")
    staff.make(title="Ærø Råd", kind="authority")
    tree = {
        "all": [{"field": "title", "op": "contains", "value": "VIND"}, {"not": {"field": "kind", "op": "is", "value": "cluster"}}]
    }
    response = staff.get("records/organisation", query_string={**filtered(tree), "count": "true"})
    assert names(response) == ["Ærø Vind"]
    assert response.get_json()["count"] == {"number": 1, "capped": False}


def test_fields_may_be_chosen(staff: Caller) -> None:
    staff.make(title="a", city="Odense", street="12345678")
    item = staff.get("records/organisation", query_string={"fields": "city"}).get_json()["items"][0]
    assert item["city"] == "Odense"
    assert "street" not in item
    assert item["title"] == "a"


def test_some_fields_are_changed_and_the_rest_left_alone(staff: Caller) -> None:
    made = staff.make(title="a", city="Odense", street="12345678")
    changed = staff.patch(f"records/organisation/{made['id']}", {"city": "Aarhus"})
    assert changed.status_code == 200
    assert changed.headers["ETag"] == '"2"'
    after = changed.get_json()
    assert {**made, "city": "Aarhus", "version": 2, "updated_at": after["updated_at"]} == after


def test_a_value_is_emptied_by_null(staff: Caller) -> None:
    made = staff.make(title="a", city="Odense")
    assert staff.patch(f"records/organisation/{made['id']}", {"city": None}).get_json()["city"] is None


def test_a_change_that_changes_nothing_makes_no_version(staff: Caller) -> None:
    made = staff.make(title="a", city="Odense")
    assert staff.patch(f"records/organisation/{made['id']}", {"city": "Odense"}).get_json()["version"] == 1


def test_a_step_of_the_lifecycle_is_taken(staff: Caller) -> None:
    made = staff.make(title="a")
    path = f"records/organisation/{made['id']}/transition"
    moved = staff.post(f"{path}/close")
    assert moved.status_code == 200
    assert moved.get_json()["state"] == "closed"
    assert moved.headers["ETag"] == '"3"'  # the step, and the day it ended
    refused = staff.post(f"{path}/close")
    assert refused.status_code == 422
    assert error_of(refused)["code"] == "rule_violation"
    assert staff.post(f"{path}/nonsense").status_code in {403, 422}
    assert staff.post(f"{path}/reopen", {"colour": "red"}).status_code == 422


def test_a_deleted_record_lies_in_the_trash(staff: Caller) -> None:
    made = staff.make(title="a")
    assert staff.delete(f"records/organisation/{made['id']}").status_code == 204
    assert staff.get(f"records/organisation/{made['id']}").status_code == 404
    assert names(staff.get("records/organisation")) == []
    assert staff.delete(f"records/organisation/{made['id']}").status_code == 404


def test_values_of_every_kind_survive_the_round(staff: Caller) -> None:
    organisation = staff.make(title="Klyngen", website="klyngen.dk", municipality="0461")
    child = staff.make(title="Under", parent=organisation["id"])
    assert organisation["website"] == "https://klyngen.dk"
    assert child["parent"] == organisation["id"]
    assert child["cvr_doubtful"] is False


def test_an_unchanged_record_is_not_sent_again(staff: Caller) -> None:
    made = staff.make(title="a")
    path = f"records/organisation/{made['id']}"
    assert staff.get(path, headers={"If-None-Match": '"1"'}).status_code == 304
    assert staff.get(path, headers={"If-None-Match": '"7"'}).status_code == 200
