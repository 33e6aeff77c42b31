"""Relative days and periods: `@today+7d`, `@month-1`, `@past30d`. Pure; "today" is handed in.

A day is `@today`, with days, weeks, months or years to or fro (`@today-2w`, `@today+3m`). A period is a calendar one (`@week`,
`@month`, `@quarter`, `@year`, the next one `+1`, the last one `-1`), or one that begins or ends today (`@past30d`, `@next12m`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_DAY: Final = re.compile(r"@today(?:(?P<sign>[+-])(?P<number>\d{1,4})(?P<unit>[dwmy]))?", re.ASCII)
_PERIOD: Final = re.compile(
    r"@(?:(?P<name>day|week|month|quarter|year)(?P<step>[+-]\d{1,4})?|(?P<way>past|next)(?P<number>\d{1,4})(?P<unit>[dwmy]))",
    re.ASCII,
)
#: Months of a calendar period.
MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Relative:
    """A day relative to today: `number` of `unit` (d, w, m, y), negative for the past."""

    number: int = 0
    unit: str = "d"


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period (`name`, `number` steps away), or `past` or `next` so many of a `unit`."""

    name: str
    number: int = 0
    unit: str = ""


def read_day(text: object) -> Relative | None:
    """Read a relative day; None when it is none."""
    found = _DAY.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    number = int(found["number"] or 0)
    return Relative(-number if found["sign"] == "-" else number, found["unit"] or "d")


def read_period(text: object) -> Period | None:
    """Read a period; None when it is none."""
    found = _PERIOD.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    if found["way"]:
        return Period(found["way"], int(found["number"]), found["unit"])
    return Period(found["name"], int(found["step"] or 0))


def day_of(relative: Relative, today: date) -> date:
    """Give the day.

    Raises:
        ValueError: it lies beyond the calendar.
    """
    try:
        match relative.unit:
            case "d":
                return today + timedelta(days=relative.number)
            case "w":
                return today + timedelta(weeks=relative.number)
            case "m":
                return months_on(today, relative.number)
            case _:
                return months_on(today, 12 * relative.number)
    except OverflowError:
        raise ValueError(relative) from None


def bounds(period: Period, today: date) -> tuple[date, date]:
    """Give the first day of a period, and the first day after it.

    Raises:
        ValueError: it lies beyond the calendar.
    """
    if period.name == "past":
        return day_of(Relative(-period.number, period.unit), today), today + timedelta(days=1)
    if period.name == "next":
        return today, day_of(Relative(period.number, period.unit), today) + timedelta(days=1)
    return span_of(period.name, today, period.number)


def span_of(name: str, day: date, step: int = 0) -> tuple[date, date]:
    """Give the calendar period in which a day lies, or the one `step` periods on: its first day, and the first day after it.

    Raises:
        ValueError: it lies beyond the calendar.
    """
    if name in MONTHS:
        size = MONTHS[name]
        first = months_on(day.replace(day=1, month=(day.month - 1) // size * size + 1), size * step)
        return first, months_on(first, size)
    days = 7 if name == "week" else 1
    try:
        first = day - timedelta(days=day.weekday() if name == "week" else 0) + timedelta(days=days * step)
        return first, first + timedelta(days=days)
    except OverflowError:
        raise ValueError(name) from None


def months_on(day: date, months: int) -> date:
    """Give the same day so many months later; the last of the month where that month is shorter.

    Raises:
        ValueError: it lies beyond the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError(months)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
