"""The tabs of a record, its quick view, its paper, and forms in dialogs: what each reads, and what each may show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from crm.kernel.i18n import N_
from crm.screens import panels
from crm.screens.panels import Panel
from crm.security.models import Grant
from tests.support.forms import token
from tests.support.people import add_role
from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, make_meeting, value_in, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge

SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


def test_a_tab_is_a_link_and_a_fragment(staff: Desk, sqlite_klynge: Klynge):
    board, _ = make_meeting(sqlite_klynge)
    page = staff.get(f"/r/{board}/styregruppen?tab=meeting.board")
    assert 'aria-current="page">Møder' in page.text
    fragment = staff.get(f"/r/{board}/tab/meeting.board", headers=SCRIPT)
    assert "<html" not in fragment.text
    assert "Styregruppemøde 1/2026" in fragment.text
    unknown = staff.get(f"/r/{board}/styregruppen?tab=nonsense")
    assert 'aria-current="page">Overblik' in unknown.text
    assert staff.get("/r/999999/tab/overview").status_code == 404


def test_a_panel_as_a_tab_is_read_only_when_it_is_opened(staff: Desk, sqlite_klynge: Klynge, monkeypatch: pytest.MonkeyPatch):
    read: list[int] = []

    def load(_uow: Any, row: Any) -> dict[str, Any]:
        read.append(row.id)
        return {}

    record = make(sqlite_klynge, "organisation", title="Havvind")
    monkeypatch.setattr(panels, "_panels", {panels.EVERYWHERE: {}})
    panel = Panel("extra", N_("Files"), "records/_value.html", load, tab=True, count=lambda _uow, _row: 7)
    monkeypatch.setitem(panels._panels[panels.EVERYWHERE], "extra", panel)
    assert "Filer" in words(staff.get(f"/r/{record}/havvind"))
    numbers = staff.get(f"/r/{record}/counts")
    assert 'id="tab-count-extra" hx-swap-oob="true">&nbsp;7</span>' in numbers.text
    assert read == []


def test_tabs_show_only_what_the_reader_may_see(app: Flask, sqlite_klynge: Klynge):
    person = make(sqlite_klynge, "person", given_name="Anne", family_name="Hemmelig")
    record = make(sqlite_klynge, "organisation", title="Havvind", note="Fortroligt")
    child = make(sqlite_klynge, "organisation", title="Barnet", parent=record)
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.link(person, "positions", record, role="Direktør")
    crm = Grant(type_key="@crm", act="use")
    read = Grant(type_key="organisation", act="read", read_fields=["title", "parent"])
    add_role(sqlite_klynge, "narrow", crm, read)
    narrow = desk(app, sqlite_klynge, "narrow")
    paths = ("x", "tab/person-positions-in", "counts", "peek", "print?timeline=1")
    for path in (f"/r/{record}/{one}" for one in paths):
        page = narrow.get(path, headers=SCRIPT if "peek" in path else {})
        assert page.status_code == 200
        for secret in ("Hemmelig", "Fortroligt", "Direktør", "Personer", "data-inline"):
            assert secret not in page.text, (path, secret)
    table = narrow.get(f"/r/{record}/tab/organisation.parent")
    assert "Barnet" in table.text
    assert f'data-id="{child}"' in table.text
    for offered in ("data-grid", "/new?"):
        assert offered not in table.text


def test_the_quick_view_shows_facts_to_edit_and_what_is_related_in_numbers(staff: Desk, sqlite_klynge: Klynge):
    board, meeting = make_meeting(sqlite_klynge)
    page = staff.get(f"/r/{board}/peek", headers=SCRIPT)
    assert "<html" not in page.text
    assert "Møder 1" in words(page)
    assert f'href="/r/{board}/field/meeting_name"' in page.text
    assert staff.get(f"/r/{meeting}/peek").headers["Location"].startswith(f"/r/{meeting}/")
    assert staff.get("/r/999999/peek", headers=SCRIPT).status_code == 404


def test_paper_holds_every_field_every_table_and_the_history_on_request(staff: Desk, sqlite_klynge: Klynge):
    board, _ = make_meeting(sqlite_klynge)
    for n in range(60):
        make(sqlite_klynge, "meeting", board=board, when={"start": f"2027-{n // 28 + 1:02}-{n % 28 + 1:02} 10:00"})
    page = staff.get(f"/r/{board}/print")
    assert page.text.count("<tr data-id=") == 61
    assert "data-inline" not in page.text
    assert "Oprettet Klynge (seed)" not in words(page)
    assert "Oprettet Klynge (seed)" in words(staff.get(f"/r/{board}/print?timeline=1"))


def test_a_form_in_a_dialog_makes_a_record_or_comes_back(staff: Desk, sqlite_klynge: Klynge):
    board, _ = make_meeting(sqlite_klynge)
    url = f"/t/meeting/new?board={board}&next=/r/{board}"
    form = staff.get(url, headers=SCRIPT)
    assert "<html" not in form.text
    assert value_in(form, "board") == str(board)
    assert f'action="/t/meeting/new?board={board}&amp;next=/r/{board}"' in form.text
    data = {"csrf_token": token(staff.client), "board": str(board), "when.start": "x"}
    refused = staff.client.post(url, data=data, headers=SCRIPT)
    assert (refused.status_code, value_in(refused, "when.start")) == (422, "x")
    made = staff.client.post(url, data={**data, "when.start": "20.1.2027", "when.start_time": "10.00"}, headers=SCRIPT).get_json()
    assert (made["title"], made["type"]) == ("Styregruppemøde 1/2027", "meeting")
    assert made["undo"].startswith("/acts/")


def test_an_edit_by_script_tells_how_the_record_looks(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    typed = {"csrf_token": token(staff.client), "title": "Havvind Nord", "city": "Ribe", "seen_version": "1"}
    facts = staff.client.post(f"/r/{record}/edit", data=typed, headers=SCRIPT).get_json()
    assert {"title", "city", "updated_at"} >= set(facts["fields"]) >= {"title", "city"}
    assert (facts["version"], facts["fields"]["city"]["cell"]) == (2, "Ribe")


def test_the_original_of_a_conflict_may_be_kept_on_the_form_too(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Esbjerg")
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(record, {"city": "Odense"})
    page = staff.post(f"/r/{record}/edit", title="Havvind", city="Ribe", seen_version="1")
    assert page.status_code == 409
    assert "Klynge (seed) gemte andre værdier" in words(page)
    again = {"seen_version": str(value_in(page, "seen_version")), "began": str(value_in(page, "began"))}
    kept = staff.post(f"/r/{record}/edit", title="Havvind", city="Ribe", **again, **{"keep.city": "original"})
    assert kept.status_code == 303
    with sqlite_klynge.works.reading(SEED) as uow:
        assert uow.records.values(record)["city"] == "Esbjerg"


def test_a_link_is_changed_with_role_period_and_note(staff: Desk, sqlite_klynge: Klynge):
    from crm.records.related import links

    person = make(sqlite_klynge, "person", given_name="Anne")
    office, other = (make(sqlite_klynge, "organisation", title=name) for name in ("Kontoret", "Andet"))
    with sqlite_klynge.works.writing(SEED) as uow:
        link = uow.records.link(person, "positions", office, role="Konsulent")
    values = {"direction": "out", "role": "Direktør", "from_on": "1.2.2024", "to_on": "", "note": "Ny"}
    refused = staff.post(f"/r/{person}/link/positions/{link}", **{**values, "from_on": "engang"})
    assert (refused.status_code, "er ikke en dato" in words(refused)) == (422, True)
    assert staff.post(f"/r/{other}/link/positions/{link}", **{**values, "direction": "in"}).status_code == 404
    back = f"/r/{office}/kontoret?tab=person-positions-in"
    answer = staff.post(f"/r/{office}/link/positions/{link}", **{**values, "direction": "in", "next": back})
    assert answer.headers["Location"] == back
    with sqlite_klynge.works.reading(SEED) as uow:
        (line,) = links(uow, person)
    assert (line.role, str(line.from_on), line.note) == ("Direktør", "2024-02-01", "Ny")


@pytest.mark.parametrize("path", ["x", "tab/meeting.board", "counts", "peek", "print?timeline=1"])
def test_the_number_of_questions_does_not_grow_with_what_is_shown(staff: Desk, sqlite_klynge: Klynge, path: str):
    board, _ = make_meeting(sqlite_klynge)
    where, headers = f"/r/{board}/{path}", SCRIPT if "peek" in path else {}

    def ask() -> int:
        with counting(sqlite_klynge.database) as asked:
            assert staff.get(where, headers=headers).status_code == 200
        return len(asked)

    for n in range(2):
        make(sqlite_klynge, "meeting", board=board, when={"start": f"2027-03-{n + 1:02} 10:00"})
    ask()
    few = ask()
    for n in range(12):
        make(sqlite_klynge, "meeting", board=board, when={"start": f"2027-04-{n + 1:02} 10:00"})
        with sqlite_klynge.works.writing(SEED) as uow:
            uow.records.update(board, {"place": f"Sal {n}"})
    assert ask() == few


def test_columns_of_a_related_table_are_chosen_for_oneself(app: Flask, staff: Desk, sqlite_klynge: Klynge):
    board, _ = make_meeting(sqlite_klynge)
    path = f"/r/{board}/styregruppen?tab=meeting.board"

    def shown(who: Desk) -> list[str]:
        return [part.split('"')[0] for part in who.get(path).text.split('<th scope="col" data-field="')[1:]]

    usual = shown(staff)
    assert usual[:2] == ["title", "when"]
    answer = staff.post(f"/r/{board}/columns/meeting.board", column=["number", "updated_at", "nonsense", "board"])
    assert answer.headers["Location"] == path
    assert shown(staff) == ["title", "updated_at", "number"]
    assert shown(desk(app, sqlite_klynge, "staff", "lone")) == usual
    staff.post(f"/r/{board}/columns/meeting.board")
    assert shown(staff) == usual
    assert staff.post(f"/r/{board}/columns/nonsense", column="x").status_code == 404


def test_fields_stand_under_their_headings_and_long_texts_last(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", kind="company", city="Ribe", note="Lang tekst")
    text = words(staff.get(f"/r/{record}/tab/overview"))
    places = [text.index(piece) for piece in ("Slags Virksomhed", "Kontakt By Ribe", "Bemærkning Lang tekst", "Vis tomme felter")]
    assert places == sorted(places)
    assert "facts-head" in staff.get(f"/r/{record}/edit").text
