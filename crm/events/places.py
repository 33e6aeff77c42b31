"""Regions as events and participations count in them: those of the event's day, or those of the day that a table goes by."""

from __future__ import annotations

from datetime import date
from typing import Final

from crm.directory.places import place_data
from crm.directory.regions import Coverage, main_region, region_map, weights_on
from crm.kernel.i18n import Label
from crm.records.types import Option, Values

#: Every region there is data about, those that have ended and those that have not begun too.
REGIONS: Final = tuple(Option(row["key"], Label(da=row["name"], en=row["name"])) for row in place_data().regions)
HOME_COUNTRY: Final = "DK"


def regions_on(organisation: Values, day: date) -> tuple[str, ...]:
    """Give the regions where an organisation counts on a day, in equal parts, the main one first; none when it is not known."""
    coverage = Coverage.of(organisation)
    weights = weights_on(coverage, day)
    main = main_region(weights, coverage)
    return () if main is None else (main, *(key for key in weights if key != main))


def region_of_place(municipality: str | None, day: date) -> str:
    """Give the region that a municipality lay in on a day; "" when it is not known."""
    return region_map().region_of(municipality, day) or ""


def as_of(regions: tuple[str, ...], day: date) -> tuple[str, ...]:
    """Give what stands for some regions on another day: Hovedstaden and Sjælland of 2026 are Østdanmark in 2027."""
    found = (key for region in regions for key in region_map().on_day(region, day))
    return tuple(dict.fromkeys(found))


def home_regions(day: date) -> list[str]:
    """Give the keys of the country's own regions on a day: each has its line in a table, even an empty one."""
    here = {row["key"] for row in place_data().regions if row.get("country", HOME_COUNTRY) == HOME_COUNTRY}
    return [key for key in region_map().listed(day) if key in here]


def merged_into(region: str, day: date) -> list[str]:
    """Give every region that counts as one of a day: itself and those that have become it or will."""
    return [option.key for option in REGIONS if region in region_map().on_day(option.key, day)]
