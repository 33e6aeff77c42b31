"""Loads the reference tables of places. Safe to run again: rows are brought to what the files say, nothing is doubled."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from crm.directory.models import Municipality, MunicipalityRegion, Region
from crm.directory.places import place_data


def load_places(session: Session) -> None:
    """Write regions with their days, the 98 municipalities, and which lay where from when to when.

    Raises:
        ConfigError: the files are not whole.
    """
    data = place_data()
    for row in data.regions:
        session.merge(
            Region(
                key=row["key"],
                code=row["code"] or None,
                name=row["name"],
                seat=row["seat"],
                country=row["country"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
            )
        )
    for row in data.municipalities:
        session.merge(Municipality(code=row["code"], name=row["name"]))
    session.flush()
    for row in data.belongings:
        session.merge(
            MunicipalityRegion(
                municipality_code=row["municipality_code"],
                valid_from=date.fromisoformat(row["valid_from"]),
                region_key=row["region_key"],
                valid_to=_day(row["valid_to"]),
            )
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
