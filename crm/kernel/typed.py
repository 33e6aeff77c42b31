"""What people type, read: Danish dates, times and numbers. ISO forms are read too, in either language.

Two-digit years are 20xx. A date without a year is the nearest such day to today (within about half a year either way), so
that `27/4` typed in December means next April. Nothing is guessed beyond that: what cannot be read is refused by name.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from babel.dates import get_month_names

from crm.kernel.i18n import N_, Message


class UnreadableError(ValueError):
    """The text is not a date, time or number; `message` says so in words."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[./\- ]\s*(\d{1,2})\s*(?:[./\- ]\s*(\d{4}|\d{2})?)?")
_NAMED = re.compile(r"(?:[a-zæøå]+(?: den)? )?(?:den )?(\d{1,2})\.? ?([a-zæøå]{3,9})\.?(?: (\d{4}))?")
_TIME = re.compile(r"(?:kl\.?\s*)?(\d{1,2})(?:\s*[.:]\s*(\d{2})(?:[.:](\d{2}))?)?")
_COMPACT_TIME = re.compile(r"(\d{2})(\d{2})")
_DANISH_NUMBER = re.compile(r"-?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?")
_ENGLISH_NUMBER = re.compile(r"-?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?")
_WORDS: Final = {"i dag": 0, "idag": 0, "today": 0, "i morgen": 1, "tomorrow": 1, "i går": -1, "yesterday": -1}
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-"})


def _tidy(text: str) -> str:
    return " ".join(text.translate(_SPACES).split())


def _month_numbers() -> dict[str, int]:
    names: dict[str, int] = {}
    for locale in ("da_DK", "en_GB"):
        for width in ("wide", "abbreviated"):
            for month, name in get_month_names(width, locale=locale).items():
                names[str(name).casefold().rstrip(".")] = int(month)
    return names


_MONTHS: Final = _month_numbers()


def parse_day(text: str, *, today: date) -> date:
    """Read a day: 27.4.2027, 27-04-2027, 27/4/27, 27/4, 27. april 2027, 2027-04-27, i morgen.

    Raises:
        UnreadableError: it is no such text, or there is no such day.
    """
    tidy = _tidy(text).casefold()
    if tidy in _WORDS:
        return today + timedelta(days=_WORDS[tidy])
    if match := _ISO.fullmatch(tidy):
        return _day(text, int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(tidy):
        return _with_year(text, int(match[1]), int(match[2]), match[3], today)
    if (match := _NAMED.fullmatch(tidy)) and match[2] in _MONTHS:
        return _with_year(text, int(match[1]), _MONTHS[match[2]], match[3], today)
    raise UnreadableError(_no_day(text))


def _no_day(text: str) -> Message:
    return N_("“%(text)s” is not a date. Write it as 27.04.2027.", text=text[:40])


def _day(text: str, year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise UnreadableError(N_("There is no such day as “%(text)s”.", text=text[:40])) from None


def _with_year(text: str, number: int, month: int, year: str | None, today: date) -> date:
    if year:
        return _day(text, int(year) if len(year) == 4 else 2000 + int(year), month, number)
    found = []
    for guess in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(guess, month, number))
        except ValueError:
            continue
    if not found:
        raise UnreadableError(N_("There is no such day as “%(text)s”.", text=text[:40]))
    return min(found, key=lambda day: abs((day - today).days))


def parse_time(text: str) -> time:
    """Read a time of day: 10.00, 10:00, kl. 9, 0930.

    Raises:
        UnreadableError: it is no such text, or there is no such time.
    """
    tidy = _tidy(text).casefold()
    match = _TIME.fullmatch(tidy) or _COMPACT_TIME.fullmatch(tidy)
    if match is not None:
        hour, minute, second = (int(part or 0) for part in (*match.groups(), None)[:3])
        if hour < 24 and minute < 60 and second < 60:
            return time(hour, minute, second)
    raise UnreadableError(N_("“%(text)s” is not a time. Write it as 10.00.", text=text[:40]))


def parse_number(text: str, locale: str = "da") -> Decimal:
    """Read a number: in Danish 1.234,5 (a lone point before exactly three digits parts thousands, any other is a decimal point).

    Raises:
        UnreadableError: it is no number.
    """
    tidy = _tidy(text).replace(" ", "").removesuffix("kr.").removesuffix("%")
    first, second = (_DANISH_NUMBER, _ENGLISH_NUMBER) if locale != "en" else (_ENGLISH_NUMBER, _DANISH_NUMBER)
    for pattern in (first, second):
        if pattern.fullmatch(tidy):
            danish = pattern is _DANISH_NUMBER
            plain = tidy.replace(".", "").replace(",", ".") if danish else tidy.replace(",", "")
            try:
                return Decimal(plain)
            except InvalidOperation:
                break
    raise UnreadableError(N_("“%(text)s” is not a number.", text=text[:40]))
