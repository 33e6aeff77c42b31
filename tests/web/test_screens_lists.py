"""The list of a type: what it shows, what its address says, and how many questions it asks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.people import add_user
from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, make_meeting, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


def make_many(klynge: Klynge, number: int) -> None:
    with klynge.works.writing(SEED) as uow:
        for n in range(number):
            uow.records.create("organisation", {"title": f"Klynge {n:03}", "kind": ("cluster", "company")[n % 2]})


def test_a_list_shows_its_columns_in_danish_order(staff: Desk, sqlite_klynge: Klynge):
    for name in ("Aabenraa Energi", "Østfyn", "Bits & Broer", "Ærø Klynge"):
        make(sqlite_klynge, "organisation", title=name)
    page = staff.get("/t/organisation")
    assert page.status_code == 200
    places = [page.text.index(name) for name in ("Bits &amp; Broer", "Ærø Klynge", "Østfyn", "Aabenraa Energi")]
    assert places == sorted(places)
    assert "Ny organisation" in page.text


def test_an_empty_list_says_what_to_do(staff: Desk):
    assert "Der er ingen organisationer endnu." in words(staff.get("/t/organisation"))
    assert 'href="/t/organisation/new"' in staff.get("/t/organisation").text


def test_a_reader_meets_no_button_that_would_refuse(app: Flask, sqlite_klynge: Klynge):
    reader = desk(app, sqlite_klynge, "reader")
    number = make(sqlite_klynge, "organisation", title="Havvind")
    assert "/new" not in reader.get("/t/organisation").text
    page = reader.get(f"/r/{number}/havvind")
    assert page.status_code == 200
    assert "/edit" not in page.text
    assert '/trash"' not in page.text.replace('href="/trash"', "")
    assert "/transition/" not in page.text
    assert reader.get(f"/r/{number}/edit").status_code == 403
    assert reader.get("/t/organisation/new").status_code == 403


def test_the_address_carries_filter_sort_and_place(staff: Desk, sqlite_klynge: Klynge):
    make_many(sqlite_klynge, 120)
    first = staff.get("/t/organisation?f.kind=company&sort=title&dir=desc")
    assert "Klynge 119" in first.text
    assert "Klynge 118" not in first.text
    following = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = staff.get(following)
    assert "Klynge 019" in second.text
    assert "Klynge 119" not in second.text
    back = second.text.split('rel="prev"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "Klynge 119" in staff.get(back).text


def test_the_count_names_the_records(staff: Desk, sqlite_klynge: Klynge):
    make_many(sqlite_klynge, 3)
    assert words(staff.get("/t/organisation/count")) == "3 organisationer"
    assert words(staff.get("/t/organisation/count?q=001")) == "1 organisation"


def test_a_changed_filter_gives_the_rows_and_the_address_of_the_page(staff: Desk, sqlite_klynge: Klynge):
    make_many(sqlite_klynge, 4)
    rows = staff.get("/t/organisation/rows?q=klynge&f.kind=company&state=&owner=")
    assert rows.headers["HX-Push-Url"] == "/t/organisation?q=klynge&f.kind=company"
    assert "Klynge 001" in rows.text
    assert "Klynge 000" not in rows.text
    assert "<html" not in rows.text


def test_a_list_can_be_narrowed_to_what_points_at_a_record(staff: Desk, sqlite_klynge: Klynge):
    board, _ = make_meeting(sqlite_klynge)
    other = make(sqlite_klynge, "board", title="Rådgivende udvalg", meeting_name="Udvalgsmøde")
    make(sqlite_klynge, "meeting", board=other, when={"start": "2027-01-20 10:00"})
    page = staff.get(f"/t/meeting?f.board={board}")
    assert "Styregruppemøde 1/2026" in page.text
    assert "Udvalgsmøde 1/2027" not in page.text
    assert "Udvalg er Styregruppen" in words(page)


@pytest.mark.parametrize(
    "query",
    ["sort=nonsense", "sort=note", "dir=sideways", "f.kind=nonsense", "f.nonsense=1", "colour=red", "state=nonsense", "owner=x"],
)
@pytest.mark.parametrize("fragment", ["", "/rows", "/count"])
def test_a_bad_address_is_refused_in_words(staff: Desk, query: str, fragment: str):
    page = staff.get(f"/t/organisation{fragment}?{query}")
    if fragment == "/count" and query.startswith(("sort", "dir=nonsense")):
        return  # a count has no order
    assert page.status_code == 400
    assert "Adressen beder om noget" in words(page)
    assert "/t/organisation" in page.text


def test_an_old_place_in_the_list_starts_anew_and_says_so(staff: Desk, sqlite_klynge: Klynge):
    make_many(sqlite_klynge, 3)
    page = staff.get("/t/organisation?after=bm9uc2Vuc2U")
    assert page.status_code == 200
    assert "Listen er ændret siden" in words(page)
    assert "Klynge 000" in page.text


def test_an_unknown_type_is_not_found(staff: Desk):
    assert staff.get("/t/nonsense").status_code == 404
    assert staff.get("/t/nonsense/new").status_code == 404


def test_the_number_of_questions_does_not_grow_with_the_rows(staff: Desk, sqlite_klynge: Klynge):
    board, _ = make_meeting(sqlite_klynge)
    for path, type_key, values in (
        ("/t/organisation", "organisation", {"title": "Klynge"}),
        ("/t/meeting", "meeting", {"board": board, "when": {"start": "2027-02-01 10:00"}}),
    ):
        make(sqlite_klynge, type_key, **values)
        staff.get(path)
        with counting(sqlite_klynge.database) as few:
            staff.get(path)
        for _ in range(20):
            make(sqlite_klynge, type_key, **values)
        with counting(sqlite_klynge.database) as many:
            staff.get(path)
        assert len(many) == len(few), f"{path}: {many}"
        assert len(many) <= 6


def test_the_picker_finds_by_the_beginning_of_words(staff: Desk, sqlite_klynge: Klynge):
    for name in ("Grøn Energi Nord", "Nordisk Byg", "Havvind"):
        make(sqlite_klynge, "organisation", title=name)
    found = json.loads(staff.get("/t/organisation/pick?q=nord").text)["results"]
    assert [item["title"] for item in found] == ["Grøn Energi Nord", "Nordisk Byg"]
    assert staff.get("/t/nonsense/pick?q=x").status_code == 404


def test_search_goes_through_all_types(staff: Desk, sqlite_klynge: Klynge):
    make(sqlite_klynge, "organisation", title="Energi Fyn")
    make(sqlite_klynge, "person", given_name="Enok", family_name="Energisen")
    page = words(staff.get("/search?q=energi"))
    assert "Energi Fyn" in page
    assert "Enok Energisen" in page
    assert "Intet fundet." in words(staff.get("/search?q=zzz"))
    assert staff.get("/search").status_code == 200


def test_home_greets_and_shows_what_waits(app: Flask, sqlite_klynge: Klynge):
    person = make(sqlite_klynge, "person", given_name="Mette", family_name="Krog")
    add_user(sqlite_klynge, "staff", "mette", person_id=person)
    mette = desk(app, sqlite_klynge, "staff", "mette")
    _, meeting = make_meeting(sqlite_klynge)
    make(sqlite_klynge, "follow_up", title="Send notat", meeting=meeting, responsible=person, due="2026-11-20")
    page = mette.get("/")
    assert "Godmorgen, Mette" in words(page)
    assert "Styregruppemøde 1/2026 er om 23 dage." in words(page)
    make(sqlite_klynge, "agenda_item", title="Budget", meeting=meeting, item_type="decision")
    assert "Styregruppemøde 1/2026 er om 23 dage – 1 punkt mangler tekst." in words(mette.get("/"))
    assert "Styregruppemøde 1/2026" in page.text
    assert "Send notat" in page.text
    assert json.loads(mette.get("/nav/counts").headers["HX-Trigger"]) == {"klynge:counts": {"mine": 1, "bell": 0}}
    assert mette.get("/mine").headers["Location"] == "/tasks/mine"


def test_a_board_member_is_sent_to_the_portal(app: Flask, sqlite_klynge: Klynge):
    member = desk(app, sqlite_klynge, "board_member")
    assert member.get("/").headers["Location"] == "/b/"
    assert member.get("/t/organisation").status_code == 403


def test_static_files_are_kept_for_a_year_under_their_digest_only(staff: Desk):
    page = staff.get("/t/organisation").text
    path = page.split('href="/assets/')[1].split('"')[0]
    with staff.get(f"/assets/{path}") as named:
        assert "immutable" in named.headers["Cache-Control"]
    with staff.get("/assets/000000000000/klynge.css") as old:
        assert old.status_code == 200
        assert old.headers["Cache-Control"] == "no-cache"
    assert staff.get("/assets/000000000000/../theme.py").status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/t/meeting", "/t/meeting/new", "/t/follow_up", "/r/{meeting}", "/r/{meeting}/edit", "/trash", "/search"]
)
def test_the_pages_speak_english_without_a_danish_word(app: Flask, sqlite_klynge: Klynge, path: str):
    add_user(sqlite_klynge, "staff", "kate", locale="en")
    kate = desk(app, sqlite_klynge, "staff", "kate")
    board = make(sqlite_klynge, "board", title="Steering group", kind="steering", meeting_name="Steering group meeting")
    meeting = make(sqlite_klynge, "meeting", board=board, when={"start": "2026-12-24 10:00"}, place="Odense")
    page = kate.get(path.format(meeting=meeting))
    assert page.status_code == 200
    assert 'lang="en"' in page.text
    shown = words(page).replace("Kate Prøve", "")
    assert [sign for sign in "æøåÆØÅ" if sign in shown] == []
    assert "Gem" not in shown.split()
