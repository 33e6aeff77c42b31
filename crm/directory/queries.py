"""Reads of the reference tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from crm.directory.models import Municipality, MunicipalityRegion, Region


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
