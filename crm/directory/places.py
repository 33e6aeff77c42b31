"""The municipalities as data: read once from `seeds/base`, offered as options, loaded into the reference tables."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from crm.kernel.errors import ConfigError
from crm.kernel.i18n import Label
from crm.kernel.settings import ROOT
from crm.kernel.text import sort_key

BASE: Final = ROOT / "seeds" / "base"
#: There are 98 since 2007; public lists silently lack one now and then, so the number is asserted.
MUNICIPALITIES: Final = 98
LAST_DAY_OF_FIVE: Final = date(2026, 12, 31)


@dataclass(frozen=True, slots=True)
class PlaceData:
    """The reference data as in the files: rows by column name, days still as text."""

    municipalities: tuple[dict[str, str], ...]
    regions: tuple[dict[str, str], ...]
    belongings: tuple[dict[str, str], ...]


def read_rows(path: Path) -> tuple[dict[str, str], ...]:
    """Read a CSV file; lines that begin with # tell its source."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(line for line in file if not line.startswith("#")))


@cache
def place_data() -> PlaceData:
    """Read the files and check that they are whole.

    Raises:
        ConfigError: there are not 98 municipalities, or one lies in no region, or in two, before or after 2027-01-01.
    """
    data = PlaceData(
        municipalities=read_rows(BASE / "municipalities.csv"),
        regions=read_rows(BASE / "regions.csv"),
        belongings=read_rows(BASE / "municipality_regions.csv"),
    )
    codes = [row["code"] for row in data.municipalities]
    if len(codes) != MUNICIPALITIES or len(set(codes)) != MUNICIPALITIES:
        raise ConfigError(f"seeds/base/municipalities.csv holds {len(set(codes))} municipalities, not {MUNICIPALITIES}")
    for day in (LAST_DAY_OF_FIVE.isoformat(), "2027-01-01"):
        there = [row["municipality_code"] for row in data.belongings if row["valid_from"] <= day <= (row["valid_to"] or "9999")]
        if sorted(there) != sorted(codes):
            raise ConfigError(f"seeds/base/municipality_regions.csv does not place each municipality in one region on {day}")
    return data


def municipality_names() -> tuple[tuple[str, str], ...]:
    """Give (code, name) in the order of the Danish alphabet."""
    pairs = ((row["code"], row["name"]) for row in place_data().municipalities)
    return tuple(sorted(pairs, key=lambda pair: sort_key(pair[1])))


@dataclass(frozen=True, slots=True)
class SizeClass:
    """A class of organisations by employees; `below` is the first number that is too many, None for the last class."""

    key: str
    below: int | None
    label: Label


@cache
def size_classes() -> tuple[SizeClass, ...]:
    """Give the size classes, the smallest first."""
    rows = read_rows(BASE / "size_classes.csv")
    return tuple(SizeClass(row["key"], int(row["below"]) if row["below"] else None, Label(row["da"], row["en"])) for row in rows)


@cache
def theme_rows() -> tuple[dict[str, str], ...]:
    """Give the themes (`key`, `da`, `en`) in the order of the list on screen."""
    return read_rows(BASE / "themes.csv")


def region_rows() -> tuple[dict[str, str], ...]:
    """Give the regions (`key`, `name`, days, `country`): those of Denmark, former and coming, and those across the Sound."""
    return place_data().regions
