"""What there is to count of events and those who took part: read under the actor's rights, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select

from crm.directory.models import Organisation
from crm.directory.regions import rule_words
from crm.events import lifecycle, rules
from crm.events.models import Event, Participation
from crm.events.places import REGIONS, as_of, home_regions, merged_into
from crm.events.tallies import NOWHERE, EventFact, Facts, Line, PartFact
from crm.filters import All, Any_, Condition, Filter
from crm.kernel.clock import local_day
from crm.kernel.errors import AccessDenied
from crm.kernel.i18n import N_, Label, Message
from crm.records.query import matching_ids
from crm.records.work import UnitOfWork

OWN: Final = "own"
CATALOGUE: Final = "catalogue"
EVERY: Final = "all"
CLUSTER: Final = "cluster"


@dataclass(frozen=True, slots=True)
class Span:
    """The events that are counted: held between two days (both included), and whose participants: own, catalogue or all."""

    first: date
    last: date
    origin: str = OWN

    def events(self) -> All:
        """Give the filter of the events."""
        return All((*_held(""), *_between("when", self.first, self.last)))

    def participations(self) -> All:
        """Give the filter of those who attended them."""
        attended = Condition("status", "is", rules.ATTENDED)
        return All((attended, *_held("event."), *_between("event.when", self.first, self.last), *_from(self.origin)))


def _held(path: str) -> list[Filter]:
    return [Condition(f"{path}state", "is", lifecycle.HELD)]


def _between(field: str, first: date, last: date) -> list[Filter]:
    return [Condition(field, "ge", first), Condition(field, "le", last)]


def _from(origin: str) -> list[Filter]:
    """Rows of the public catalogue stay out of the office's own totals; an organisation of no known origin is the office's."""
    op = {OWN: "is_not", CATALOGUE: "is"}.get(origin)
    return [] if op is None else [Condition("organisation.origin", op, CATALOGUE)]


def read_facts(uow: UnitOfWork, span: Span) -> Facts:
    """Read what the totals of a span are made of: two queries.

    Raises:
        AccessDenied: events or participations may not be read.
        InvalidInput: a field that the totals go by may not be read.
    """
    return Facts(_events(uow, span), _parts(uow, span))


def _events(uow: UnitOfWork, span: Span) -> list[EventFact]:
    _require(uow, "event", "kind", "when", "region", "people_count")
    columns = (Event.id, Event.kind_of, Event.starts_at, Event.region, Event.people_count)
    ids = matching_ids(uow, "event", span.events())
    rows = uow.session.execute(select(*columns).where(Event.id.in_(ids)).order_by(Event.starts_at, Event.id))
    return [
        EventFact(
            row.id,
            row.kind_of,
            local_day(row.starts_at, uow.zone),
            next(iter(as_of((row.region or NOWHERE,), span.last)), NOWHERE),
            row.people_count or 0,
        )
        for row in rows
    ]


def _require(uow: UnitOfWork, type_key: str, *names: str) -> None:
    """A total tells its parts: whoever may not read what it goes by does not get it."""
    readable = uow.access.readable(type_key)
    if readable is not None and not readable.issuperset(names):
        raise AccessDenied


def _parts(uow: UnitOfWork, span: Span) -> list[PartFact]:
    _require(uow, "participation", "event", "status", "organisation", "region")
    ids = matching_ids(uow, "participation", span.participations())
    parts: Any = Participation.__table__
    organisations: Any = Organisation.__table__
    columns = (parts.c.event_id, parts.c.organisation_id, parts.c.region, parts.c.regions)
    kinds = (organisations.c.kind_of, organisations.c.region_rule)
    source = parts.outerjoin(organisations, organisations.c.id == parts.c.organisation_id)
    statement = select(*columns, *kinds, func.count().label("number")).select_from(source).where(parts.c.id.in_(ids))
    return [
        PartFact(
            row.event_id,
            row.number,
            row.organisation_id,
            row.kind_of == CLUSTER,
            as_of(_regions(row.region, row.regions), span.last),
            row.region_rule if row.kind_of == CLUSTER else None,
        )
        for row in uow.session.execute(statement.group_by(*columns, *kinds))
    ]


def _regions(region: str | None, regions: Sequence[str] | None) -> tuple[str, ...]:
    if regions:
        return tuple(regions)
    return () if region is None else (region,)


@dataclass(frozen=True, slots=True)
class Counted:
    """One line with its name, as packs and pages show it; `where` narrows the lists behind its numbers to it."""

    label: Label | Message
    line: Line
    events: Filter
    participations: Filter


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened in a span: events held and who attended, in total, by kind and by region, with the rules of the regions."""

    span: Span
    total: Line
    by_kind: tuple[Counted, ...]
    by_region: tuple[Counted, ...]
    #: How things were counted by region; they are printed under every such table.
    rules: tuple[Message, ...]


def activity_between(uow: UnitOfWork, first: date, last: date, *, origin: str = OWN) -> Activity:
    """Give the events held between two days (both included) and those who attended, for pages, packs and reports.

    Raises:
        AccessDenied, InvalidInput: as `read_facts`.
    """
    return activity_of(uow, span := Span(first, last, origin), read_facts(uow, span))


def activity_of(uow: UnitOfWork, span: Span, facts: Facts) -> Activity:
    """Sum up what was read; see `activity_between`."""
    rules_ = (PLACES_RULE, rule_words(part.region_rule for part in facts.parts))
    return Activity(span, facts.total(), _kinds(uow, span, facts), _by_region(span, facts), rules_)


def _kinds(uow: UnitOfWork, span: Span, facts: Facts) -> tuple[Counted, ...]:
    names = {option.key: option.label for option in uow.registry.get("event").by_name["kind"].options}
    return tuple(
        Counted(
            names[line.key],
            line,
            All((*span.events().parts, Condition("kind", "is", line.key))),
            All((*span.participations().parts, Condition("event.kind", "is", line.key))),
        )
        for line in facts.by_kind(names)
    )


def _by_region(span: Span, facts: Facts) -> tuple[Counted, ...]:
    names: dict[str, Label | Message] = {option.key: option.label for option in REGIONS}
    names[NOWHERE] = NO_REGION
    found = []
    for line in facts.by_region(home_regions(span.last)):
        events, parts = in_region(line.key, span.last)
        where = All((*span.events().parts, events)), All((*span.participations().parts, parts))
        found.append(Counted(names[line.key], line, *where))
    return tuple(found)


def in_region(key: str, day: date) -> tuple[Filter, Filter]:
    """Give the conditions of the events and of the participations that count in a region of a day, in whole or in part."""
    if key == NOWHERE:
        return Condition("region", "empty"), Condition("region", "empty")
    keys = tuple(merged_into(key, day))
    part = Any_((Condition("region", "in", keys), Condition("regions", "has_any", keys)))
    return Condition("region", "in", keys), part


#: How events and participants are counted by region.
PLACES_RULE: Final = N_("Events count where they were held, participants where their organisation belonged on that day.")
NO_REGION: Final = N_("No region")
