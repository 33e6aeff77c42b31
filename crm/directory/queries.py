"""Reads of the reference tables, and of organisations and people in time: regions, names, days, positions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from crm.directory.consents import Given
from crm.directory.lifespan import ENDED, Lifespan, Passage, lifespan
from crm.directory.models import Consent, Municipality, MunicipalityRegion, Organisation, OrganisationName, Region
from crm.directory.names import Name, name_on
from crm.directory.regions import PRIMARY, Coverage, weights_on
from crm.kernel.clock import local_day
from crm.records.models import RecordLink, record_table
from crm.records.query import Row, readable_fields, titles
from crm.records.relations import relation_rows, relations_to
from crm.records.work import UnitOfWork


def region_of(session: Session, municipality_code: str, day: date) -> Region | None:
    """Give the region that a municipality lies in on a day; None for a code that is no municipality (0411 Christiansø)."""
    return session.scalars(
        select(Region)
        .join(MunicipalityRegion, MunicipalityRegion.region_key == Region.key)
        .where(
            MunicipalityRegion.municipality_code == municipality_code,
            MunicipalityRegion.valid_from <= day,
            or_(MunicipalityRegion.valid_to.is_(None), MunicipalityRegion.valid_to >= day),
        )
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class RegionSpell:
    """That a municipality lies in a region from a day on."""

    key: str
    name: str
    first_day: date


# Made once, of plain tables: every organisation's page asks it.
_region: Final[Any] = Region.__table__
_spell: Final[Any] = MunicipalityRegion.__table__
_REGIONS_FROM: Final = (
    select(_region.c.key, _region.c.name, _spell.c.valid_from)
    .join(_spell, _spell.c.region_key == _region.c.key)
    .where(
        _spell.c.municipality_code == bindparam("code"),
        or_(_spell.c.valid_to.is_(None), _spell.c.valid_to >= bindparam("day")),
    )
    .order_by(_spell.c.valid_from)
)


def regions_from(session: Session, municipality_code: str, day: date) -> list[RegionSpell]:
    """Give the region that a municipality lies in on a day, and those it is known to lie in later, in order."""
    rows = session.execute(_REGIONS_FROM, {"code": municipality_code, "day": day})
    return [RegionSpell(row.key, row.name, row.valid_from) for row in rows]


def regions_on(session: Session, day: date) -> list[Region]:
    """List the Danish regions that exist on a day, by key: five to 2026-12-31, four after."""
    return list(
        session.scalars(
            select(Region)
            .where(Region.country == "DK", Region.valid_from <= day, or_(Region.valid_to.is_(None), Region.valid_to >= day))
            .order_by(Region.key)
        )
    )


def municipalities_in(session: Session, region_key: str, day: date) -> list[Municipality]:
    """List the municipalities of a region on a day, by code."""
    return list(
        session.scalars(
            select(Municipality)
            .join(MunicipalityRegion, MunicipalityRegion.municipality_code == Municipality.code)
            .where(
                MunicipalityRegion.region_key == region_key,
                MunicipalityRegion.valid_from <= day,
                or_(MunicipalityRegion.valid_to.is_(None), MunicipalityRegion.valid_to >= day),
            )
            .order_by(Municipality.code)
        )
    )


# Plain columns of the organisation's own table: one statement, whatever the number of organisations.
_own: Final[Any] = Organisation.__table__
_COVERAGE: Final = select(_own.c.id, _own.c.municipality_code, _own.c.primary_region, _own.c.regions, _own.c.region_rule)
#: Ids that one statement takes.
_MOST: Final = 5_000


def coverages(session: Session, ids: Collection[int] | None = None) -> dict[int, Coverage]:
    """Give what organisations say of where they count, by id; None asks for all of them.

    Without rights: ask only about what the reader may see, or about totals that name nobody.
    """
    found: dict[int, Coverage] = {}
    wanted = None if ids is None else sorted(ids)
    for start in range(0, 1 if wanted is None else len(wanted), _MOST):
        statement = _COVERAGE if wanted is None else _COVERAGE.where(_own.c.id.in_(wanted[start : start + _MOST]))
        for row in session.execute(statement):
            found[row.id] = Coverage(
                row.municipality_code, row.primary_region, tuple(row.regions or ()), row.region_rule or PRIMARY
            )
    return found


def regions_of_day(session: Session, ids: Collection[int] | None, day: date) -> dict[int, dict[str, Fraction]]:
    """Give the share that each region of a day counts of each organisation, by id, in one statement (`regions.weights_on`).

    An organisation in no known region has no shares. None asks for all organisations. Without rights, as `coverages`.
    """
    return {record_id: weights_on(coverage, day) for record_id, coverage in coverages(session, ids).items()}


def regions_of_days(session: Session, pairs: Iterable[tuple[int, date]]) -> dict[tuple[int, date], dict[str, Fraction]]:
    """Give the same for organisations on days of their own: what attended on many days, in one statement."""
    wanted = set(pairs)
    known = coverages(session, {record_id for record_id, _day in wanted})
    return {(record_id, day): weights_on(known[record_id], day) for record_id, day in wanted if record_id in known}


_name: Final[Any] = OrganisationName.__table__
_link: Final[Any] = RecordLink.__table__


def names_of(uow: UnitOfWork, ids: Collection[int]) -> dict[int, list[Name]]:
    """Give the names in time of organisations, by the organisation's id; one query, none for who may not read names."""
    if not ids or not uow.access.may("read", "organisation_name"):
        return {}
    columns = (_name.c.organisation_id, *(record_table.c[name] for name in ("id", "title", "starts_at", "ends_at")))
    statement = select(*columns).join(record_table, record_table.c.id == _name.c.id)
    statement = statement.where(_name.c.organisation_id.in_(sorted(ids)), record_table.c.deleted_at.is_(None))
    visible = uow.visible(uow.registry.get("organisation_name"))
    found: dict[int, list[Name]] = {}
    for row in uow.session.execute(statement if visible is None else statement.where(visible)):
        first = date.min if row.starts_at is None else local_day(row.starts_at, uow.zone)
        last = None if row.ends_at is None else local_day(row.ends_at, uow.zone)
        found.setdefault(row.organisation_id, []).append(Name(row.title, first, last, row.id))
    return found


def lifespans(uow: UnitOfWork, ids: Collection[int]) -> dict[int, Lifespan]:
    """Give the first and last day of organisations as far as they are known, by id: two queries."""
    if not ids:
        return {}
    own = select(_own.c.id, _own.c.founded, _own.c.ended, record_table.c.state).join(record_table, record_table.c.id == _own.c.id)
    rows = uow.session.execute(own.where(_own.c.id.in_(sorted(ids)))).all()
    earlier: dict[int, list[Passage]] = {}
    later: dict[int, list[Passage]] = {}
    links = select(_link.c.from_id, _link.c.to_id, _link.c.role, _link.c.from_on).where(
        _link.c.field == "successors", or_(_link.c.from_id.in_(sorted(ids)), _link.c.to_id.in_(sorted(ids)))
    )
    for link in uow.session.execute(links):
        later.setdefault(link.from_id, []).append(Passage(link.role, link.from_on))
        earlier.setdefault(link.to_id, []).append(Passage(link.role, link.from_on))
    return {
        row.id: lifespan(row.founded, row.ended, earlier.get(row.id, ()), later.get(row.id, ()), gone=row.state in ENDED)
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class HeldPosition:
    """A position that a person held on a day, at an organisation under its name of that day."""

    role: str
    organisation_id: int
    organisation: str


def positions_on(uow: UnitOfWork, person_ids: Collection[int], day: date) -> dict[int, list[HeldPosition]]:
    """Give the positions that people held on a day, by the person's id, as far as the actor may read them: three queries.

    One that has no first day has always been held, one without a last day still is.
    """
    readable = uow.access.readable("person")
    if not person_ids or (readable is not None and "positions" not in readable):
        return {}
    held = select(_link.c.from_id, _link.c.to_id, _link.c.role).where(
        _link.c.field == "positions",
        _link.c.from_id.in_(sorted(person_ids)),
        or_(_link.c.from_on.is_(None), _link.c.from_on <= day),
        or_(_link.c.to_on.is_(None), _link.c.to_on >= day),
    )
    rows = uow.session.execute(held.order_by(_link.c.from_on, _link.c.id)).all()
    known = titles(uow, {row.to_id for row in rows})
    names = names_of(uow, known)
    found: dict[int, list[HeldPosition]] = {}
    for row in rows:
        if row.to_id in known:
            title = name_on(names.get(row.to_id, ()), day, known[row.to_id].title)
            found.setdefault(row.from_id, []).append(HeldPosition(row.role, row.to_id, title))
    return found


def catalogue_ids(session: Session) -> set[int]:
    """Give the ids of organisations from the public catalogue: they are facts about others, and stay out of the office's totals."""
    return set(session.scalars(select(_own.c.id).where(_own.c.origin == "catalogue")))


_consent: Final[Any] = Consent.__table__


@dataclass(frozen=True, slots=True)
class Written(Given):
    """A consent with the record that holds it."""

    record_id: int = 0


def consents_of(uow: UnitOfWork, person_id: int) -> list[Given] | None:
    """Give a person's consents; None for who may not read them."""
    record_type = uow.registry.get("consent")
    readable = uow.access.readable(record_type.key)
    if not uow.access.may("read", record_type.key) or (readable is not None and not readable >= _SAYS_ALL):
        return None
    columns = (_consent.c[name] for name in ("id", "purpose", "channel", "given_on", "withdrawn_on", "how"))
    statement = select(*columns).join(record_table, record_table.c.id == _consent.c.id)
    statement = statement.where(_consent.c.person_id == person_id, record_table.c.deleted_at.is_(None))
    visible = uow.visible(record_type)
    rows = uow.session.execute(statement if visible is None else statement.where(visible))
    return [Written(row.purpose, row.channel, row.given_on, row.withdrawn_on, row.how, row.id) for row in rows]


#: What says whether a consent holds: who may not read all of it is told nothing.
_SAYS_ALL: Final = frozenset({"person", "purpose", "channel", "given", "withdrawn", "how"})


def protected_among(uow: UnitOfWork, ids: Collection[int]) -> set[int]:
    """Give those of some organisations that are protected from advertising; no question for none, or who may not read it."""
    readable = uow.access.readable("organisation")
    if not ids or (readable is not None and "advertising_protected" not in readable):
        return set()
    statement = select(_own.c.id).where(_own.c.id.in_(sorted(ids)), _own.c.advertising_protected.is_(True))
    return set(uow.session.scalars(statement))


def belonging(uow: UnitOfWork, row: Row, relation_key: str) -> tuple[Row, ...]:
    """Give the first records whose relation (`site.organisation`) points at a record; none for who may not read them."""
    relations = relations_to(uow, uow.registry.get(row.type_key))
    relation = next((one for one in relations if one.key == relation_key), None)
    if relation is None:
        return ()
    return relation_rows(uow, relation, row.id, readable_fields(uow, relation.type, None), limit=_MOST_BELONGINGS)


_MOST_BELONGINGS: Final = 50
