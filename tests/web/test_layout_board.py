"""A list as a board: its columns and cards, what it asks of the database, who may move what, and what stands in the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, make_meeting, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


def columns(page: str) -> dict[str, list[str]]:
    """Give the names on the cards, by column."""
    parts = re.split(r'<section class="board-column" data-column="([^"]+)"', page)[1:]
    return {key: re.findall(r'class="card-name"[^>]*>([^<]+)<', body) for key, body in zip(parts[::2], parts[1::2], strict=True)}


def move(at: Desk, type_key: str, record_id: int, by: str, source: str, to: str, **more: Any) -> tuple[int, dict[str, Any]]:
    answer = at.post(f"/t/{type_key}/board/move", **{"id": record_id, "by": by, "from": source, "to": to, **more})
    return answer.status_code, answer.get_json()


def test_columns_stand_in_the_order_of_the_lifecycle_and_lead_to_their_records(staff: Desk):
    make(staff.klynge, "organisation", title="Havvind", city="Esbjerg")
    page = staff.get("/t/organisation?layout=board").text
    assert list(columns(page)) == ["active", "starting", "merged", "closed"]
    assert columns(page)["active"] == ["Havvind"]
    link = re.search(r'href="([^"]+)" id="board-count-active"', page)
    assert link is not None
    assert "Havvind" in words(staff.get(link[1].replace("&amp;", "&")))
    assert columns(staff.get("/t/organisation?layout=board&hide=1").text) == {"active": ["Havvind"]}


def test_a_board_by_a_choice_has_a_column_for_what_has_none_and_obeys_the_lists_filter(staff: Desk):
    make(staff.klynge, "organisation", title="Havvind Nord", kind="company")
    make(staff.klynge, "organisation", title="Havvind Syd")
    make(staff.klynge, "organisation", title="Bioenergi", kind="company")
    found = columns(staff.get("/t/organisation?layout=board&by=kind&q=havvind").text)
    assert found["company"] == ["Havvind Nord"]
    assert found["-"] == ["Havvind Syd"]
    assert all("Bioenergi" not in names for names in found.values())


def test_a_column_gives_its_first_cards_and_the_rest_on_demand(staff: Desk):
    for number in range(23):
        make(staff.klynge, "organisation", title=f"Klynge {number:02}")
    page = staff.get("/t/organisation?layout=board").text
    assert len(columns(page)["active"]) == 20
    more = re.search(r'hx-get="([^"]+)"[^>]*>[^<]*<svg[^>]*>.*?</svg>Vis flere', page)
    assert more is not None
    rest = staff.get(more[1].replace("&amp;", "&")).text
    assert re.findall(r'class="card-name"[^>]*>([^<]+)<', rest) == ["Klynge 20", "Klynge 21", "Klynge 22"]
    assert "Vis flere" not in rest
    numbers = staff.get("/t/organisation/board/numbers?layout=board&by=state").get_json()
    assert numbers == {"active": {"number": "23", "total": ""}}


def test_a_board_asks_the_same_of_the_database_however_many_cards_it_has(staff: Desk):
    def asked() -> int:
        with counting(staff.klynge.database) as statements:
            assert staff.get("/t/organisation?layout=board").status_code == 200
        return len(statements)

    make(staff.klynge, "organisation", title="Første", kind="company")
    asked()
    few = asked()
    for number in range(19):
        make(staff.klynge, "organisation", title=f"Klynge {number:02}", kind="company")
    assert asked() == few
    for number in range(19, 40):
        make(staff.klynge, "organisation", title=f"Klynge {number:02}", kind="company")
    assert asked() == few - 1  # the ids of columns with few cards are no longer asked for


def test_a_card_moves_by_the_step_of_the_lifecycle_and_the_way_back_is_offered(staff: Desk):
    one = make(staff.klynge, "organisation", title="Havvind")
    status, body = move(staff, "organisation", one, "state", "active", "closed", seen_version=1, query="layout=board&by=state")
    assert (status, body["to"], body["version"]) == (200, "closed", 3)  # the step, and the day it ended
    assert body["text"] == "”Havvind” er nu ”Ophørt”."
    assert body["undo_url"].startswith("/acts/")
    assert 'data-version="3"' in body["card"]


def test_a_guard_and_a_missing_step_refuse_with_the_reason(staff: Desk):
    _board, meeting = make_meeting(staff.klynge)
    status, body = move(staff, "meeting", meeting, "state", "draft", "held")
    assert (status, body["refused"]) == (422, "Intet trin fører fra ”Kladde” til ”Afholdt”.")
    status, body = move(staff, "meeting", meeting, "state", "draft", "assembled")
    assert status == 422
    assert "Samlet" in body["refused"]
    with staff.klynge.works.writing(SEED) as uow:
        uow.records.transition(meeting, "assemble")
    status, body = move(staff, "meeting", meeting, "state", "assembled", "for_approval")
    assert status == 422
    ways = staff.get(f"/t/meeting/board/ways?id={meeting}&by=state").get_json()
    blocked = next(way for way in ways["ways"] if way["to"] == "for_approval")
    assert body["refused"] in blocked["reasons"]
    with staff.klynge.works.reading(SEED) as uow:
        assert uow.records.values(meeting)["state"] == "assembled"


def test_a_card_moves_to_another_value_of_a_field_only_while_it_is_where_it_was_seen(staff: Desk):
    one = make(staff.klynge, "organisation", title="Havvind", kind="company")
    status, body = move(staff, "organisation", one, "kind", "company", "network", seen_version=1)
    assert (status, body["to"]) == (200, "network")
    status, body = move(staff, "organisation", one, "kind", "company", "partner", seen_version=1)
    assert (status, body["refused"]) == (409, "En anden har flyttet det videre i mellemtiden.")
    status, body = move(staff, "organisation", one, "kind", "network", "-", seen_version=2)
    assert (status, body["to"]) == (200, "-")
    assert move(staff, "organisation", one, "kind", "-", "nonsense")[0] == 422


def test_a_card_that_no_longer_fits_the_filter_says_so(staff: Desk):
    one = make(staff.klynge, "organisation", title="Havvind", kind="company")
    body = move(staff, "organisation", one, "state", "active", "closed", query="layout=board&by=state&state=active")[1]
    assert body["to"] is None
    assert body["text"].endswith("Det passer ikke længere til filteret.")


def test_the_owner_is_moved_too_and_one_has_a_column_of_ones_own(staff: Desk):
    one = make(staff.klynge, "organisation", title="Havvind")
    page = staff.get("/t/organisation?layout=board&by=owner").text
    assert columns(page) == {str(staff.user_id): [], "-": ["Havvind"]}
    status, body = move(staff, "organisation", one, "owner", "-", str(staff.user_id), seen_version=1)
    assert (status, body["to"]) == (200, str(staff.user_id))


def test_who_may_only_read_gets_a_board_without_handles_and_a_refusal(app: Flask, sqlite_klynge: Klynge):
    reader = desk(app, sqlite_klynge, "reader")
    one = make(sqlite_klynge, "organisation", title="Havvind", kind="company")
    page = reader.get("/t/organisation?layout=board").text
    assert columns(page)["active"] == ["Havvind"]
    assert "data-board=" not in page
    assert "data-ways-of" not in page
    assert move(reader, "organisation", one, "state", "active", "closed")[0] == 403
    assert move(reader, "organisation", one, "kind", "company", "network")[0] == 422
    assert reader.get(f"/t/organisation/board/ways?id={one}&by=state").get_json()["ways"] == []


def test_a_board_member_reaches_no_board_at_all(app: Flask, sqlite_klynge: Klynge):
    member = desk(app, sqlite_klynge, "board_member")
    for path in ("numbers", "cards?col=active", "ways?id=1&by=state"):
        assert member.get(f"/t/organisation/board/{path}").status_code == 403
