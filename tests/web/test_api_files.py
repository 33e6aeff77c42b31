"""Files by the API: sent as they are, listed, replaced, fetched, and given to a field; the record's rights each time."""

from __future__ import annotations

import pytest

from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.security.models import Grant
from crm.wiring import Klynge
from tests.support.api import Caller, error_of
from tests.support.people import add_role
from tests.support.records import SYSTEM

PDF = b"%PDF-1.7 plan"
BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def staff(klynge: Klynge) -> Caller:
    with klynge.works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "organisation", "aftaler", "file", Label(da="Aftaler"), config={"types": ["pdf"]})
    return Caller(klynge, "staff")


def send(caller: Caller, path: str, name: str, content: bytes = PDF, headers: dict[str, str] | None = None, **more: str):
    return caller.call("POST", path, data=content, headers=headers or BYTES, query_string={"name": name, **more})


def test_a_file_is_sent_listed_replaced_and_fetched(staff: Caller) -> None:
    path = f"records/organisation/{staff.make(title='Havnen')['id']}/files"
    first = send(staff, path, "Plan.pdf")
    assert first.status_code == 201, first.get_data(as_text=True)
    second = send(staff, path, "Plan 2.pdf", PDF + b"2", replaces=str(first.get_json()["id"]))
    assert (second.status_code, second.get_json()["version"]) == (201, 2)
    (item,) = staff.get(path).get_json()["items"]
    assert (item["name"], item["first_id"], [old["name"] for old in item["earlier"]]) == (
        "Plan 2.pdf",
        first.get_json()["id"],
        ["Plan.pdf"],
    )
    fetched = staff.get(item["url"].removeprefix("/api/v1/"))
    assert fetched.data == PDF + b"2"
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert fetched.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_field_holds_a_file_that_was_sent_for_it(staff: Caller) -> None:
    sent = send(staff, "records/organisation/files/aftaler", "Aftale.pdf").get_json()
    made = staff.make(title="Havnen", aftaler=[sent["id"]])
    assert made["aftaler"] == [{"id": sent["id"], "name": "Aftale.pdf"}]
    assert staff.patch(f"records/organisation/{made['id']}", {"aftaler": made["aftaler"]}).get_json()["version"] == 1
    for wrong in ([4711], "x", [{"id": sent["id"], "sha256": "x"}]):
        assert staff.post("records/organisation", {"title": "B", "aftaler": wrong}).status_code == 422


def test_what_is_no_file_or_nobodys_to_send_is_refused(staff: Caller, klynge: Klynge) -> None:
    made = staff.make(title="Havnen")["id"]
    path = f"records/organisation/{made}/files"
    assert send(staff, path, "x.html", b"<script>").status_code == 422
    assert send(staff, path, "", PDF).status_code == 422
    assert error_of(send(staff, path, "a.pdf", headers={"Content-Type": "text/plain"}))["code"] == "bad_request"
    assert send(staff, f"records/person/{made}/files", "a.pdf").status_code == 404
    assert send(staff, "records/organisation/files/title", "a.pdf").status_code == 404
    kept = send(staff, path, "Plan.pdf").get_json()["id"]
    add_role(klynge, "kun_personer", Grant(type_key="person", act="read"), Grant(type_key="@api", act="use"))
    add_role(klynge, "laeser", Grant(type_key="organisation", act="read"), Grant(type_key="@api", act="use"))
    blind, reader = Caller(klynge, "kun_personer"), Caller(klynge, "laeser")
    assert blind.get(path).status_code == blind.get(f"files/{kept}").status_code == send(blind, path, "a.pdf").status_code == 404
    assert (reader.get(f"files/{kept}").status_code, send(reader, path, "a.pdf").status_code) == (200, 403)
    assert send(Caller(klynge, "staff", "staff", scope="read"), path, "a.pdf").status_code == 403
