"""Dates, times, numbers and relative words as people in Denmark write them; and in English for those who choose it.

The forms are CLDR's (Babel): 07.04.2017 · 7. april 2017 · fredag den 7. april 2017 · 14.05 · 1.234.567,50 kr. · 70,5 %.
A no-break space stands before `kr.` and `%`, and after `kl.`. All functions are pure: the language, the office's zone and
"now" are handed in. `parse_*` lives in `kernel.typed`.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from crm.kernel.i18n import N_, Label

Style = Literal["short", "medium", "long", "full"]
NBSP: Final = "\u00a0"
#: Beyond this many days a relative word says less than a date.
RELATIVE_DAYS: Final = 60

#: The hour of the day until which each greeting is used (English has no word of its own for the late morning).
_GREETINGS: Final = (
    (5, Label(da="Hej", en="Hello")),
    (10, Label(da="Godmorgen", en="Good morning")),
    (12, Label(da="God formiddag", en="Good morning")),
    (18, Label(da="God eftermiddag", en="Good afternoon")),
    (24, Label(da="Godaften", en="Good evening")),
)
_LOCALES: Final = {"da": "da_DK", "en": "en_GB"}


def _babel(locale: str) -> str:
    return _LOCALES.get(locale, "da_DK")


def day(value: date, locale: str = "da", style: Style = "short") -> str:
    """Word a calendar day: short 07.04.2017, medium 7. apr. 2017, long 7. april 2017, full fredag den 7. april 2017."""
    return _day(value, locale, style)


@lru_cache(maxsize=4096)
def _day(value: date, locale: str, style: Style) -> str:
    # Babel takes some sixty microseconds for a date, and a list shows the same few over and over.
    return format_date(value, format=style, locale=_babel(locale))


def weekday(value: date, locale: str = "da") -> str:
    """Name the day of the week: fredag."""
    return format_date(value, format="EEEE", locale=_babel(locale))


def month(value: date, locale: str = "da") -> str:
    """Name the month of a day, with its year: april 2017."""
    return format_date(value, format="MMMM y", locale=_babel(locale))


def clock_time(value: time, locale: str = "da", *, word: bool = False) -> str:
    """Word a time of day: 14.05 in Danish, 14:05 in English; with `word` also "kl." before it."""
    text = f"{value.hour:02}{':' if locale == 'en' else '.'}{value.minute:02}"
    if locale == "en":
        return text
    return f"kl.{NBSP}{text}" if word else text


def local(value: datetime, zone: str) -> datetime:
    """Give a moment as the office's wall clock shows it."""
    return value.astimezone(ZoneInfo(zone))


def moment(value: datetime, locale: str = "da", *, zone: str, style: Style = "short") -> str:
    """Word a moment in the office's zone: 07.04.2017 kl. 14.05."""
    here = local(value, zone)
    return f"{day(here.date(), locale, style)} {clock_time(here.time(), locale, word=True)}"


def span(start: datetime, end: datetime | None, locale: str = "da", *, zone: str, style: Style = "full") -> str:
    """Word when something is held: fredag den 7. april 2017 kl. 10.00–12.00; both days when it ends on another."""
    first = local(start, zone)
    text = moment(start, locale, zone=zone, style=style)
    if end is None:
        return text
    last = local(end, zone)
    if last.date() == first.date():
        return f"{text}–{clock_time(last.time(), locale)}"
    return f"{text} – {moment(end, locale, zone=zone, style=style)}"


def day_span(start: date, end: date | None, locale: str = "da", style: Style = "short") -> str:
    """Word whole days: 07.04.2017, or 07.04.2017–09.04.2017."""
    if end is None or end == start:
        return day(start, locale, style)
    dash = "–" if style == "short" else " – "
    return f"{day(start, locale, style)}{dash}{day(end, locale, style)}"


def iso_week(value: date) -> tuple[int, int]:
    """Give (ISO year, week): 2027-01-01 lies in week 53 of 2026, 2024-12-30 in week 1 of 2025."""
    year, week, _ = value.isocalendar()
    return year, week


def week(value: date, locale: str = "da") -> str:
    """Name the ISO week: uge 53."""
    return N_("week %(number)s", number=iso_week(value)[1])(locale)


def number(value: Decimal | float, locale: str = "da", *, decimals: int | None = None) -> str:
    """Write a number: 1.234,5. Without `decimals` as many as it has, at most four."""
    pattern = "#,##0.####" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=_babel(locale))


def money(value: Decimal | int, locale: str = "da", *, currency: str = "DKK") -> str:
    """Write an amount: 1.234.567,50 kr. with a no-break space."""
    if locale == "en":
        return f"{currency}{NBSP}{format_decimal(value, format='#,##0.00', locale='en_GB')}"
    return format_currency(value, currency, locale="da_DK")


def percent(value: Decimal | float, locale: str = "da", *, decimals: int | None = None, prose: bool = False) -> str:
    """Write a share (0.705 → 70,5 %); in running text (`prose`) the public sector writes 70,5 pct."""
    digits = "#,##0.#" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    if locale == "en":
        return format_percent(value, format=f"{digits}%", locale="en_GB")
    text = format_percent(value, format=f"{digits}{NBSP}%", locale="da_DK")
    return text.replace("%", "pct.") if prose else text


def relative_day(value: date, today: date, locale: str = "da") -> str:
    """Word a day by its distance: i dag, i går, i morgen, for 3 dage siden, om 3 dage; a far one as a date."""
    days = (value - today).days
    if abs(days) > RELATIVE_DAYS:
        return day(value, locale, "long")
    if days in (-1, 0, 1):
        return (N_("today"), N_("tomorrow"), N_("yesterday"))[days](locale)
    if days < 0:
        return N_("%(days)s days ago", days=-days)(locale)
    return N_("in %(days)s days", days=days)(locale)


def relative_moment(value: datetime, now: datetime, locale: str = "da", *, zone: str) -> str:
    """Word a past moment: lige nu, for 5 minutter siden, i dag kl. 14.05, i går kl. 09.30, else date and time."""
    minutes = int((now - value).total_seconds() // 60)
    if 0 <= minutes < 1:
        return N_("just now")(locale)
    if minutes == 1:
        return N_("1 minute ago")(locale)
    if 1 < minutes < 60:
        return N_("%(minutes)s minutes ago", minutes=minutes)(locale)
    here, today = local(value, zone), local(now, zone).date()
    at = clock_time(here.time(), locale, word=True)
    if abs((here.date() - today).days) <= 1:
        return f"{relative_day(here.date(), today, locale)} {at}"
    return f"{day(here.date(), locale)} {at}"


def greeting(now: datetime, locale: str = "da", *, zone: str) -> str:
    """Greet by the office's hour: Hej to 5, Godmorgen to 10, God formiddag to 12, God eftermiddag to 18, Godaften after."""
    hour = local(now, zone).hour
    return next(word for until, word in _GREETINGS if hour < until)(locale)


def listing(parts: list[str], locale: str = "da") -> str:
    """Join words: a, b og c."""
    if len(parts) < 2:
        return "".join(parts)
    return N_("%(first)s and %(last)s", first=", ".join(parts[:-1]), last=parts[-1])(locale)


def phone(value: str) -> str:
    """Write a Danish number in pairs: +45 72 31 79 01; any other as it is."""
    if len(value) == 11 and value.startswith("+45") and value.isascii() and value[1:].isdecimal():  # as numbers are kept
        return NBSP.join(("+45", value[3:5], value[5:7], value[7:9], value[9:]))
    digits = value if value.isdecimal() else "".join(sign for sign in value if sign.isdigit())
    if value.strip().startswith(("+45", "0045")):
        digits = digits.removeprefix("00").removeprefix("45")
    elif value.strip().startswith(("+", "00")):
        return value
    if len(digits) != 8:
        return value
    return NBSP.join(("+45", digits[:2], digits[2:4], digits[4:6], digits[6:]))
