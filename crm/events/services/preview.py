"""What a pasted list would do to an event: each line with who it is, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from sqlalchemy import select

from crm.events import rules
from crm.events.guest_lines import read_lines
from crm.events.guest_match import Match, Verdict, counts, match_lines
from crm.events.guest_people import read_organisations, read_people
from crm.events.models import Event, Participation
from crm.events.participation_type import STATUSES
from crm.kernel.errors import AccessDenied, InvalidInput
from crm.kernel.i18n import N_, Label, Message
from crm.records.work import UnitOfWork

NEW: Final = "new"
SKIP: Final = "skip"


@dataclass(frozen=True, slots=True)
class Standing:
    """That a person is on the event's list already."""

    participation_id: int
    status: str

    @property
    def label(self) -> Label:
        """Its status in words."""
        return next((one.label for one in STATUSES if one.key == self.status), Label(self.status))


@dataclass(frozen=True, slots=True)
class Guest:
    """A line of the list with what is known of it. `organisation_id` is ours of the name on the line."""

    match: Match
    organisation_id: int | None = None
    standing: Mapping[int, Standing] | None = None

    @property
    def is_on_list(self) -> Standing | None:
        """How the person stands on the event's list already, if who it is is known."""
        return None if self.match.person is None else (self.standing or {}).get(self.match.person.id)


@dataclass(frozen=True, slots=True)
class GuestList:
    """A pasted list, read and matched."""

    event: Event
    guests: tuple[Guest, ...]
    #: How many lines are what, and how many of the known are on the event's list already.
    counts: Mapping[Verdict, int]
    on_list: int
    #: Organisations on lines of new persons that we do not have.
    unknown_organisations: tuple[str, ...]
    may_make_people: bool
    may_make_organisations: bool

    @property
    def usable(self) -> int:
        """How many lines can be put on the list."""
        return len(self.guests) - self.counts[Verdict.UNUSABLE]


def preview_guests(uow: UnitOfWork, event_id: int, text: str) -> GuestList:
    """Read a pasted list and say who everybody is; writes nothing.

    Raises:
        NotFound: there is no such event.
        AccessDenied: participations may not be made, or persons not be read.
        InvalidInput: there is nothing, or too much (`text`).
    """
    uow.access.require("create", "participation")
    uow.access.require("read", "person")
    readable = uow.access.readable("participation")
    if not uow.access.may("read", "participation") or not (readable is None or readable.issuperset({"event", "person", "status"})):
        raise AccessDenied  # the preview says who is on the list already
    event = uow.get(Event, event_id)
    lines = read_lines(text)
    organisations = read_organisations(uow, lines)
    matches = match_lines(lines, read_people(uow, lines, organisations))
    standing = _standing(uow, event_id)
    guests = tuple(Guest(match, organisations.find(match.line.organisation), standing) for match in matches)
    new = (one for one in guests if one.match.verdict is Verdict.NEW and one.organisation_id is None)
    return GuestList(
        event,
        guests,
        counts(matches),
        sum(one.is_on_list is not None for one in guests),
        tuple(dict.fromkeys(one.match.line.organisation for one in new if one.match.line.organisation)),
        uow.access.may("create", "person"),
        uow.access.may("create", "organisation"),
    )


def _standing(uow: UnitOfWork, event_id: int) -> dict[int, Standing]:
    rows = select(Participation.id, Participation.person_id, Participation.status).where(Participation.event_id == event_id)
    return {row.person_id: Standing(row.id, row.status) for row in uow.session.execute(rows)}


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A line that is to be put on the list: `person_id` of a known person, None for a new one."""

    number: int
    name: str
    organisation: str
    email: str
    person_id: int | None
    organisation_id: int | None


@dataclass(frozen=True, slots=True)
class PlaceGuests:
    """A decided list, as it is carried out: at once, or by the worker."""

    event_id: int
    status: str
    lines: tuple[PlaceLine, ...]
    make_organisations: bool = True

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return asdict(self)

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> Self:
        """Read it."""
        lines = tuple(PlaceLine(**line) for line in held["lines"])
        return cls(held["event_id"], held["status"], lines, held["make_organisations"])


def decide(
    found: GuestList, choices: Mapping[int, str], status: str, *, make_organisations: bool = True
) -> tuple[PlaceGuests, dict[int, Message]]:
    """Turn a preview and what was chosen for its unsure lines into an order; also gives the lines that still want a choice.

    Args:
        found: the preview.
        choices: by line number a person's id, `new` or `skip`.
        status: what they get.
        make_organisations: whether organisations that we do not have are made for new persons.

    Raises:
        InvalidInput: there is no such status.
        AccessDenied: a new person would have to be made, and may not.
    """
    if status not in {one.key for one in STATUSES}:
        raise InvalidInput({"status": N_("Choose a status.")})
    lines: list[PlaceLine] = []
    open_lines: dict[int, Message] = {}
    for guest in found.guests:
        who = _who(guest.match, choices)
        if who is None:
            open_lines[guest.match.line.number] = N_("Choose who is meant.")
        elif who != SKIP:
            lines.append(_line(guest, None if who == NEW else int(who)))
    if not found.may_make_people and any(one.person_id is None for one in lines):
        raise AccessDenied(N_("You may not make new people. Leave the new ones out, or ask someone who may."))
    order = PlaceGuests(found.event.id, status, tuple(lines), make_organisations and found.may_make_organisations)
    return order, open_lines


def _who(match: Match, choices: Mapping[int, str]) -> str | None:
    """Give who a line is put down as: a person's id, `new` or `skip`; None while nobody has said."""
    chosen = choices.get(match.line.number, "")
    if match.verdict is Verdict.UNUSABLE or chosen == SKIP:
        return SKIP
    if match.verdict is Verdict.KNOWN and match.person is not None:
        return str(match.person.id)
    if match.verdict is Verdict.NEW:
        return NEW
    known = {str(one.id) for one in match.candidates} | ({NEW} if match.line.name else set())
    return chosen if chosen in known else None


def _line(guest: Guest, person_id: int | None) -> PlaceLine:
    line = guest.match.line
    return PlaceLine(line.number, line.name, line.organisation, line.email, person_id, guest.organisation_id)


#: The status that changes nothing of those who are on the list already: it says the least.
WEAKEST: Final = rules.REGISTERED
