"""A list as a calendar: office time over changes of the clocks, last days that belong to their ranges, filters, rights, moves."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


@pytest.fixture
def board(staff: Desk) -> int:
    return make(staff.klynge, "board", title="Styregruppen", kind="steering", meeting_name="Møde")


def meeting(at: Desk, board: int, start: str, end: str | None = None, **more: Any) -> int:
    return make(at.klynge, "meeting", board=board, when={"start": start, "end": end}, **more)


def mandate(at: Desk, board: int, start: str, end: str | None) -> int:
    person = make(at.klynge, "person", given_name="Anne", family_name="Holm")
    return make(at.klynge, "mandate", board=board, person=person, period={"start": start, "end": end})


def events(at: Desk, type_key: str, first: str, after: str, query: str = "") -> list[dict[str, Any]]:
    answer = at.get(f"/t/{type_key}/calendar/events?from={first}&to={after}{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["events"]
    return found


def move(at: Desk, type_key: str, record_id: int, by: str, start: str, end: str | None = None, **more: Any) -> tuple[int, Any]:
    values = {"id": record_id, "by": by, "start": start, **({} if end is None else {"end": end}), **more}
    answer = at.post(f"/t/{type_key}/calendar/move", **values)
    return answer.status_code, answer.get_json()


def stored(at: Desk, record_id: int, name: str) -> Any:
    with at.klynge.works.reading(SEED) as uow:
        return uow.records.values(record_id)[name]


def test_times_are_the_offices_on_both_sides_of_a_change_of_the_clocks(staff: Desk, board: int):
    meeting(staff, board, "2026-10-23 10:00", "2026-10-23 12:00")
    meeting(staff, board, "2026-10-26 10:00", "2026-10-26 12:00")
    found = events(staff, "meeting", "2026-10-19", "2026-11-02")
    assert [(one["start"], one["end"], one["allDay"]) for one in found] == [
        ("2026-10-23T10:00:00", "2026-10-23T12:00:00", False),
        ("2026-10-26T10:00:00", "2026-10-26T12:00:00", False),
    ]


def test_what_is_moved_over_a_change_of_the_clocks_keeps_its_time_of_day(staff: Desk, board: int):
    one = meeting(staff, board, "2026-10-23 10:00", "2026-10-23 12:00")
    status, body = move(staff, "meeting", one, "when", "2026-10-26T10:00:00", "2026-10-26T12:00:00", seen_version=1)
    assert (status, body["version"], body["undo_url"].split("/")[1]) == (200, 2, "acts")
    assert body["text"] == "”Møde 1/2026” er nu 26.10.2026 kl.\u00a010.00–12.00."
    assert stored(staff, one, "when").start.isoformat() == "2026-10-26T09:00:00+00:00"


def test_the_last_day_of_a_range_belongs_to_it(staff: Desk, board: int):
    one = mandate(staff, board, "2026-12-01", "2026-12-04")
    drawn = events(staff, "mandate", "2026-12-01", "2026-12-08")[0]
    assert (drawn["start"], drawn["end"], drawn["allDay"]) == ("2026-12-01", "2026-12-05", True)
    assert [event["id"] for event in events(staff, "mandate", "2026-12-04", "2026-12-05")] == [str(one)]
    assert events(staff, "mandate", "2026-12-05", "2026-12-06") == []
    assert move(staff, "mandate", one, "period", "2026-12-02", "2026-12-06")[0] == 200
    assert [day.isoformat() for day in (stored(staff, one, "period").start, stored(staff, one, "period").end)] == [
        "2026-12-02",
        "2026-12-05",
    ]


def test_a_range_begun_long_before_is_seen_on_each_of_its_days(staff: Desk, board: int):
    one = mandate(staff, board, "2022-01-01", "2027-12-31")
    assert [event["id"] for event in events(staff, "mandate", "2026-12-07", "2026-12-14")] == [str(one)]


def test_a_day_alone_stays_one_when_it_is_moved(staff: Desk, board: int):
    one = meeting(staff, board, "2026-12-10 10:00")
    follow_up = make(staff.klynge, "follow_up", title="Send notat", meeting=one, due="2026-12-01")
    status, body = move(staff, "follow_up", follow_up, "due", "2026-12-03", "2026-12-04")
    assert (status, body["text"]) == (200, "”Send notat” er nu 03.12.2026.")
    assert stored(staff, follow_up, "due").start.isoformat() == "2026-12-03"


def test_a_calendar_shows_what_the_lists_filter_lets_through(staff: Desk, board: int):
    meeting(staff, board, "2026-12-10 10:00", place="Odense")
    meeting(staff, board, "2026-12-11 10:00", place="Aarhus")
    where = json.dumps({"field": "place", "op": "is", "value": "Odense"})
    page = staff.get(f"/t/meeting?layout=calendar&where={where}").text
    settings = json.loads(unescape(re.search(r"data-calendar='([^']+)'", page)[1]))
    answer = staff.get(f"{settings['events']}&from=2026-12-01&to=2027-01-01")
    assert [event["start"] for event in answer.get_json()["events"]] == ["2026-12-10T10:00:00"]


def test_a_calendar_asks_the_same_of_the_database_however_much_it_shows(staff: Desk, board: int):
    def asked() -> int:
        with counting(staff.klynge.database) as statements:
            events(staff, "meeting", "2026-12-01", "2027-01-01")
        return len(statements)

    meeting(staff, board, "2026-12-10 10:00")
    asked()
    few = asked()
    for day in range(11, 28):
        meeting(staff, board, f"2026-12-{day} 10:00")
    assert asked() == few


def test_a_refusal_of_the_field_the_type_or_another_writer_says_why(staff: Desk, board: int):
    one = meeting(staff, board, "2026-12-10 10:00", "2026-12-10 12:00")
    assert move(staff, "meeting", one, "when", "2026-12-11")[1] == {"refused": "Skriv også et klokkeslæt."}
    assert move(staff, "meeting", one, "when", "i morgen")[0] == 422
    with staff.klynge.works.writing(SEED) as uow:
        uow.records.update(one, {"when": {"start": "2026-12-20 10:00", "end": "2026-12-20 12:00"}})
    status, body = move(staff, "meeting", one, "when", "2026-12-11T10:00:00", "2026-12-11T12:00:00", seen_version=1)
    assert status == 409
    assert "mellemtiden" in body["refused"]
    assert stored(staff, one, "when").start.day == 20


def test_who_may_only_read_can_look_and_not_move(app: Flask, sqlite_klynge: Klynge, staff: Desk, board: int):
    one = meeting(staff, board, "2026-12-10 10:00", "2026-12-10 12:00")
    reader = desk(app, sqlite_klynge, "reader")
    drawn = events(reader, "meeting", "2026-12-01", "2027-01-01")[0]
    assert (drawn["id"], drawn["startEditable"], drawn["durationEditable"]) == (str(one), False, False)
    assert move(reader, "meeting", one, "when", "2026-12-11T10:00:00")[0] == 403
    settings = unescape(re.search(r"data-calendar='([^']+)'", reader.get("/t/meeting?layout=calendar").text)[1])
    assert json.loads(settings)["newUrl"] is None
    member = desk(app, sqlite_klynge, "board_member")
    assert member.get("/t/meeting/calendar/events?from=2026-12-01&to=2027-01-01").status_code == 403


def test_bad_days_are_refused_in_plain_words(staff: Desk):
    for days in ("from=x&to=y", "from=2026-12-02&to=2026-12-01", "from=2026-01-01&to=2029-01-01", ""):
        answer = staff.get(f"/t/meeting/calendar/events?{days}")
        assert answer.status_code == 400, days
        assert "alender" in answer.get_json()["refused"]


def test_only_a_type_with_a_date_has_a_calendar(staff: Desk):
    assert "layout=calendar" not in staff.get("/t/person").text
    assert staff.get("/t/person?layout=calendar").status_code == 400
    assert "layout=calendar" in staff.get("/t/meeting").text
