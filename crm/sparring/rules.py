"""Pure decisions about sparrings: what goes together, when a promise is due, and what becomes of its task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from crm.kernel.workdays import after_open_days

#: A next step is due so many working days after the talk, unless another day is given.
DUE_IN: Final = 5
#: The form of a sparring at which we have a role of our own.
STRATEGY_MEETING: Final = "strategy_meeting"
#: What is set when nobody has followed a referral up yet.
NOT_FOLLOWED: Final = "not_followed"
#: Buttons of the form, and the one that is pressed at first.
MINUTES: Final = (5, 15, 30, 60)
USUAL_MINUTES: Final = 15


def default_due(held: date) -> date:
    """Give the day on which a promise made on a day is due."""
    return after_open_days(held, DUE_IN)


def title_of(person: str | None, held: date | None, word: str = "Sparring") -> str:
    """Give the name of a sparring: whom it was with, and the day."""
    day = "" if held is None else f"{held:%d.%m.%Y}"
    return ", ".join(part for part in (person or word, day) if part)


@dataclass(frozen=True, slots=True)
class Promise:
    """The next step of a sparring: what, who (a user) and when."""

    step: str | None
    owner: int | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class PromisedTask:
    """A task about the sparring, as far as it matters here."""

    id: int
    title: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of the task of a promise: one is written, one is changed, or one is taken away; or nothing."""

    write: bool = False
    change: int | None = None
    drop: int | None = None


def outcome_of(old: Promise, new: Promise, tasks: Sequence[PromisedTask]) -> Outcome:
    """Say what follows for the tasks when a promise changes.

    The task of a promise is the open one that still says what the promise said: one that a colleague has reworded or done
    lives on by itself. A task that already says the new promise (an undo brought it back) is not written twice.
    """
    if old == new:
        return Outcome()
    own = next((task.id for task in tasks if task.is_open and old.step is not None and task.title == old.step), None)
    if new.step is None:
        return Outcome(drop=own)
    if own is not None:
        return Outcome(change=own)
    kept = any(task.title == new.step for task in tasks)
    return Outcome(write=new.step != old.step and not kept)


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give what must be set or emptied so that a sparring's values go together.

    A role of ours is for strategy meetings, a referral begins as not followed up, and who and when belong to a next step.
    """
    found: dict[str, Any] = {}
    if values.get("channel") != STRATEGY_MEETING:
        found["our_role"] = None
    if values.get("referred_to") is None:
        found["led_to"] = None
    elif values.get("led_to") is None:
        found["led_to"] = NOT_FOLLOWED
    if not values.get("next_step"):
        found.update(next_owner=None, next_due=None)
    return found


@dataclass(frozen=True, slots=True)
class Bucket:
    """A month, quarter or year, as far as it lies within the days that are counted; both days are included."""

    first: date
    last: date
    #: The year, and the number of the month or quarter in it (0 for a whole year).
    year: int
    number: int
    #: month, quarter or year.
    unit: str = "month"


#: Months of each unit that totals go by.
UNITS: Final[Mapping[str, int]] = {"month": 1, "quarter": 3, "year": 12}
#: So many bars at most: a longer time is counted by the next larger unit.
MOST_BUCKETS: Final = 60


def buckets_between(first: date, last: date, unit: str) -> list[Bucket]:
    """Cut some days into calendar months, quarters or years; by a larger unit where there would be too many."""
    larger = {"month": "quarter", "quarter": "year"}
    while unit in larger and (last.year - first.year + 1) * 12 // UNITS[unit] > MOST_BUCKETS:
        unit = larger[unit]
    months, found, start = UNITS[unit], [], first
    while start <= last:
        number = (start.month - 1) // months
        ahead = start.year * 12 + (number + 1) * months
        after = date(ahead // 12, ahead % 12 + 1, 1)
        found.append(Bucket(start, min(last, after - timedelta(days=1)), start.year, 0 if months == 12 else number + 1, unit))
        start = after
    return found
