"""Putting a decided list on an event: new persons are made, everybody is on the list once. One act, at once or as a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from crm.events import rules
from crm.events.guest_lines import GuestLine, split_name
from crm.events.guest_people import read_organisations
from crm.events.models import Event, Participation
from crm.events.services.preview import WEAKEST, PlaceGuests, PlaceLine
from crm.kernel.clock import local_day
from crm.kernel.errors import DomainError, InvalidInput
from crm.kernel.i18n import N_, Label, Message
from crm.records.jobs import Batch, enqueue, register_job
from crm.records.jobs.models import DONE, FAILED, SKIPPED
from crm.records.matching import folded
from crm.records.models import RecordLink
from crm.records.store.orders import Create, Update
from crm.records.types import LinkFacts
from crm.records.work import UnitOfWork

GUEST_LIST: Final = "guest-list"
#: Up to so many are done while one waits.
SMALL: Final = 40
_CHUNK: Final = 20
_link: Final[Any] = RecordLink.__table__


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of one line: the participation (or the event, when there is none), and why not."""

    number: int
    record_id: int
    outcome: str
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class PlacedGuests:
    """What came of a list: done at once, or a job."""

    message: Message
    job_id: int | None = None
    refused: tuple[Placed, ...] = ()
    changed: int = 0


def place_guests(uow: UnitOfWork, order: PlaceGuests, *, back: str | None = None) -> PlacedGuests:
    """Put a decided list on its event: a short one in this transaction, a longer one as a job.

    Raises:
        NotFound: there is no such event.
        AccessDenied: participations may not be made.
        InvalidInput: nobody is to be put on the list, or a status does not fit the event; nothing was written.
    """
    uow.access.require("create", "participation")
    event = uow.get(Event, order.event_id)
    if not order.lines:
        raise InvalidInput({"text": N_("There is nobody to put on the list.")})
    if order.status == rules.ATTENDED and (event.starts_at is None or local_day(event.starts_at, uow.zone) > uow.today()):
        raise InvalidInput({"status": N_("The event's day has not come yet.")})
    if len(order.lines) > SMALL:
        title = N_("%(number)s participants of “%(event)s”", number=len(order.lines), event=event.title)
        return PlacedGuests(title, enqueue(uow, GUEST_LIST, order.to_json(), total=len(order.lines), title=title, back=back))
    placed = place_lines(uow, order, order.lines)
    return PlacedGuests(
        _words(placed),
        refused=tuple(one for one in placed if one.outcome == FAILED),
        changed=sum(one.outcome == DONE for one in placed),
    )


def _words(placed: Sequence[Placed]) -> Message:
    number = {outcome: sum(one.outcome == outcome for one in placed) for outcome in (DONE, SKIPPED, FAILED)}
    if number[FAILED]:
        return N_("%(done)s are on the list now, %(failed)s were refused.", done=number[DONE], failed=number[FAILED])
    if number[SKIPPED]:
        return N_("%(done)s are put on the list, %(same)s were there already.", done=number[DONE], same=number[SKIPPED])
    return N_("%(done)s are put on the list.", done=number[DONE])


def place_lines(uow: UnitOfWork, order: PlaceGuests, lines: Sequence[PlaceLine]) -> list[Placed]:
    """Put some lines on the list: together, or one by one where something is refused, so that one line stops no other."""
    try:
        with uow.session.begin_nested():
            return _place(uow, order, lines)
    except DomainError as error:
        if len(lines) == 1:
            return [Placed(lines[0].number, order.event_id, FAILED, _reason(error))]
    return [placed for line in lines for placed in place_lines(uow, order, [line])]


def _reason(error: DomainError) -> Message:
    return next(iter(error.fields.values()), error.message) if isinstance(error, InvalidInput) else error.message


def _place(uow: UnitOfWork, order: PlaceGuests, lines: Sequence[PlaceLine]) -> list[Placed]:
    homes = _homes(uow, order, lines)
    people = _people(uow, lines, homes)
    standing = _standing(uow, order.event_id, people.values())
    day = uow.session.scalar(select(Event.starts_at).where(Event.id == order.event_id))
    work = _work(uow, people.values())
    on = uow.today() if day is None else local_day(day, uow.zone)
    orders: dict[int, Create | Update] = {}
    found: dict[int, Placed] = {}
    for line in lines:
        person_id = people[line.number]
        known = standing.get(person_id)
        if known is None:
            values = {"event": order.event_id, "person": person_id, "status": order.status}
            orders[line.number] = Create(
                "participation", {**values, **_home(line, homes[line.number], work.get(person_id, ()), on)}
            )
        elif order.status not in {WEAKEST, known[1]}:
            orders[line.number] = Update(known[0], {"status": order.status})
        else:
            found[line.number] = Placed(line.number, known[0], SKIPPED, N_("Was on the list already."))
    ids = uow.records.save_many(list(orders.values()))
    found.update((number, Placed(number, one, DONE)) for number, one in zip(orders, ids, strict=True))
    return [found[line.number] for line in lines]


def _homes(uow: UnitOfWork, order: PlaceGuests, lines: Sequence[PlaceLine]) -> dict[int, int | None]:
    """Give the organisation of each line, made where a new person needs one that we do not have."""
    found = {line.number: line.organisation_id for line in lines}
    missing = [line for line in lines if line.person_id is None and line.organisation and line.organisation_id is None]
    if not missing or not order.make_organisations:
        return found
    made = read_organisations(uow, [GuestLine(line.number, "", line.organisation) for line in missing]).by_name
    names = {line.number: line.organisation for line in missing}
    known = {number: made.get(_key(name)) for number, name in names.items()}
    new = list(dict.fromkeys(_key(name) for number, name in names.items() if known[number] is None))
    titles = {_key(name): name for name in reversed(names.values())}
    made.update(zip(new, uow.records.save_many([Create("organisation", {"title": titles[key]}) for key in new]), strict=True))
    found.update((number, made[_key(name)]) for number, name in names.items())
    return found


def _key(name: str) -> str:
    return folded(name) or name


def _people(uow: UnitOfWork, lines: Sequence[PlaceLine], homes: Mapping[int, int | None]) -> dict[int, int]:
    """Give the person of each line; new ones are made, with a position where their organisation is known."""
    found = {line.number: line.person_id for line in lines if line.person_id is not None}
    new = [line for line in lines if line.person_id is None]
    orders = []
    for line in new:
        name = split_name(line.name)
        values: dict[str, Any] = {"given_name": name.given, "family_name": name.family or None}
        orders.append(Create("person", {**values, **({"email": line.email} if line.email else {})}))
    for line, person_id in zip(new, uow.records.save_many(orders), strict=True):
        found[line.number] = person_id
        home = homes[line.number]
        if home is not None:
            uow.records.link(person_id, "positions", home)
    return found


def _standing(uow: UnitOfWork, event_id: int, people: Any) -> dict[int, tuple[int, str]]:
    columns = (Participation.id, Participation.person_id, Participation.status)
    rows = uow.session.execute(
        select(*columns).where(Participation.event_id == event_id, Participation.person_id.in_(list(people)))
    )
    return {row.person_id: (row.id, row.status) for row in rows}


def _work(uow: UnitOfWork, people: Any) -> dict[int, list[LinkFacts]]:
    columns = (_link.c.from_id, _link.c.to_id, _link.c.role, _link.c.from_on, _link.c.to_on)
    found: dict[int, list[LinkFacts]] = {}
    for row in uow.session.execute(select(*columns).where(_link.c.field == "positions", _link.c.from_id.in_(list(people)))):
        found.setdefault(row.from_id, []).append(LinkFacts(row.to_id, row.role, row.from_on, row.to_on))
    return found


def _home(line: PlaceLine, home: int | None, work: Sequence[LinkFacts], day: date) -> dict[str, Any]:
    """Give what the list says of where the person comes from: their organisation, or a note where we know better or nothing."""
    held = {one.to_id for one in work if one.holds_on(day)}
    if home is not None and (not held or home in held):
        return {"organisation": home}
    return {"note": line.organisation} if line.organisation else {}


def run(uow: UnitOfWork, batch: Batch) -> int | None:
    """Do one batch of a long list; a kind of job."""
    order = PlaceGuests.from_json(batch.order)
    place = int(batch.place or 0)
    while place < len(order.lines):
        lines = order.lines[place : place + _CHUNK]
        for one in place_lines(uow, order, lines):
            reason = None if one.reason is None else N_("Line %(number)s: %(reason)s", number=one.number, reason=one.reason)
            batch.report(one.record_id, one.outcome, reason)
        place += len(lines)
        if batch.time_is_up():
            break
    return None if place >= len(order.lines) else place


def install() -> None:
    """Make the kind known."""
    register_job(GUEST_LIST, Label(da="Indsæt deltagerliste", en="Paste a list of participants"), run)
