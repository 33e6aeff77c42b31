"""Reads of the reference tables, and of where organisations count by region."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from crm.directory.models import Municipality, MunicipalityRegion, Organisation, Region
from crm.directory.regions import PRIMARY, Coverage, weights_on


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
