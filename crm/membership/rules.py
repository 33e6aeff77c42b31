"""Pure decisions about memberships: which period one has, and what it is on a day, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from crm.kernel.i18n import N_, Label, Message

ROLLING: Final = "rolling"
FIXED: Final = "fixed"
ONE_DAY: Final = timedelta(days=1)


class Status(StrEnum):
    """What a membership is on a day."""

    NEW = "new"
    CURRENT = "current"
    GRACE = "grace"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FUTURE = "future"


STATUS_NAMES: Final[Mapping[Status, Label]] = {
    Status.NEW: Label(da="Nyt", en="New"),
    Status.CURRENT: Label(da="Gældende", en="Current"),
    Status.GRACE: Label(da="Henstand", en="Grace period"),
    Status.EXPIRED: Label(da="Udløbet", en="Expired"),
    Status.CANCELLED: Label(da="Opsagt", en="Cancelled"),
    Status.FUTURE: Label(da="Kommende", en="To come"),
}
#: The organisation is a member on the day.
MEMBERS: Final = frozenset({Status.NEW, Status.CURRENT, Status.GRACE})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the status of a membership hangs on; days as they stand in the record and in its type.

    `end`: the last day; None: it runs until it is cancelled. `cancelled`: the first day on which it no longer holds.
    """

    start: date
    end: date | None = None
    joined: date | None = None
    cancelled: date | None = None
    new_days: int = 0
    grace_days: int = 0

    @property
    def new_until(self) -> date:
        """The last day on which the member counts as new."""
        return (self.joined or self.start) + timedelta(days=self.new_days - 1)

    @property
    def grace_until(self) -> date | None:
        """The last day on which it still counts after its end."""
        return None if self.end is None else self.end + timedelta(days=self.grace_days)


#: A rule says whether a membership has a status on a day.
Rule = Callable[[Facts, date], bool]


def _cancelled(facts: Facts, day: date) -> bool:
    return facts.cancelled is not None and facts.cancelled <= day


def _future(facts: Facts, day: date) -> bool:
    return day < facts.start


def _new(facts: Facts, day: date) -> bool:
    return day <= facts.new_until and (facts.end is None or day <= facts.end)


def _current(facts: Facts, day: date) -> bool:
    return facts.end is None or day <= facts.end


def _grace(facts: Facts, day: date) -> bool:
    return facts.grace_until is not None and day <= facts.grace_until


#: Asked in this order; the first that holds gives the status.
RULES: Final[tuple[tuple[Status, Rule], ...]] = (
    (Status.CANCELLED, _cancelled),
    (Status.FUTURE, _future),
    (Status.NEW, _new),
    (Status.CURRENT, _current),
    (Status.GRACE, _grace),
    (Status.EXPIRED, lambda _facts, _day: True),
)


def status_on(facts: Facts, day: date) -> Status:
    """Give what a membership is on a day."""
    return next(status for status, holds in RULES if holds(facts, day))


def next_turn(facts: Facts, day: date) -> date | None:
    """Give the first day after a day on which `status_on` may give something else; None: never again."""
    days = [facts.start, facts.new_until + ONE_DAY]
    if facts.end is not None and facts.grace_until is not None:
        days += [facts.end + ONE_DAY, facts.grace_until + ONE_DAY]
    if facts.cancelled is not None:
        days = [one for one in days if one < facts.cancelled] + [facts.cancelled]
    return min((one for one in days if one > day), default=None)


def reason(facts: Facts, day: date, word: Callable[[date], str]) -> Message:
    """Say why a membership is what it is on a day; `word` writes a day in the reader's form."""
    match status_on(facts, day):
        case Status.CANCELLED if facts.cancelled is not None:
            return N_("Cancelled from %(date)s.", date=word(facts.cancelled))
        case Status.FUTURE:
            return N_("Begins on %(date)s.", date=word(facts.start))
        case Status.NEW:
            return N_("Member since %(since)s; counts as new until %(date)s.", **_since(facts, word), date=word(facts.new_until))
        case Status.GRACE if facts.end is not None and facts.grace_until is not None:
            return N_(
                "Ended on %(end)s; still counts until %(date)s (%(days)s days of grace).",
                end=word(facts.end),
                date=word(facts.grace_until),
                days=facts.grace_days,
            )
        case Status.EXPIRED if facts.end is not None:
            return N_("Ended on %(date)s.", date=word(facts.end))
        case _ if facts.end is not None:
            return N_("Runs until %(date)s.", date=word(facts.end))
        case _:
            return N_("Runs until it is cancelled.")


def _since(facts: Facts, word: Callable[[date], str]) -> dict[str, str]:
    return {"since": word(facts.joined or facts.start)}


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a membership, both included; no end: until it is cancelled."""

    start: date
    end: date | None


def propose_period(kind: str, months: int | None, start: date) -> Period:
    """Give the period of a new membership that begins on a day.

    Rolling: so many months, from 15.03 to 14.03; from the last day of a month by the calendar's own reckoning. Fixed: to the end
    of the calendar year.
    """
    if kind == FIXED:
        return Period(start, date(start.year, 12, 31))
    return Period(start, None if months is None else start + relativedelta(months=months) - ONE_DAY)


def following_period(kind: str, months: int | None, end: date) -> Period:
    """Give the period that follows one that ended on a day."""
    return propose_period(kind, months, end + ONE_DAY)


def first_start(kind: str, today: date) -> date:
    """Give the day on which a membership begins that nobody gave a day: today, or the first of the calendar year."""
    return date(today.year, 1, 1) if kind == FIXED else today
