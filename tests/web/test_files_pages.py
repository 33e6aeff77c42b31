"""Files over HTTP: sent with and without a script, given as downloads that can do nothing, and only to those who may."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.models import StoredFile
from crm.security.models import Grant
from tests.support.forms import token
from tests.support.people import add_role
from tests.support.records import SYSTEM
from tests.support.screens import Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge

PDF = b"%PDF-1.7 plan"
SCRIPT = {"Accept": "application/json"}
HOSTILE = [
    ("x.html", b"<script>alert(1)</script>"),
    ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("x.pdf", b"<script>alert(1)</script>"),
    ("x.png", b"<svg onload=alert(1)>"),
    ("x.js", b"alert(1)"),
    ("x.exe", b"MZ"),
    ("x.pdf.html", PDF),
    ("..", PDF),
    ("x.pdf", b""),
]


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


@pytest.fixture
def havnen(sqlite_klynge: Klynge) -> int:
    return make(sqlite_klynge, "organisation", title="Havnen")


def send(person: Desk, path: str, *files: tuple[str, bytes], headers: dict[str, str] | None = None, **more: str) -> Any:
    data = {"csrf_token": token(person.client, "/login/link"), "file": [(BytesIO(body), name) for name, body in files], **more}
    return person.client.post(path, data=data, headers=headers or {})


def ids(klynge: Klynge) -> list[int]:
    with klynge.database.reading() as session:
        return list(session.scalars(select(StoredFile.id).order_by(StoredFile.id)))


def test_files_are_sent_without_a_script_and_listed_on_their_tab(staff: Desk, havnen: int, sqlite_klynge: Klynge) -> None:
    answer = send(staff, f"/r/{havnen}/files", ("Plan.pdf", PDF), ("Foto.exe", b"MZ"))
    assert answer.headers["Location"].endswith("?tab=files")
    page = staff.get(answer.headers["Location"])
    assert "Plan.pdf" in words(page)
    assert "kan ikke lægges ind" in words(page)
    assert len(ids(sqlite_klynge)) == 1


def test_a_script_is_told_of_each_file_and_a_drop_of_many_is_one_act(staff: Desk, havnen: int, sqlite_klynge: Klynge) -> None:
    first = send(staff, f"/r/{havnen}/files", ("A.pdf", PDF), headers=SCRIPT).get_json()
    second = send(staff, f"/r/{havnen}/files", ("B.pdf", PDF + b"2"), headers=SCRIPT, act=first["act"]).get_json()
    assert first["act"] == second["act"]
    refused = send(staff, f"/r/{havnen}/files", ("C.exe", b"MZ"), headers=SCRIPT)
    assert refused.status_code == 422
    assert refused.get_json()["refused"][0]["message"].startswith("”C.exe” kan ikke lægges ind")
    staff.post(second["undo"])
    assert "A.pdf" not in words(staff.get(f"/r/{havnen}/files", headers={"HX-Request": "true"}))
    assert "B.pdf" not in words(staff.get(f"/r/{havnen}/files", headers={"HX-Request": "true"}))


def test_an_act_of_somebody_else_is_not_gone_on_with(app: Flask, staff: Desk, havnen: int, sqlite_klynge: Klynge) -> None:
    mine = send(staff, f"/r/{havnen}/files", ("A.pdf", PDF), headers=SCRIPT).get_json()["act"]
    other = desk(app, sqlite_klynge, "staff", "bo")
    assert send(other, f"/r/{havnen}/files", ("B.pdf", PDF), headers=SCRIPT, act=mine).get_json()["act"] != mine


@pytest.mark.parametrize(("name", "content"), HOSTILE)
def test_what_could_do_harm_is_not_kept(staff: Desk, havnen: int, sqlite_klynge: Klynge, name: str, content: bytes) -> None:
    assert send(staff, f"/r/{havnen}/files", (name, content), headers=SCRIPT).status_code == 422
    assert ids(sqlite_klynge) == []


def test_every_file_is_given_as_a_download_that_can_do_nothing(staff: Desk, havnen: int, sqlite_klynge: Klynge) -> None:
    page = b"<!doctype html><script>alert(1)</script>"
    send(staff, f"/r/{havnen}/files", ("Plan.pdf", PDF), ("side.txt", page), ("Ærø; \u202eexe.csv", b"a;b"))
    for file_id in ids(sqlite_klynge):
        answer = staff.get(f"/files/{file_id}")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Content-Type"].split(";")[0] in {"application/pdf", "text/plain", "text/csv"}
        assert "private" in answer.headers["Cache-Control"] or "no-" in answer.headers["Cache-Control"]
    shown = staff.get(f"/files/{ids(sqlite_klynge)[1]}/view")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown.text
    assert "<script>alert" not in shown.text


def test_a_file_is_there_for_those_who_may_see_its_record_alone(
    app: Flask, staff: Desk, havnen: int, sqlite_klynge: Klynge
) -> None:
    send(staff, f"/r/{havnen}/files", ("Plan.pdf", PDF))
    (file_id,) = ids(sqlite_klynge)
    add_role(sqlite_klynge, "kun_personer", Grant(type_key="person", act="read"), Grant(type_key="@crm", act="use"))
    add_role(sqlite_klynge, "laeser", Grant(type_key="organisation", act="read"), Grant(type_key="@crm", act="use"))
    blind, reader = desk(app, sqlite_klynge, "kun_personer"), desk(app, sqlite_klynge, "laeser")
    member = desk(app, sqlite_klynge, "board_member")
    for path in (f"/files/{file_id}", f"/files/{file_id}/view", f"/files/{file_id}/latest", f"/r/{havnen}/files"):
        assert blind.get(path).status_code == 404, path
        assert member.get(path).status_code == 403, path
        assert app.test_client().get(path).status_code in {302, 303, 401}, path
        assert reader.get(path).status_code in {200, 302, 303}, path
    for act in ("delete", "describe", "version"):
        assert reader.post(f"/files/{file_id}/{act}", name="x").status_code in {403, 404}, act
        assert blind.post(f"/files/{file_id}/{act}", name="x").status_code == 404, act
    assert send(reader, f"/r/{havnen}/files", ("B.pdf", PDF)).status_code == 403
    staff.post(f"/r/{havnen}/trash")
    assert staff.get(f"/files/{file_id}").status_code == 404


@pytest.fixture
def with_field(sqlite_klynge: Klynge, staff: Desk) -> Desk:
    with sqlite_klynge.works.writing(SYSTEM, publishing=True) as uow:
        config = {"types": ["pdf", "image"], "max": 2}
        add_field(uow, "organisation", "aftaler", "file", Label(da="Aftaler"), config=config)
    return staff


def test_a_file_waits_for_its_record_and_is_seen_by_its_sender_alone(app: Flask, with_field: Desk, sqlite_klynge: Klynge) -> None:
    sent = send(with_field, "/t/organisation/files/aftaler", ("Aftale.pdf", PDF), headers=SCRIPT).get_json()["files"][0]
    other = desk(app, sqlite_klynge, "staff", "bo")
    assert with_field.get(f"/files/{sent['id']}").status_code == 200
    assert other.get(f"/files/{sent['id']}").status_code == 404
    stolen = other.post("/t/organisation/new", title="Tyven", aftaler=f"{sent['id']}/x.pdf")
    assert stolen.status_code == 422
    assert "kan ikke bruges i dette felt" in words(stolen)
    made = with_field.post("/t/organisation/new", title="Havnen", aftaler=f"{sent['id']}/lyver.exe")
    assert made.status_code == 303
    page = with_field.get(made.headers["Location"])
    assert "Aftale.pdf" in words(page)
    assert "lyver" not in words(page)
    assert other.get(f"/files/{sent['id']}").status_code == 200  # it follows its record now
    assert send(with_field, "/t/organisation/files/aftaler", ("notat.txt", b"x"), headers=SCRIPT).status_code == 422


def test_a_file_comes_with_the_form_without_a_script_and_a_refused_form_holds_it(with_field: Desk, sqlite_klynge: Klynge) -> None:
    def post(**values: Any) -> Any:
        data = {"csrf_token": token(with_field.client, "/login/link"), "aftaler": "", **values}
        return with_field.client.post("/t/organisation/new", data=data)

    refused = post(title="", **{"aftaler.sent": (BytesIO(PDF), "Aftale.pdf")})
    assert refused.status_code == 422
    (file_id,) = ids(sqlite_klynge)
    assert f'value="{file_id}/Aftale.pdf"' in refused.text
    wrong = post(title="Havnen", aftaler=f"{file_id}/Aftale.pdf", **{"aftaler.sent": (BytesIO(b"MZ"), "x.exe")})
    assert wrong.status_code == 422
    assert "kan ikke lægges ind" in words(wrong)
    made = post(title="Havnen", aftaler=f"{file_id}/Aftale.pdf")
    assert made.status_code == 303
    record_id = int(made.headers["Location"].split("/")[2])
    page = with_field.get(f"/r/{record_id}/edit")
    assert 'enctype="multipart/form-data"' in page.text
    out = with_field.post(
        f"/r/{record_id}/edit", title="Havnen", aftaler=f"{file_id}/Aftale.pdf", **{"aftaler.drop": f"{file_id}/Aftale.pdf"}
    )
    assert out.status_code == 303
    with sqlite_klynge.works.reading(SYSTEM) as uow:
        assert uow.records.values(record_id)["aftaler"] is None
