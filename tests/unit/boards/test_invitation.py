"""The calendar file that goes with a pack's mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from crm.boards.invitation import Invitation, calendar_file

MEETING = Invitation(
    uid="meeting-17@crm.example.dk",
    title="Styregruppemøde 1/2027",
    starts_at=datetime(2027, 4, 27, 8, tzinfo=UTC),
    ends_at=datetime(2027, 4, 27, 12, tzinfo=UTC),
    place="Styrelsen, København; mødelokale 2",
    url="https://crm.example.dk/b/meetings/17",
    organiser='Klyngesekretariatet "demo"',
    organiser_mail="sekretariatet@example.dk",
    written_at=datetime(2027, 4, 12, 7, 14, tzinfo=UTC),
)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_it_holds_the_time_in_utc_and_the_place() -> None:
    lines = unfolded(calendar_file(MEETING))
    assert "DTSTART:20270427T080000Z" in lines
    assert "DTEND:20270427T120000Z" in lines
    assert "LOCATION:Styrelsen\\, København\\; mødelokale 2" in lines
    assert "ORGANIZER;CN=\"Klyngesekretariatet 'demo'\":mailto:sekretariatet@example.dk" in lines


def test_lines_are_at_most_75_octets_and_letters_are_not_cut() -> None:
    content = calendar_file(replace(MEETING, title="Møde om æbler, ører og å " * 12))
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert "Møde om æbler\\, ører og å Møde" in unfolded(content)[10]


def test_typed_text_cannot_add_a_line_of_its_own() -> None:
    content = calendar_file(replace(MEETING, title="x\r\nATTACH:http://evil", organiser_mail="a@b.dk\r\nX:1", uid="u\nX:2"))
    assert not [line for line in unfolded(content) if line.startswith(("ATTACH", "X:"))]


def test_a_meeting_without_end_lasts_an_hour() -> None:
    assert "DTEND:20270427T090000Z" in unfolded(calendar_file(replace(MEETING, ends_at=None)))
