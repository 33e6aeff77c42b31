"""One typed line as a task: `Ring til Anne @mette fredag kl. 10 !`. A small language of its own, so a file of its own. Pure.

What it understands, in Danish and English, anywhere in the line and in any order; the rest is the title:
a person (`@mette`, `@mette.k`), a day (`i dag`, `i morgen`, `fredag`, `næste uge`, `om 3 dage`, `27/4`, `27. april`), a time
(`kl. 14.30`), a repetition (`hver uge`), `!` for high priority.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from crm.kernel.text import clean, sort_key
from crm.records.fields import DateValue

_WEEKDAYS: Final = (
    ("mandag", "monday"),
    ("tirsdag", "tuesday"),
    ("onsdag", "wednesday"),
    ("torsdag", "thursday"),
    ("fredag", "friday"),
    ("lørdag", "saturday"),
    ("søndag", "sunday"),
)
#: Names of days and months in both languages, as numbers: 0 is Monday, 1 is January.
DAY_OF: Final = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_MONTHS: Final = (
    ("jan", "januar", "january"),
    ("feb", "februar", "february"),
    ("mar", "marts", "march"),
    ("apr", "april"),
    ("maj", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("okt", "oct", "oktober", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
MONTH_OF: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NEAR: Final = {"i dag": 0, "idag": 0, "today": 0, "i morgen": 1, "imorgen": 1, "tomorrow": 1, "i overmorgen": 2, "overmorgen": 2}
_UNITS: Final = {"dag": "days", "day": "days", "uge": "weeks", "week": "weeks", "måned": "months", "month": "months"}
#: Small words before a day that say nothing more.
_LEAD: Final = r"(?:(?:på|den|d\.|senest|inden|til|by|on)\s+)?"
_REPEATS: Final = {
    "daily": r"hver dag|dagligt|every day|daily",
    "workdays": r"hver hverdag|every weekday",
    "weekly": r"hver uge|ugentligt|every week|weekly",
    "fortnightly": r"hver anden uge|hver 14\. dag|every second week",
    "monthly": r"hver måned|månedligt|every month|monthly",
    "quarterly": r"hvert kvartal|every quarter|quarterly",
    "yearly": r"hvert år|årligt|every year|yearly",
}


@dataclass(frozen=True, slots=True)
class QuickTask:
    """What a line says. `person` is the word after @, as typed."""

    title: str
    due: DateValue | None = None
    person: str | None = None
    repeats: str | None = None
    high: bool = False


def _word(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S){_LEAD}(?:{pattern})(?=[\s,.:;]|$)", re.IGNORECASE)


def safe_day(year: int, month: int, day: int) -> date | None:
    """Give a day; None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_year(match: re.Match[str], month: int, today: date) -> date | None:
    """Give the day in the year that was written, or the next one to come."""
    day, written = int(match["d"]), match["y"]
    if written:
        return safe_day(int(written) + (2000 if len(written) == 2 else 0), month, day)
    found = safe_day(today.year, month, day)
    return found if found is not None and found >= today else safe_day(today.year + 1, month, day)


def _near(match: re.Match[str], today: date) -> date | None:
    return today + timedelta(days=_NEAR[" ".join(match["near"].lower().split())])


def _weekday(match: re.Match[str], today: date) -> date | None:
    """The next such day: today's own name is the one in a week; "next" before it, the one in the week after this."""
    wanted = DAY_OF[match["weekday"].lower()]
    if match["next"]:
        return today + timedelta(days=7 - today.weekday() + wanted)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _ahead(match: re.Match[str], today: date) -> date | None:
    number = int(match["n"]) if match["n"].isdecimal() else 1
    unit = next(name for word, name in _UNITS.items() if match["unit"].lower().startswith(word))
    steps = {"days": relativedelta(days=number), "weeks": relativedelta(weeks=number), "months": relativedelta(months=number)}
    return today + steps[unit]


def _next_week(_match: re.Match[str], today: date) -> date | None:
    return today + timedelta(days=7 - today.weekday())


_Finder = Callable[[re.Match[str], date], date | None]
_DAYS: Final[tuple[tuple[re.Pattern[str], _Finder], ...]] = (
    (_word("(?P<near>" + "|".join(_NEAR).replace(" ", r"\s+") + ")"), _near),
    (_word(rf"(?P<next>(?:næste|next)\s+)?(?P<weekday>{'|'.join(DAY_OF)})"), _weekday),
    (_word(r"(?:næste uge|next week)"), _next_week),
    (_word(r"(?:om|in)\s+(?P<n>\d{1,3}|en|et|a|one)\s+(?P<unit>dage?|days?|uger?|weeks?|måned(?:er)?|months?)"), _ahead),
    (
        _word(r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})(?:[-/.](?P<y>\d{4}|\d{2}))?\.?"),
        lambda match, today: _in_year(match, int(match["m"]), today),
    ),
    (
        _word(rf"(?P<d>\d{{1,2}})\.?\s+(?P<month>{'|'.join(sorted(MONTH_OF, key=len, reverse=True))})\.?(?:\s+(?P<y>\d{{4}}))?"),
        lambda match, today: _in_year(match, MONTH_OF[match["month"].lower()], today),
    ),
)
_CLOCK: Final = re.compile(r"(?<!\S)(?:kl\.?|at)\s*(?P<h>\d{1,2})(?:[.:](?P<m>\d{2}))?(?=[\s,;]|\.?$)", re.IGNORECASE)
_PERSON: Final = re.compile(r"(?<!\S)@(?P<name>[\w.\-]{1,60}?)(?=[\s,;]|\.?$)")
_HIGH: Final = re.compile(r"(?<!\S)!+(?!\S)|(?<=\S)\s*!{2,}$")


def read_line(text: str, today: date, zone: str) -> QuickTask:
    """Read a line; what is not understood stays in the title."""
    rest = clean(text[:600])[:500]
    repeats = None
    for key, pattern in _REPEATS.items():
        rest, found = _take(rest, _word(pattern))
        repeats = key if found is not None else repeats
    rest, person = _take(rest, _PERSON)
    rest, clock = _take(rest, _CLOCK, lambda match: int(match["h"]) < 24 and int(match["m"] or 0) < 60)
    rest, high = _take(rest, _HIGH)
    rest, day = _take_day(rest, today)
    if day is None and (clock is not None or repeats is not None):
        day = today
    due = None if day is None else DateValue(day)
    if day is not None and clock is not None:
        local = datetime.combine(day, time(int(clock["h"]), int(clock["m"] or 0)), ZoneInfo(zone))
        due = DateValue(local.astimezone(UTC), all_day=False)
    title = re.sub(r"\s+([,;:.])", r"\1", " ".join(rest.split())).strip(" ,;:").removesuffix(",.")
    return QuickTask(title, due, None if person is None else person["name"], repeats, high is not None)


def _take(
    text: str, pattern: re.Pattern[str], fits: Callable[[re.Match[str]], bool] = lambda _match: True
) -> tuple[str, re.Match[str] | None]:
    """Take the last match out of a text."""
    found = [match for match in pattern.finditer(text) if fits(match)]
    if not found:
        return text, None
    last = found[-1]
    return f"{text[: last.start()]} {text[last.end() :]}", last


def _take_day(text: str, today: date) -> tuple[str, date | None]:
    """Take the day that stands furthest to the right: "Møde om fredag i morgen" is about Friday, and due tomorrow."""
    best: tuple[int, re.Match[str], date] | None = None
    for pattern, find in _DAYS:
        for match in pattern.finditer(text):
            day = find(match, today)
            if day is not None and (best is None or match.end() > best[0]):
                best = match.end(), match, day
    if best is None:
        return text, None
    _, match, day = best
    return f"{text[: match.start()]} {text[match.end() :]}", day


def dotted(text: str, names: Iterable[str]) -> str:
    """Write whole names after an @ as one word each: `@Mette Krogh` as `@Mette.Krogh`, as a list of people offers them."""
    for name in sorted(names, key=len, reverse=True):
        if " " in name:
            text = re.sub(rf"(?<!\S)@{re.escape(name)}(?!\w)", "@" + name.replace(" ", "."), text, flags=re.IGNORECASE)
    return text


def person_of(word: str, users: Mapping[int, tuple[str, str]]) -> int | None:
    """Find the user that a word after @ means; None when it is nobody, or more than one.

    Args:
        word: as typed, without the @.
        users: those that may be meant: their name and user name, by id.
    """
    wanted = sort_key(word.rstrip("."))
    if not wanted:
        return None
    spelled: dict[int, set[str]] = {}
    for user_id, (name, username) in users.items():
        parts = [sort_key(part) for part in name.split()]
        spelled[user_id] = {*parts[:1], ".".join(parts), "".join(parts), sort_key(username), "".join(part[:1] for part in parts)}
    whole = [user_id for user_id, forms in spelled.items() if wanted in forms]
    found = whole or [user_id for user_id, forms in spelled.items() if any(one.startswith(wanted) for one in forms)]
    return found[0] if len(found) == 1 else None
