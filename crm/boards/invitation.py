"""A meeting as a calendar file (RFC 5545), for the mail that tells of its material. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: A meeting without an end is shown as an hour.
NO_END = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a calendar is told. The same `uid` again, with a later `written_at`, changes the entry instead of adding one."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    url: str
    organiser: str
    organiser_mail: str
    written_at: datetime
    sequence: int = 0


def calendar_file(meeting: Invitation) -> bytes:
    """Give the text of the .ics file: one event, in UTC, to be added by the reader (no answer is asked for)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Klynge//Klynge//DA",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_text(meeting.uid)}",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTAMP:{_moment(meeting.written_at)}",
        f"DTSTART:{_moment(meeting.starts_at)}",
        f"DTEND:{_moment(meeting.ends_at or meeting.starts_at + NO_END)}",
        f"SUMMARY:{_text(meeting.title)}",
        *([f"LOCATION:{_text(meeting.place)}"] if meeting.place else []),
        f"DESCRIPTION:{_text(meeting.url)}",
        f"URL:{_plain(meeting.url)}",
        f'ORGANIZER;CN="{_plain(meeting.organiser).replace(chr(34), chr(39))}":mailto:{_plain(meeting.organiser_mail)}',
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line)).encode()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _plain(value: str) -> str:
    """A value on one line."""
    return " ".join(value.split())


def _text(value: str) -> str:
    """A text value: backslash, comma, semicolon and line breaks are written as RFC 5545 §3.3.11 asks."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _fold(line: str) -> list[str]:
    """Cut a line into pieces of at most 75 octets, never inside a letter; each later one begins with a space (§3.1)."""
    pieces, piece = [], ""
    for sign in line:
        if len((piece + sign).encode()) > 75:
            pieces.append(piece)
            piece = " "
        piece += sign
    return [*pieces, piece]
