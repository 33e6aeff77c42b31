"""Duplicates on screen and in the API: the queue, records side by side, one made of two, addresses that lead on, and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm.records.merge import MatchFollower
from tests.support.api import Caller, error_of
from tests.support.screens import SEED, Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


@pytest.fixture
def pair(sqlite_klynge: Klynge) -> tuple[int, int]:
    bak = make(sqlite_klynge, "person", given_name="Jens", family_name="Bak", email="jens@havn.dk")
    back = make(sqlite_klynge, "person", given_name="Jens", family_name="Back", email="jb@havn.dk", phone="33 11 22 33")
    MatchFollower(sqlite_klynge.works).turn()
    return bak, back


def test_the_queue_names_pairs_why_and_how_likely_and_forgets_those_that_are_two(staff: Desk, pair: tuple[int, int]):
    bak, back = pair
    assert "/duplicates/person" in staff.get("/t/person").text
    page = staff.get("/duplicates/person")
    assert "Jens Bak Jens Back navnet lyder ens, samme maildomæne 80 %" in words(page)
    assert f"/r/{bak}/merge?with={back}" in page.text
    assert staff.post("/duplicates/person/apart", first=bak, second=back).status_code == 303
    assert "Der er ikke fundet dubletter." in words(staff.get("/duplicates/person"))


def test_a_form_says_what_the_new_one_looks_like_and_saves_all_the_same(staff: Desk, pair: tuple[int, int]):
    answer = staff.post("/t/person/similar", given_name="Jens", family_name="Bakk", **{"email.0.value": "jbakk@havn.dk"})
    assert answer.status_code == 200
    assert "Ligner Jens Bak" in words(answer)
    assert "Ligner" not in words(staff.post("/t/person/similar", given_name="Ole", family_name="Lind"))
    saved = staff.post("/t/person/new", given_name="Jens", family_name="Bak")
    assert saved.status_code == 303


def test_two_are_compared_merged_and_parted_again(staff: Desk, pair: tuple[int, int]):
    bak, back = pair
    assert "Jens Back" in words(staff.get(f"/r/{bak}/merge"))
    page = staff.get(f"/r/{bak}/merge?with={back}")
    assert "Gør 2 til én" in words(page)
    assert 'name="pick.family_name"' in page.text
    assert 'name="pick.given_name"' not in page.text
    chosen = {"with": back, "survivor": bak, "pick.family_name": back, "pick.email": "all", f"v.{bak}": 1, f"v.{back}": 1}
    assert staff.post(f"/r/{bak}/merge", **chosen).headers["Location"] == f"/r/{bak}/jens-back"
    told = staff.get(f"/r/{bak}")
    assert "2 er nu flettet til én: ”Jens Back”." in words(told)
    with staff.klynge.works.reading(SEED) as uow:
        assert [one.address for one in uow.records.values(bak)["email"]] == ["jens@havn.dk", "jb@havn.dk"]
    for path, target in (
        (f"/r/{back}", f"/r/{bak}"),
        (f"/r/{back}/jens-back", f"/r/{bak}/jens-back"),
        (f"/r/{back}/edit?next=/", f"/r/{bak}/edit?next=/"),
    ):
        answer = staff.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, target)
    assert f"/r/{bak}/merged" in staff.get(f"/r/{bak}").text or "Det, der blev flettet ind" in staff.get(f"/r/{bak}/timeline").text
    assert "Jens Back" in words(staff.get(f"/r/{bak}/merged"))
    assert "Jens Back" not in words(staff.get("/trash"))
    undo = next(part for part in told.text.split('"') if part.startswith("/acts/") and part.endswith("/undo"))
    assert staff.post(undo).status_code in {302, 303}
    assert "Jens Back" in words(staff.get(f"/r/{back}"))
    assert "Jens Bak" in words(staff.get(f"/r/{bak}"))


def test_a_refused_merge_keeps_what_was_chosen(staff: Desk, pair: tuple[int, int]):
    bak, back = pair
    with staff.klynge.works.writing(SEED) as uow:
        uow.records.update(back, {"note": "Ringer aldrig."})
    answer = staff.post(f"/r/{bak}/merge", **{"with": back, "survivor": back, "pick.family_name": bak, f"v.{back}": 1})
    assert answer.status_code == 422
    assert "”Jens Back” er ændret i mellemtiden." in words(answer)
    assert f'name="pick.family_name" value="{bak}" checked' in answer.text
    assert f'name="survivor" value="{back}" checked' in answer.text


def test_who_may_not_change_and_delete_is_not_offered_it(app: Flask, sqlite_klynge: Klynge, pair: tuple[int, int]):
    bak, back = pair
    reader = desk(app, sqlite_klynge, "reader")
    assert "merge" not in reader.get(f"/r/{bak}").text
    assert "/duplicates/person" not in reader.get("/t/person").text
    assert f"/r/{bak}/merge" not in reader.get("/duplicates/person").text
    assert reader.get(f"/r/{bak}/merge?with={back}").status_code == 403
    assert reader.post(f"/r/{bak}/merge", **{"with": back, "survivor": bak}).status_code == 403
    member = desk(app, sqlite_klynge, "board_member")
    assert member.get("/duplicates/person").status_code == 403


def test_only_what_can_be_merged_has_the_pages(staff: Desk, pair: tuple[int, int]):
    board = make(staff.klynge, "board", title="Styregruppen", kind="steering", meeting_name="Møde")
    assert staff.get("/duplicates/board").status_code == 404
    assert staff.get(f"/r/{board}/merge").status_code == 403
    assert staff.get(f"/r/{pair[0]}/merge?with={board}").status_code == 422
    assert staff.get(f"/r/{pair[0]}/merge?with=x").status_code == 422


def test_programs_merge_many_and_are_told_of_each(sqlite_klynge: Klynge, pair: tuple[int, int]):
    bak, back = pair
    caller = Caller(sqlite_klynge, "staff")
    found = caller.get("records/person/duplicates").get_json()
    assert [(item["ids"], item["score"]) for item in found["items"]] == [([bak, back], 80)]
    order = {"merges": [{"survivor": bak, "others": [back], "values": {"family_name": back}}, {"survivor": bak, "others": [999]}]}
    body = caller.post("records/person/merge", order).get_json()
    assert body["merged"] == 1
    assert body["results"][0]["act"]
    assert body["results"][1]["error"]["code"] == "not_found"
    moved = caller.get(f"records/person/{back}")
    assert (moved.status_code, moved.get_json()["merged_into"]) == (301, bak)
    assert moved.headers["Location"] == f"/api/v1/records/person/{bak}"
    assert error_of(caller.patch(f"records/person/{back}", {"note": "x"}))["code"] in {"merged", "not_found"}
    for bad in (
        {"merges": []},
        {"merges": [{"survivor": "x", "others": [1]}]},
        {"merges": [{"survivor": 1, "others": [2], "who": 3}]},
    ):
        assert caller.post("records/person/merge", bad).status_code == 400
    assert Caller(sqlite_klynge, "reader").post("records/person/merge", order).status_code in {403, 401}
