"""Which meeting did they mean? For the forms in Prefect: words that a person can type, refused in the first second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from crm.boards import facts, rules
from crm.boards.models import Board, Meeting
from crm.boards.rules import MeetingFacts
from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_
from crm.kernel.text import fold, slug
from crm.records.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class BoardChoice:
    """A board as a form offers it."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class MeetingRef:
    """A meeting as flows name it."""

    id: int
    title: str
    number: int | None
    year: int | None
    board_title: str
    starts_at: datetime | None
    state: str | None

    @property
    def url(self) -> str:
        """Its page in the CRM."""
        return f"/r/{self.id}/{slug(self.title)}"


def board_choices(uow: UnitOfWork) -> list[BoardChoice]:
    """Give all boards by name, for the dropdown *Udvalg*."""
    boards = uow.session.scalars(select(Board).order_by(Board.title_sort, Board.id))
    return [BoardChoice(board.id, board.title) for board in boards]


def find_meeting(uow: UnitOfWork, board: str | int, wish: str = "") -> MeetingRef:
    """Find the meeting of a board that was asked for: `` (the next), `1/2027`, or a pasted page address.

    Raises:
        RuleViolation: there is no such board or meeting; the message says what there is.
    """
    found = _board(uow, board)
    meetings = uow.session.scalars(select(Meeting).where(Meeting.board_id == found.id, Meeting.starts_at.is_not(None))).all()
    known = [MeetingFacts(one.id, one.number, one.year, facts.held_on(one, uow.zone) or uow.today()) for one in meetings]
    chosen = rules.choose_meeting(known, rules.read_wish(wish), uow.today(), found.title)
    return meeting_ref(uow, chosen.id)


def meeting_ref(uow: UnitOfWork, meeting_id: int) -> MeetingRef:
    """Name a meeting by id.

    Raises:
        NotFound.
    """
    meeting = uow.get(Meeting, meeting_id)
    board = uow.get(Board, meeting.board_id)
    return MeetingRef(meeting.id, meeting.title, meeting.number, meeting.year, board.title, meeting.starts_at, meeting.state)


def _board(uow: UnitOfWork, wanted: str | int) -> BoardChoice:
    choices = board_choices(uow)
    for choice in choices:
        if choice.id == wanted or (isinstance(wanted, str) and fold(choice.title) == fold(wanted.strip())):
            return choice
    there = ", ".join(choice.title for choice in choices) or "–"
    raise RuleViolation(N_("There is no board called “%(board)s”. There is: %(boards)s.", board=str(wanted)[:60], boards=there))
