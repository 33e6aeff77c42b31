"""Decisions of the meeting work that need no database: numbers, deadlines, headings, names, codes.

Sources: Danish practice for agendas and packs (`domain.md` §6.1 of the design papers): conclusion first, the kind of an item
decides its headings, numbers may run on over the year, deadlines are counted in calendar days and differ by board.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_, Label, Message


class ItemType(StrEnum):
    """What the board is to do with an agenda item."""

    DECISION = "decision"
    DISCUSSION = "discussion"
    ORIENTATION = "orientation"


class Numbering(StrEnum):
    """Whether item numbers begin at 1 in each meeting or run on over the calendar year."""

    MEETING = "meeting"
    YEAR = "year"


ITEM_TYPES: Final[Mapping[ItemType, Label]] = {
    ItemType.DECISION: Label(da="Beslutning", en="Decision"),
    ItemType.DISCUSSION: Label(da="Drøftelse", en="Discussion"),
    ItemType.ORIENTATION: Label(da="Orientering", en="Information"),
}

_BACKGROUND: Final = ("background", Label(da="Baggrund", en="Background"))
_FINANCES: Final = ("finances", Label(da="Økonomi", en="Finances"))
#: The headings of an item's sheet in order, each with the field that fills it. A heading without text is left out.
HEADINGS: Final[Mapping[ItemType, tuple[tuple[str, Label], ...]]] = {
    ItemType.DECISION: (
        ("recommendation", Label(da="Indstilling", en="Recommendation")),
        _BACKGROUND,
        ("presentation", Label(da="Sagsfremstilling", en="The case")),
        _FINANCES,
    ),
    ItemType.DISCUSSION: (
        ("recommendation", Label(da="Oplæg til drøftelse", en="For discussion")),
        _BACKGROUND,
        ("presentation", Label(da="Sagsfremstilling", en="The case")),
        _FINANCES,
    ),
    ItemType.ORIENTATION: (("presentation", Label(da="Orientering", en="Information")), _BACKGROUND, _FINANCES),
}

#: Signs of an approval code: none that look alike (no 0 O, 1 I L, 8 B, 5 S, 2 Z).
CODE_SIGNS: Final = "34679ACDEFGHJKMNPQRTUVWXY"
CODE_LENGTH: Final = 8
#: How long a code is good for. Long enough to walk to the other screen, short enough to be worthless tomorrow.
CODE_LIFETIME: Final = timedelta(minutes=30)
#: Wrong guesses at a meeting's codes before they are all void.
CODE_TRIES: Final = 5

_NUMBER = re.compile(r"(?:nr\.?\s*)?(\d{1,3})\s*[/-]\s*(\d{4})")
_ADDRESS = re.compile(r"(?:https?://\S+?)?/(?:r|b/meetings)/(\d{1,15})(?:[/?#]\S*)?")
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


def may_hold_decision(item_type: str) -> bool:
    """Say whether an item of this type can end in a decision: an orientation is only taken note of."""
    return item_type != ItemType.ORIENTATION


def may_hold_recommendation(item_type: str) -> bool:
    """Say whether an item of this type has a recommendation (or, for a discussion, a question) to put."""
    return item_type != ItemType.ORIENTATION


# --- numbers -------------------------------------------------------------------------------------------------------------


def item_numbers(count: int, numbering: str, earlier_this_year: int = 0) -> tuple[int, ...]:
    """Number the items of a meeting; with numbering by year they go on after the year's earlier meetings' items."""
    first = earlier_this_year + 1 if numbering == Numbering.YEAR else 1
    return tuple(range(first, first + count))


def next_number(taken: Iterable[int | None]) -> int:
    """Give the number of a board's next meeting in a year: one more than the highest given so far."""
    return max((number for number in taken if number), default=0) + 1


def meeting_number(number: int | None, year: int | None) -> str:
    """Write a meeting's number: 1/2027; empty while it has none."""
    return f"{number}/{year}" if number and year else ""


def meeting_title(meeting_name: str | None, board_title: str, number: int | None, year: int | None, held_on: date) -> str:
    """Name a meeting: Styregruppemøde 1/2027; by its day while it has no number."""
    name = meeting_name or f"{board_title}, møde"
    return f"{name} {meeting_number(number, year) or held_on.strftime('%d.%m.%Y')}"


def annex_numbers(file_ids: Sequence[int], kept: Mapping[int, int]) -> dict[int, int]:
    """Number a pack's annexes in order of the agenda. A file keeps the number an earlier published version gave it.

    Numbers of annexes that are gone are not given to others: people have written them on paper.
    """
    numbers = {file: kept[file] for file in file_ids if file in kept}
    free = max(kept.values(), default=0) + 1
    for file in file_ids:
        if file not in numbers:
            numbers[file] = free
            free += 1
    return numbers


def total_minutes(minutes: Iterable[int | None]) -> int:
    """Add up the items' minutes; an item without an estimate counts as none."""
    return sum(value or 0 for value in minutes)


def duration(minutes: int, locale: str = "da") -> str:
    """Word a number of minutes: 2 t 35 min."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} {'h' if locale == 'en' else 't'}" if hours else "", f"{rest} min" if rest or not hours else ""]
    return " ".join(part for part in parts if part)


# --- deadlines -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Notice:
    """A board's deadlines in calendar days: before the meeting, then after it, then after the minutes were sent."""

    items: int = 21
    draft: int = 14
    dispatch: int = 7
    minutes: int = 7
    comments: int = 5


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The days of a meeting: items in, draft ready, pack sent; minutes sent, comments in."""

    items_on: date
    draft_on: date
    dispatch_on: date
    minutes_on: date
    comments_on: date


def deadlines(held_on: date, notice: Notice) -> Deadlines:
    """Count a board's deadlines back from the meeting's day, and forward from it."""
    minutes_on = held_on + timedelta(days=notice.minutes)
    return Deadlines(
        items_on=held_on - timedelta(days=notice.items),
        draft_on=held_on - timedelta(days=notice.draft),
        dispatch_on=held_on - timedelta(days=notice.dispatch),
        minutes_on=minutes_on,
        comments_on=minutes_on + timedelta(days=notice.comments),
    )


#: Without an earlier meeting a pack looks back so far.
LOOK_BACK: Final = timedelta(days=182)


def since_last(earlier: Iterable[tuple[date, bool]], today: date) -> date:
    """Give the day from which a pack counts: the day after the board's last meeting, else half a year back.

    `earlier` tells of each earlier meeting its day, and whether it is known to be held; one whose day has passed was held too,
    for a board's meeting that is not moved takes place.
    """
    days = [day for day, held in earlier if day < today or held]
    return min(max(days) + timedelta(days=1), today) if days else today - LOOK_BACK


#: Days before the meeting by which a member tells whether they come.
REPLY_DAYS: Final = 3


def reply_by(held_on: date, today: date) -> date:
    """Give the day by which members tell whether they come: some days before the meeting, but never in the past."""
    return max(held_on - timedelta(days=REPLY_DAYS), min(today, held_on))


# --- names ---------------------------------------------------------------------------------------------------------------


def pack_file_name(held_on: date, board_title: str, number: int | None, year: int | None, version: int, suffix: str) -> str:
    """Name a pack's file so that a folder of them sorts by day: `2027-04-27 Styregruppen 1-2027 dagsorden og bilag v1.pdf`."""
    board = " ".join(_FORBIDDEN_IN_NAMES.sub(" ", board_title).split()).strip(". ")[:80] or "Møde"
    which = f"{number}-{year} " if number and year else ""
    return f"{held_on.isoformat()} {board} {which}dagsorden og bilag v{version}.{suffix}"


# --- which meeting did they mean? ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """The meeting that someone asked for: by number, by record id, or (all None) the next one."""

    number: int | None = None
    year: int | None = None
    record_id: int | None = None

    @property
    def is_next(self) -> bool:
        """Whether nothing was typed."""
        return self.number is None and self.record_id is None


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What choosing a meeting looks at."""

    id: int
    number: int | None
    year: int | None
    held_on: date


def read_wish(text: str | None) -> Wish:
    """Read what was typed for *Møde*: nothing (the next), `1/2027`, or a pasted page address.

    Raises:
        RuleViolation: it is none of these.
    """
    tidy = " ".join((text or "").split())
    if not tidy:
        return Wish()
    if found := _NUMBER.fullmatch(tidy):
        return Wish(number=int(found[1]), year=int(found[2]))
    if found := _ADDRESS.fullmatch(tidy):
        return Wish(record_id=int(found[1]))
    raise RuleViolation(
        N_(
            "“%(text)s” is no meeting. Write for example 1/2027, paste the address of the meeting's page, or leave it empty.",
            text=tidy[:60],
        )
    )


def choose_meeting(meetings: Sequence[MeetingFacts], wish: Wish, today: date, board_title: str) -> MeetingFacts:
    """Find the wished meeting among a board's.

    Raises:
        RuleViolation: there is none; the message names the next one when there is one.
    """
    coming = sorted((m for m in meetings if m.held_on >= today), key=lambda m: (m.held_on, m.id))
    if wish.is_next:
        if coming:
            return coming[0]
        raise RuleViolation(N_("%(board)s has no coming meeting.", board=board_title))
    for meeting in meetings:
        if wish.record_id == meeting.id or (wish.number is not None and (wish.number, wish.year) == (meeting.number, meeting.year)):
            return meeting
    if wish.record_id is not None:
        raise RuleViolation(N_("The address is not that of a meeting in %(board)s.", board=board_title))
    asked = meeting_number(wish.number, wish.year)
    if coming and meeting_number(coming[0].number, coming[0].year):
        following = meeting_number(coming[0].number, coming[0].year)
        raise RuleViolation(
            N_(
                "There is no meeting %(number)s in %(board)s. The next is %(next)s.",
                number=asked,
                board=board_title,
                next=following,
            )
        )
    raise RuleViolation(N_("There is no meeting %(number)s in %(board)s.", number=asked, board=board_title))


# --- is the agenda ready? ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What the guards look at in an agenda item."""

    number: int
    title: str
    item_type: str
    recommendation: str | None = None
    background: str | None = None
    presentation: str | None = None
    finances: str | None = None
    #: A standing item (approval of the agenda, next meeting, any other business) needs no text.
    standing: bool = False
    #: Blocks draw its text from the records.
    has_blocks: bool = False


def lacks_text(item: ItemFacts) -> bool:
    """Say whether an item that needs a text has none under any heading of its type."""
    if item.standing or item.has_blocks:
        return False
    return not any(getattr(item, field) for field, _ in HEADINGS[ItemType(item.item_type)])


def lacks_recommendation(item: ItemFacts) -> bool:
    """Say whether the board is asked to decide without being told what is recommended."""
    return item.item_type == ItemType.DECISION and not item.standing and not item.recommendation


def agenda_problems(items: Sequence[ItemFacts]) -> list[Message]:
    """Say what keeps an agenda from being sent, in order of the agenda; empty when nothing does."""
    if not items:
        return [N_("The meeting has no agenda items.")]
    problems: list[Message] = []
    for item in items:
        if lacks_text(item):
            problems.append(N_("Item %(number)s “%(title)s” has no text.", number=item.number, title=item.title))
        elif lacks_recommendation(item):
            problems.append(
                N_("Item %(number)s “%(title)s” is for decision but has no recommendation.", number=item.number, title=item.title)
            )
    return problems


# --- approval codes ------------------------------------------------------------------------------------------------------


def new_code() -> str:
    """Make a one-time approval code of eight signs that are easy to read aloud (about 37 bits; few tries, half an hour)."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def shown_code(code: str) -> str:
    """Write a code in two groups: K7PM-4XQT."""
    return f"{code[:4]}-{code[4:]}"


def typed_code(text: str | None) -> str:
    """Read a typed code: small letters, spaces and dashes do not matter."""
    return re.sub(r"[^0-9A-Z]", "", (text or "").upper())
