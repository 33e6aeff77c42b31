"""What one should know before one calls: the last talks, open promises both ways, labels, cases, events, who knows whom.

Only from records that the reader may see, and a constant number of queries: each part is one by an index, some with one for
names. A part whose type the reader may not read is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, func, or_, select

from crm.boards.models import FollowUp
from crm.certification.queries import CertificateLine, certificates_of
from crm.events.models import Participation
from crm.filters import All, Condition, Filter
from crm.kernel.clock import day_start, local_day
from crm.kernel.errors import InvalidInput
from crm.records import query
from crm.records.models import RecordLink, record_table
from crm.records.query import Row, Title, list_page, titles
from crm.records.search import find
from crm.records.work import UnitOfWork
from crm.screens.present import user_names
from crm.sparring.models import Sparring
from crm.sparring.queries.names import positions_now
from crm.sparring.timeline import SparringLine, shown, sparrings_of
from crm.tasks.models import Task
from crm.tasks.rules import OPEN

#: One A4 page holds so many of each.
TALKS: Final = 3
PROMISES: Final = 8
CASES: Final = 5
EVENTS: Final = 6
PEOPLE: Final = 8
_task: Final[Any] = Task.__table__
_follow_up: Final[Any] = FollowUp.__table__
_sparring: Final[Any] = Sparring.__table__
_participation: Final[Any] = Participation.__table__
_link: Final[Any] = RecordLink.__table__


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom one calls: a person (perhaps), the organisation (perhaps), and all people who count as theirs."""

    row: Row
    organisation: Title | None
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """An open promise: ours (a colleague's task) or theirs (a follow-up that one of them answers for)."""

    title: Title
    due: date | None
    who: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event that they take or took part in, and how many of them."""

    event: Title
    day: date
    number: int
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A person there: as what, how they are reached, and which colleague talked with them last."""

    row: Row
    role: str
    adviser: str = ""
    last: date | None = None


@dataclass(frozen=True, slots=True)
class BoardItem:
    """An item of a coming meeting that names them."""

    item: Title
    meeting: Title
    day: date


@dataclass(frozen=True, slots=True)
class Brief:
    """All of it."""

    subject: Subject
    talks: tuple[SparringLine, ...]
    ours: tuple[PromiseLine, ...]
    theirs: tuple[PromiseLine, ...]
    certificate: CertificateLine | None
    cases: tuple[Row, ...]
    events: tuple[EventLine, ...]
    people: tuple[Acquaintance, ...]
    board_item: BoardItem | None


def brief_of(uow: UnitOfWork, row: Row) -> Brief:
    """Gather it for an organisation or a person that the actor may read."""
    subject = _subject(uow, row)
    entries = sparrings_of(uow, row, None, TALKS)
    advisers = user_names(uow, {entry.line.owner_id for entry in entries if entry.line.owner_id is not None})
    certificate = next(iter(certificates_of(uow, subject.organisation.id)), None) if subject.organisation is not None else None
    return Brief(
        subject,
        tuple(shown(uow, entry.line, advisers) for entry in entries),
        _ours(uow, subject),
        _theirs(uow, subject),
        certificate,
        _cases(uow, subject),
        _events(uow, subject),
        _people(uow, subject),
        _board_item(uow, subject),
    )


def _subject(uow: UnitOfWork, row: Row) -> Subject:
    if row.type_key == "person":
        places = titles(uow, positions_now(uow, [row.id]).get(row.id, []))
        return Subject(row, next(iter(places.values()), None), (row.id,))
    return Subject(row, Title(row.id, row.type_key, row.title, row.state), tuple(_members(uow, row.id)))


def _members(uow: UnitOfWork, organisation_id: int) -> list[int]:
    """Give the people with a position there today, those longest there first; none where positions may not be read."""
    if not _reads(uow, "person", "positions"):
        return []
    today = uow.today()
    statement = select(_link.c.from_id).where(
        _link.c.to_id == organisation_id,
        _link.c.field == "positions",
        or_(_link.c.from_on.is_(None), _link.c.from_on <= today),
        or_(_link.c.to_on.is_(None), _link.c.to_on >= today),
    )
    return list(dict.fromkeys(uow.session.scalars(statement.order_by(_link.c.id).limit(200))))


def _reads(uow: UnitOfWork, type_key: str, *fields: str) -> bool:
    """Whether the actor may read a type, and these of its fields."""
    readable = uow.access.readable(type_key)
    known = type_key in uow.registry.types and uow.access.may("read", type_key)
    return known and (readable is None or readable.issuperset(fields))


def _ours(uow: UnitOfWork, subject: Subject) -> tuple[PromiseLine, ...]:
    """Give the open tasks about them, about a talk with them, or about one of their people."""
    if not _reads(uow, "task", "about", "due"):
        return ()
    about = [subject.row.id, *subject.people]
    talks = select(_sparring.c.id).where(_sparring.c.person_id.in_(about))
    linked = select(_link.c.from_id).where(_link.c.to_id == subject.row.id, _link.c.field == "organisations")
    concerns = or_(_task.c.about_id.in_(about), _task.c.about_id.in_(talks), _task.c.about_id.in_(linked))
    return _promises(uow, "task", _task, concerns, record_table.c.owner_id)


def _theirs(uow: UnitOfWork, subject: Subject) -> tuple[PromiseLine, ...]:
    """Give the open follow-ups of meetings that one of them answers for."""
    if not subject.people or not _reads(uow, "follow_up", "responsible", "due"):
        return ()
    return _promises(uow, "follow_up", _follow_up, _follow_up.c.responsible_id.in_(subject.people), _follow_up.c.responsible_id)


def _promises(uow: UnitOfWork, key: str, table: Any, concerns: ColumnElement[bool], who: Any) -> tuple[PromiseLine, ...]:
    record_type, spine = uow.registry.get(key), record_table.c
    statement = select(spine.id, spine.title, spine.state, spine.due_at, who.label("who"))
    statement = statement.select_from(record_table.join(table, table.c.id == spine.id)).where(concerns, spine.state == OPEN)
    statement = statement.where(*query.live(uow, record_type, by_type=False))
    rows = uow.session.execute(statement.order_by(spine.due_at.is_(None), spine.due_at, spine.id).limit(PROMISES)).all()
    people = {row.who for row in rows if row.who is not None}
    names = user_names(uow, people) if key == "task" and people else {one.id: one.title for one in titles(uow, people).values()}
    return tuple(
        PromiseLine(
            Title(row.id, key, row.title, row.state),
            day := _day(row.due_at, uow.zone),
            names.get(row.who or 0, ""),
            day is not None and day < uow.today(),
        )
        for row in rows
    )


def _day(moment: datetime | None, zone: str) -> date | None:
    return None if moment is None else local_day(moment, zone)


def _cases(uow: UnitOfWork, subject: Subject) -> tuple[Row, ...]:
    """Give the cases that run, those due first; of a person their own, and those of their organisation."""
    field = "organisation" if subject.organisation is not None else "persons"
    target = subject.organisation.id if subject.organisation is not None else subject.row.id
    return _listed(uow, "case", All((Condition(field, "is", target), *_running(uow, "case"))), "due", CASES, field)


def _running(uow: UnitOfWork, type_key: str) -> list[Filter]:
    """Give the filter of what has not come to an end."""
    lifecycle = uow.registry.types[type_key].lifecycle if type_key in uow.registry.types else None
    ended = tuple(state.key for state in lifecycle.states if state.final) if lifecycle is not None else ()
    return [Condition("state", "not_in", ended)] if ended else []


def _listed(uow: UnitOfWork, type_key: str, where: Filter, sort: str, size: int, *fields: str) -> tuple[Row, ...]:
    if not _reads(uow, type_key, *fields, sort):
        return ()
    return list_page(uow, type_key, where=where, sort=sort, size=size).rows


def _events(uow: UnitOfWork, subject: Subject) -> tuple[EventLine, ...]:
    """Give the events of the last twelve months and those to come, the latest first, with how many of them: counted in SQL."""
    if not _reads(uow, "participation", "event", "person", "organisation", "status"):
        return ()
    since = day_start(uow.today() - relativedelta(months=12), uow.zone)
    event, part = record_table.alias("event"), _participation
    mine = part.c.person_id == subject.row.id if subject.row.type_key == "person" else part.c.organisation_id == subject.row.id
    source = record_table.join(part, part.c.id == record_table.c.id).join(event, event.c.id == part.c.event_id)
    statement: Select[Any] = select(event.c.id, event.c.starts_at, func.count().label("number")).select_from(source)
    statement = statement.where(mine, part.c.status.not_in(("cancelled", "absent")), event.c.starts_at >= since)
    statement = statement.where(*query.live(uow, uow.registry.get("participation"), by_type=False), event.c.deleted_at.is_(None))
    grouped = statement.group_by(event.c.id, event.c.starts_at).order_by(event.c.starts_at.desc(), event.c.id).limit(EVENTS)
    rows = uow.session.execute(grouped).all()
    names = titles(uow, [row.id for row in rows])
    days = {row.id: local_day(row.starts_at, uow.zone) for row in rows}
    return tuple(EventLine(names[row.id], days[row.id], row.number, days[row.id] > uow.today()) for row in rows if row.id in names)


def _people(uow: UnitOfWork, subject: Subject) -> tuple[Acquaintance, ...]:
    """Give the people there: those one of us talked with lately first, the others as they came."""
    organisation_id = subject.organisation.id if subject.organisation is not None else None
    is_person = subject.row.type_key == "person"
    others = _members(uow, organisation_id) if is_person and organisation_id is not None else []
    wanted = tuple(dict.fromkeys((*subject.people, *others)))
    if not wanted or not uow.access.may("read", "person"):
        return ()
    last = _last_talks(uow, wanted)
    order = sorted(wanted, key=lambda one: (one != subject.row.id, -last[one][0].toordinal() if one in last else 0))[:PEOPLE]
    rows = {row.id: row for row in list_page(uow, "person", where=Condition("id", "in", tuple(order)), size=PEOPLE).rows}
    names = user_names(uow, {user for _day, user in last.values() if user is not None}) if last else {}
    roles = _roles(uow, order, organisation_id)
    found = [Acquaintance(rows[one], roles.get(one, "")) for one in order if one in rows]
    return tuple(
        replace(one, last=last[one.row.id][0], adviser=names.get(last[one.row.id][1] or 0, "")) if one.row.id in last else one
        for one in found
    )


def _roles(uow: UnitOfWork, people: Sequence[int], organisation_id: int | None) -> dict[int, str]:
    if organisation_id is None or not _reads(uow, "person", "positions"):
        return {}
    here = (_link.c.from_id.in_(people), _link.c.to_id == organisation_id, _link.c.field == "positions")
    rows = uow.session.execute(select(_link.c.from_id, _link.c.role).where(*here).order_by(_link.c.id))
    return {row.from_id: row.role for row in rows if row.role}


def _last_talks(uow: UnitOfWork, people: Sequence[int]) -> Mapping[int, tuple[date, int | None]]:
    """Give the day of the last talk with each person, and whose it was."""
    if not _reads(uow, "sparring", "person", "held", "owner"):
        return {}
    columns = (_sparring.c.person_id, record_table.c.owner_id, func.max(record_table.c.starts_at).label("at"))
    source = record_table.join(_sparring, _sparring.c.id == record_table.c.id)
    statement = select(*columns).select_from(source).where(_sparring.c.person_id.in_(people))
    statement = statement.where(*query.live(uow, uow.registry.get("sparring"), by_type=False))
    found: dict[int, tuple[date, int | None]] = {}
    for row in uow.session.execute(statement.group_by(_sparring.c.person_id, record_table.c.owner_id)):
        day = _day(row.at, uow.zone)
        if day is not None and (row.person_id not in found or day > found[row.person_id][0]):
            found[row.person_id] = day, row.owner_id
    return found


def _board_item(uow: UnitOfWork, subject: Subject) -> BoardItem | None:
    """Give the item of the nearest coming meeting that names them, in whatever text of it the actor may read."""
    if not _reads(uow, "agenda_item", "meeting") or not _reads(uow, "meeting", "when"):
        return None
    named = subject.organisation.title if subject.organisation is not None else subject.row.title
    hits = [hit.id for group in find(uow, f'"{named}"', each=40, types=("agenda_item",)) for hit in group.hits]
    if not hits:
        return None
    items = list_page(uow, "agenda_item", where=Condition("id", "in", tuple(hits)), size=40).rows
    meetings = tuple({item.values["meeting"] for item in items})
    try:
        ahead = All((Condition("id", "in", meetings), Condition("when", "ge", uow.today().isoformat())))
        nearest = list_page(uow, "meeting", where=ahead, sort="when", size=1).rows
    except InvalidInput:
        return None
    if not nearest:
        return None
    meeting, zone = nearest[0], uow.zone
    item = next(one for one in items if one.values["meeting"] == meeting.id)
    return BoardItem(_title(item), _title(meeting), meeting.values["when"].first_day(zone))


def _title(row: Row) -> Title:
    return Title(row.id, row.type_key, row.title, row.state)
