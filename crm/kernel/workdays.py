"""Which days a Danish office is open: not at weekends, on public holidays, Constitution Day, or between Christmas and New Year.

Public holidays as the law has them since 2024, when *store bededag* ceased to be one; the movable ones follow Easter
(Gregorian computus, Meeus/Jones/Butcher).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache


@cache
def easter(year: int) -> date:
    """Give Easter Sunday."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap, left = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    quarter, odd = divmod(rest, 4)
    week = (32 + 2 * left + 2 * quarter - moon - odd) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Give the public holidays of a year (from 2024): ten, all by name in the test."""
    sunday = easter(year)
    movable = {sunday + timedelta(days=days) for days in (-3, -2, 0, 1, 39, 49, 50)}
    return frozenset({date(year, 1, 1), *movable, date(year, 12, 25), date(year, 12, 26)})


def is_open(day: date) -> bool:
    """Whether the office is open on a day; closed from 22 December to 2 January."""
    at_new_year = (day.month == 12 and day.day >= 22) or (day.month == 1 and day.day <= 2)
    return day.weekday() < 5 and not at_new_year and (day.month, day.day) != (6, 5) and day not in public_holidays(day.year)


def nearest_open_day(day: date) -> date:
    """Give the nearest day on which the office is open; of two, the earlier."""
    for distance in range(20):
        for candidate in (day - timedelta(days=distance), day + timedelta(days=distance)):
            if is_open(candidate):
                return candidate
    raise ValueError(f"no office is closed for so long around {day}")


def after_open_days(day: date, number: int) -> date:
    """Give the day on which the office is open for the `number`-th time after a day."""
    found = day
    for _ in range(number):
        found += timedelta(days=1)
        while not is_open(found):
            found += timedelta(days=1)
    return found
