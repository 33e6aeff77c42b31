"""Forms made from a type's fields: nothing typed is lost, and two people never overwrite each other unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.screens import SEED, Desk, desk, make, make_meeting, value_in, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


def stored(klynge: Klynge, record_id: int) -> dict[str, object]:
    with klynge.works.reading(SEED) as uow:
        return uow.records.values(record_id)


def test_a_record_is_made_and_shown(staff: Desk, sqlite_klynge: Klynge):
    answer = staff.post("/t/organisation/new", title="Grøn Energi Nord", kind="cluster", website="groen.example.dk")
    assert answer.status_code == 303
    page = staff.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "”Grøn Energi Nord” er gemt." in words(page)
    assert 'href="https://groen.example.dk"' in page.text
    record_id = int(answer.headers["Location"].split("/")[2])
    assert stored(sqlite_klynge, record_id)["owner"] == staff.user_id


def test_a_refused_form_keeps_everything_that_was_typed(staff: Desk):
    typed = {"title": "", "kind": "company", "city": "Ærøskøbing", "website": "javascript:alert(1)", "note": "To\nlinjer <b>"}
    page = staff.post("/t/organisation/new", **typed)
    assert page.status_code == 422
    for name, value in typed.items():
        assert value_in(page, name) == value
    assert "Et link kan kun være en webadresse" in words(page)
    assert "”Navn” skal udfyldes" in words(page)
    assert 'aria-invalid="true"' in page.text
    assert 'href="#field-website"' in page.text


def test_dates_numbers_and_relations_are_kept_as_typed_too(staff: Desk, sqlite_klynge: Klynge):
    board, _ = make_meeting(sqlite_klynge)
    typed = {
        "board": str(board),
        "when.start": "31.02.2027",
        "when.start_time": "ti",
        "when.end": "",
        "when.end_time": "14",
        "number": "et",
    }
    page = staff.post("/t/meeting/new", **typed)
    assert page.status_code == 422
    for name, value in typed.items():
        assert value_in(page, name) == value
    assert ">Styregruppen</option>" in page.text


def test_the_problems_of_a_whole_record_stand_above_the_form(staff: Desk, sqlite_klynge: Klynge):
    page = staff.post("/t/follow_up/new", title="Send notat", **{"due.start": "i overmorgen"})
    assert page.status_code == 422
    assert "Det er ikke gemt endnu." in words(page)
    assert value_in(page, "title") == "Send notat"


def test_a_new_record_can_be_filled_in_by_its_address_and_leads_back(staff: Desk, sqlite_klynge: Klynge):
    _, meeting = make_meeting(sqlite_klynge)
    page = staff.get(f"/t/agenda_item/new?meeting={meeting}&next=/r/{meeting}/x")
    assert value_in(page, "meeting") == str(meeting)
    assert "Styregruppemøde 1/2026</option>" in page.text
    answer = staff.post("/t/agenda_item/new", title="Velkomst", meeting=str(meeting), item_type="decision", next=f"/r/{meeting}/x")
    assert answer.headers["Location"] == f"/r/{meeting}/x"
    foreign = staff.post(
        "/t/agenda_item/new", title="Punkt", meeting=str(meeting), item_type="decision", next="https://evil.example/"
    )
    assert foreign.headers["Location"].startswith("/r/")


def test_an_edit_shows_days_and_times_as_danes_write_them(staff: Desk, sqlite_klynge: Klynge):
    _, meeting = make_meeting(sqlite_klynge)
    page = staff.get(f"/r/{meeting}/edit")
    assert value_in(page, "when.start") == "24.12.2026"
    assert value_in(page, "when.start_time") == "10.00"
    assert value_in(page, "when.end_time") == "14.00"


def edit_values(page_text: str, **changed: str) -> dict[str, str]:
    names = ("title", "kind", "cvr", "street", "postcode", "city", "municipality", "website", "email", "phone", "note", "parent")
    return {**dict.fromkeys(names, ""), **changed}


def test_different_fields_merge_without_a_word(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Esbjerg", street="72317901")
    seen = value_in(staff.get(f"/r/{record}/edit"), "seen_version")
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(record, {"city": "Odense"})
    values = edit_values("", title="Havvind Syd", city="Esbjerg", street="72317901", seen_version=str(seen))
    assert staff.post(f"/r/{record}/edit", **values).status_code == 303
    now = stored(sqlite_klynge, record)
    assert (now["title"], now["city"], now["street"]) == ("Havvind Syd", "Odense", "72317901")


def test_a_conflict_shows_mine_theirs_and_the_original_and_keeps_both(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind", city="Esbjerg", street="72317901")
    seen = str(value_in(staff.get(f"/r/{record}/edit"), "seen_version"))
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(record, {"title": "Havvind Nord", "street": "72317902"})
    mine = edit_values("", title="Havvind Syd", city="Ribe", street="72317901", seen_version=seen)
    page = staff.post(f"/r/{record}/edit", **mine)
    assert page.status_code == 409
    assert "Rettet samtidig" in words(page)
    for text in ("Havvind Syd", "Havvind Nord", "Da du begyndte"):
        assert text in words(page)
    assert value_in(page, "title") == "Havvind Syd"
    assert value_in(page, "city") == "Ribe"
    # What the other changed and I did not touch is taken over: else my next save would undo it.
    assert value_in(page, "street") == "72317902"
    assert stored(sqlite_klynge, record)["title"] == "Havvind Nord"

    again = {**mine, "street": "72317902", "seen_version": str(value_in(page, "seen_version"))}
    theirs = staff.post(f"/r/{record}/edit", **again, **{"keep.title": "theirs"})
    assert theirs.status_code == 303
    now = stored(sqlite_klynge, record)
    assert (now["title"], now["city"], now["street"]) == ("Havvind Nord", "Ribe", "72317902")


def test_keeping_mine_in_a_conflict_writes_mine(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(record, {"title": "Havvind Nord"})
    page = staff.post(f"/r/{record}/edit", **edit_values("", title="Havvind Syd", seen_version="1"))
    assert page.status_code == 409
    values = edit_values("", title="Havvind Syd", seen_version=str(value_in(page, "seen_version")))
    assert staff.post(f"/r/{record}/edit", **values, **{"keep.title": "mine"}).status_code == 303
    assert stored(sqlite_klynge, record)["title"] == "Havvind Syd"


def test_saving_nothing_new_says_so(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    answer = staff.post(f"/r/{record}/edit", **edit_values("", title="Havvind", seen_version="1"))
    assert "Intet er ændret." in words(staff.get(answer.headers["Location"]))
    assert stored(sqlite_klynge, record)["version"] == 1


def test_a_form_of_a_record_that_may_not_be_seen_is_not_found(staff: Desk):
    assert staff.get("/r/999999/edit").status_code == 404
    assert staff.post("/r/999999/edit", title="x").status_code == 404
