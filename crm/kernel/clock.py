"""The only source of "now", and the office's calendar day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """Give the moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the moment, in UTC."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is moved: tests, and batches of demo history."""

    moment: datetime

    def now(self) -> datetime:
        """Give the moment it stands at."""
        return self.moment


def local_day(moment: datetime, zone: str) -> date:
    """Give the calendar day of a UTC moment in the office's zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def day_start(day: date, zone: str) -> datetime:
    """Give local midnight of a day, in UTC: how an all-day value is kept in a time column."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def seconds_between(start: datetime | None, end: datetime | None) -> int | None:
    """Give how long something took, in whole seconds; None while one of the two moments is not there."""
    return None if start is None or end is None else round((end - start).total_seconds())
