"""In which region an organisation counts on a day, as a participation keeps it."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from crm.directory.places import place_data
from crm.directory.rules import RegionSpan, region_on
from crm.kernel.i18n import Label
from crm.records.types import Option, Values

REGIONS: Final = tuple(Option(row["key"], Label(da=row["name"], en=row["name"])) for row in place_data().regions)


@cache
def _spans() -> dict[str, tuple[RegionSpan, ...]]:
    found: dict[str, list[RegionSpan]] = {}
    for row in place_data().belongings:
        until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
        span = RegionSpan(row["region_key"], date.fromisoformat(row["valid_from"]), until)
        found.setdefault(row["municipality_code"], []).append(span)
    return {code: tuple(spans) for code, spans in found.items()}


def regions_on(organisation: Values, day: date) -> tuple[str, ...]:
    """Give the regions where an organisation counts on a day, in equal parts; none when it is not known where it is."""
    key = region_on(_spans().get(organisation.get("municipality") or "", ()), day)
    return () if key is None else (key,)
