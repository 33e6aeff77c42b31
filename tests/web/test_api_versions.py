"""Nobody's change is lost, and nothing is made twice; on both databases."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from crm.api.idempotency import KEPT, sweep
from crm.api.models import ApiIdempotency
from crm.kernel.clock import FixedClock
from crm.records.models import record_table
from crm.wiring import Klynge
from tests.support.api import Caller, error_of


@pytest.fixture
def staff(klynge: Klynge) -> Caller:
    return Caller(klynge, "staff")


def test_a_stale_if_match_is_refused_with_the_present_record(staff: Caller) -> None:
    made = staff.make(title="a", city="Odense")
    path = f"records/organisation/{made['id']}"
    assert staff.patch(path, {"city": "Aarhus"}, headers={"If-Match": '"1"'}).status_code == 200
    late = staff.patch(path, {"street": "12345678"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert error_of(late)["code"] == "version_moved"
    assert late.get_json()["record"]["city"] == "Aarhus"
    assert staff.get(path).get_json()["street"] is None


def test_a_stale_version_in_the_body_clashes_on_the_same_field(staff: Caller) -> None:
    made = staff.make(title="a", city="Odense")
    path = f"records/organisation/{made['id']}"
    staff.patch(path, {"city": "Aarhus", "version": 1})
    late = staff.patch(path, {"city": "Aalborg", "version": 1})
    assert late.status_code == 409
    assert set(error_of(late)["fields"]) == {"city"}
    assert error_of(late)["clashes"] == {"city": {"yours": "Aalborg", "stored": "Aarhus", "original": "Odense"}}
    assert late.get_json()["record"]["city"] == "Aarhus"
    assert staff.get(path).get_json()["version"] == 2


def test_a_stale_version_in_the_body_merges_other_fields(staff: Caller) -> None:
    made = staff.make(title="a", city="Odense")
    path = f"records/organisation/{made['id']}"
    staff.patch(path, {"city": "Aarhus", "version": 1})
    merged = staff.patch(path, {"street": "12345678", "version": 1})
    assert merged.status_code == 200
    assert (merged.get_json()["city"], merged.get_json()["street"]) == ("Aarhus", "12345678")


@pytest.mark.parametrize("method", ["DELETE", "POST"])
def test_deleting_and_moving_honour_if_match(staff: Caller, method: str) -> None:
    made = staff.make(title="a")
    path = f"records/organisation/{made['id']}"
    staff.patch(path, {"city": "Aarhus"})
    target = path if method == "DELETE" else f"{path}/transition/close"
    body = None if method == "DELETE" else {}
    assert staff.call(method, target, body, headers={"If-Match": '"1"'}).status_code == 412
    assert staff.call(method, target, body, headers={"If-Match": '"2"'}).status_code in {200, 204}


@pytest.mark.parametrize(("header", "body"), [("tuesday", {}), ('"1", "2"', {}), ('"1"', {"version": 2}), (None, {"version": "1"})])
def test_a_version_that_cannot_be_read_is_a_bad_request(staff: Caller, header: str | None, body: dict[str, object]) -> None:
    made = staff.make(title="a")
    headers = {} if header is None else {"If-Match": header}
    response = staff.patch(f"records/organisation/{made['id']}", {"city": "x", **body}, headers=headers)
    assert response.status_code == 400
    assert staff.get(f"records/organisation/{made['id']}").get_json()["version"] == 1


def test_the_same_key_makes_one_record(staff: Caller) -> None:
    headers = {"Idempotency-Key": "order-1"}
    first = staff.post("records/organisation", {"title": "a"}, headers=headers)
    again = staff.post("records/organisation", {"title": "a"}, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.get_json()["id"] == again.get_json()["id"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


def test_the_same_key_for_another_request_is_refused(staff: Caller) -> None:
    headers = {"Idempotency-Key": "order-1"}
    staff.post("records/organisation", {"title": "a"}, headers=headers)
    assert staff.post("records/organisation", {"title": "b"}, headers=headers).status_code == 422


def test_keys_of_different_users_do_not_meet(klynge: Klynge, staff: Caller) -> None:
    other = Caller(klynge, "staff", "jens")
    headers = {"Idempotency-Key": "order-1"}
    first = staff.post("records/organisation", {"title": "a"}, headers=headers).get_json()
    assert other.post("records/organisation", {"title": "a"}, headers=headers).get_json()["id"] != first["id"]


def test_a_refused_create_spends_no_key(staff: Caller) -> None:
    headers = {"Idempotency-Key": "order-1"}
    assert staff.post("records/organisation", {"nonsense": 1}, headers=headers).status_code == 422
    assert staff.post("records/organisation", {"title": "a"}, headers=headers).status_code == 201


def test_a_key_is_forgotten_after_a_day(klynge: Klynge, staff: Caller, clock: FixedClock) -> None:
    headers = {"Idempotency-Key": "order-1"}
    first = staff.post("records/organisation", {"title": "a"}, headers=headers).get_json()
    clock.moment += KEPT - (KEPT / 100)
    assert staff.post("records/organisation", {"title": "a"}, headers=headers).get_json()["id"] == first["id"]
    with klynge.database.writing() as session:
        assert sweep(session, clock.now() + KEPT) == 1
        assert session.scalar(select(func.count()).select_from(ApiIdempotency)) == 0


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "æ"])
def test_a_key_that_is_none_is_refused(staff: Caller, key: str) -> None:
    response = staff.post("records/organisation", {"title": "a"}, headers={"Idempotency-Key": key})
    assert response.status_code == 400


def test_a_double_submit_at_the_same_time_makes_one_record(klynge: Klynge, staff: Caller) -> None:
    barrier = threading.Barrier(4)
    statuses: list[int] = []

    def send() -> None:
        client = staff.app.test_client()
        headers = {"Authorization": f"Bearer {staff.token}", "Idempotency-Key": "same"}
        barrier.wait()
        statuses.append(client.post("/api/v1/records/organisation", json={"title": "a"}, headers=headers).status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201] * 4
    with klynge.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(record_table)) == 1


def test_parallel_writers_lose_nothing(staff: Caller) -> None:
    made = staff.make(title="a", city="start")
    path = f"/api/v1/records/organisation/{made['id']}"
    barrier = threading.Barrier(6)
    statuses: list[int] = []

    def send(number: int) -> None:
        client = staff.app.test_client()
        headers = {"Authorization": f"Bearer {staff.token}", "If-Match": '"1"'}
        barrier.wait()
        statuses.append(client.patch(path, json={"city": f"city {number}"}, headers=headers).status_code)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 412, 412, 412, 412, 412]
    assert staff.get(f"records/organisation/{made['id']}").get_json()["version"] == 2
