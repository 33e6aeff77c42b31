"""Pure decisions about tasks: when one comes again, and under which heading a day stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, FR, MO, MONTHLY, TH, TU, WE, WEEKLY, YEARLY, rrule, weekday

from crm.kernel.i18n import N_, Label, Message

OPEN: Final = "open"
DONE: Final = "done"
#: How often a task comes again, and what that is to `rrule` (RFC 5545): frequency, interval, weekdays.
REPEATS: Final[Mapping[str, tuple[Literal[0, 1, 2, 3, 4, 5, 6], int, tuple[weekday, ...] | None]]] = {
    "daily": (DAILY, 1, None),
    "workdays": (WEEKLY, 1, (MO, TU, WE, TH, FR)),
    "weekly": (WEEKLY, 1, None),
    "fortnightly": (WEEKLY, 2, None),
    "monthly": (MONTHLY, 1, None),
    "quarterly": (MONTHLY, 3, None),
    "yearly": (YEARLY, 1, None),
}
REPEAT_NAMES: Final = {
    "daily": Label(da="Hver dag", en="Every day"),
    "workdays": Label(da="Hver hverdag", en="Every weekday"),
    "weekly": Label(da="Hver uge", en="Every week"),
    "fortnightly": Label(da="Hver anden uge", en="Every second week"),
    "monthly": Label(da="Hver måned", en="Every month"),
    "quarterly": Label(da="Hvert kvartal", en="Every quarter"),
    "yearly": Label(da="Hvert år", en="Every year"),
}


class Heading(StrEnum):
    """Under which heading of *My tasks* an open one stands."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    UNDATED = "undated"


HEADINGS: Final[Mapping[Heading, Message]] = {
    Heading.OVERDUE: N_("Overdue"),
    Heading.TODAY: N_("Today"),
    Heading.WEEK: N_("This week"),
    Heading.LATER: N_("Later"),
    Heading.UNDATED: N_("Without a date"),
}

#: What is to be done today, or should have been before.
PRESSING: Final = frozenset({Heading.OVERDUE, Heading.TODAY})


def heading_of(due: date | datetime | None, now: datetime, zone: str) -> Heading:
    """Give the heading of an open task.

    Args:
        due: a day, a moment, or none. A task with a time is overdue from that moment, one with a day from the next day.
        now: the moment, in UTC.
        zone: the office's.
    """
    if due is None:
        return Heading.UNDATED
    today = now.astimezone(ZoneInfo(zone)).date()
    day = due.astimezone(ZoneInfo(zone)).date() if isinstance(due, datetime) else due
    if day < today or (isinstance(due, datetime) and due < now):
        return Heading.OVERDUE
    if day == today:
        return Heading.TODAY
    sunday = today + timedelta(days=6 - today.weekday())
    return Heading.WEEK if day <= sunday else Heading.LATER


def next_day(repeats: str, due: date, today: date, until: date | None) -> date | None:
    """Give the day on which a task that was due on a day comes again: the first of its row after that day and after today.

    A task done late is not asked for again for the days that went by. A day that a month lacks is its last one: the 31st of
    each month comes on 28 February.

    Returns:
        None when its row has ended by `until`.
    """
    frequency, interval, weekdays = REPEATS[repeats]
    start, after = datetime.combine(due, time()), datetime.combine(max(due, today), time(23, 59))
    if frequency in {MONTHLY, YEARLY} and due.day > 28:
        # The last of the days up to that one which the month has; by itself RFC 5545 leaves such a month out.
        days, month = tuple(range(28, due.day + 1)), due.month if frequency == YEARLY else None
        row = rrule(frequency, dtstart=start, interval=interval, bymonthday=days, bymonth=month, bysetpos=-1)
    else:
        row = rrule(frequency, dtstart=start, interval=interval, byweekday=weekdays)
    found = row.after(after)
    return None if found is None or (until is not None and found.date() > until) else found.date()
