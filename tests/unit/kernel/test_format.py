"""Dates, times and numbers as domain.md §6.2 has them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from crm.kernel import format as words

ZONE = "Europe/Copenhagen"
FRIDAY = date(2017, 4, 7)
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("style", "danish", "english"),
    [
        ("short", "07.04.2017", "07/04/2017"),
        ("medium", "7. apr. 2017", "7 Apr 2017"),
        ("long", "7. april 2017", "7 April 2017"),
        ("full", "fredag den 7. april 2017", "Friday, 7 April 2017"),
    ],
)
def test_a_day_is_worded_in_both_languages(style, danish, english):
    assert words.day(FRIDAY, "da", style) == danish
    assert words.day(FRIDAY, "en", style) == english


def test_a_time_has_a_dot_in_danish_and_a_colon_in_english():
    assert words.clock_time(time(14, 5)) == "14.05"
    assert words.clock_time(time(14, 5), word=True) == f"kl.{NBSP}14.05"
    assert words.clock_time(time(9, 0), "en", word=True) == "09:00"


def test_weekday_and_month_have_small_letters_in_danish():
    assert words.weekday(FRIDAY) == "fredag"
    assert words.month(FRIDAY) == "april 2017"
    assert words.month(FRIDAY, "en") == "April 2017"


@pytest.mark.parametrize(
    ("utc", "shown"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "01.59"),  # summer time begins: 02.00 becomes 03.00
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "03.00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02.30"),  # summer time ends: 02.30 comes twice
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02.30"),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "03.00"),
    ],
)
def test_a_moment_is_the_offices_wall_clock_on_the_days_when_clocks_change(utc, shown):
    day = words.day(utc.date())
    assert words.moment(utc, zone=ZONE) == f"{day} kl.{NBSP}{shown}"


def test_a_moment_late_in_utc_is_the_next_day_in_denmark():
    assert words.moment(datetime(2026, 6, 30, 22, 30, tzinfo=UTC), zone=ZONE) == f"01.07.2026 kl.{NBSP}00.30"


def test_a_meeting_is_worded_with_weekday_and_both_times():
    start, end = datetime(2017, 4, 7, 8, tzinfo=UTC), datetime(2017, 4, 7, 10, tzinfo=UTC)
    assert words.span(start, end, zone=ZONE) == f"fredag den 7. april 2017 kl.{NBSP}10.00–12.00"
    assert words.span(start, None, zone=ZONE, style="short") == f"07.04.2017 kl.{NBSP}10.00"
    over_night = words.span(start, datetime(2017, 4, 8, 10, tzinfo=UTC), zone=ZONE, style="short")
    assert over_night == f"07.04.2017 kl.{NBSP}10.00 – 08.04.2017 kl.{NBSP}12.00"


def test_whole_days_are_one_date_or_two():
    assert words.day_span(FRIDAY, None) == "07.04.2017"
    assert words.day_span(FRIDAY, FRIDAY) == "07.04.2017"
    assert words.day_span(FRIDAY, date(2017, 4, 9)) == "07.04.2017–09.04.2017"
    assert words.day_span(FRIDAY, date(2017, 4, 9), style="long") == "7. april 2017 – 9. april 2017"


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 12, 31), (2026, 53)),
        (date(2027, 1, 1), (2026, 53)),
        (date(2027, 1, 4), (2027, 1)),
        (date(2024, 12, 30), (2025, 1)),
    ],
)
def test_weeks_are_iso_weeks(day, week):
    assert words.iso_week(day) == week
    assert words.week(day) == f"uge {week[1]}"
    assert words.week(day, "en") == f"week {week[1]}"


def test_numbers_have_points_for_thousands_and_a_decimal_comma():
    assert words.number(Decimal("1234567.5")) == "1.234.567,5"
    assert words.number(412) == "412"
    assert words.number(Decimal("0.1234")) == "0,1234"
    assert words.number(Decimal(2), decimals=2) == "2,00"
    assert words.number(Decimal("-1234.5"), "en") == "-1,234.5"


def test_money_has_a_no_break_space_before_the_unit():
    assert words.money(Decimal("1234567.5")) == f"1.234.567,50{NBSP}kr."
    assert words.money(Decimal("1234567.5"), "en") == f"DKK{NBSP}1,234,567.50"


def test_percent_has_a_no_break_space_and_is_pct_in_running_text():
    assert words.percent(Decimal("0.705")) == f"70,5{NBSP}%"
    assert words.percent(Decimal("0.7")) == f"70{NBSP}%"
    assert words.percent(Decimal("0.7"), prose=True) == f"70{NBSP}pct."
    assert words.percent(Decimal("0.705"), "en") == "70.5%"


@pytest.mark.parametrize(
    ("days", "danish", "english"),
    [
        (0, "i dag", "today"),
        (1, "i morgen", "tomorrow"),
        (-1, "i går", "yesterday"),
        (-3, "for 3 dage siden", "3 days ago"),
        (23, "om 23 dage", "in 23 days"),
        (61, "7. juni 2017", "7 June 2017"),
    ],
)
def test_a_near_day_is_told_by_its_distance(days, danish, english):
    day = date.fromordinal(FRIDAY.toordinal() + days)
    assert words.relative_day(day, FRIDAY) == danish
    assert words.relative_day(day, FRIDAY, "en") == english


def test_a_past_moment_is_told_as_people_do():
    now = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    told = [
        words.relative_moment(when, now, zone=ZONE)
        for when in (
            now,
            datetime(2026, 12, 1, 7, 59, tzinfo=UTC),
            datetime(2026, 12, 1, 7, 55, tzinfo=UTC),
            datetime(2026, 12, 1, 6, 55, tzinfo=UTC),
            datetime(2026, 11, 30, 13, 5, tzinfo=UTC),
            datetime(2026, 11, 25, 13, 5, tzinfo=UTC),
        )
    ]
    assert told == [
        "lige nu",
        "for 1 minut siden",
        "for 5 minutter siden",
        f"i dag kl.{NBSP}07.55",
        f"i går kl.{NBSP}14.05",
        f"25.11.2026 kl.{NBSP}14.05",
    ]


@pytest.mark.parametrize(
    ("hour_utc", "danish"),
    [(2, "Hej"), (5, "Godmorgen"), (9, "God formiddag"), (12, "God eftermiddag"), (19, "Godaften")],
)
def test_the_greeting_follows_the_offices_hour(hour_utc, danish):
    assert words.greeting(datetime(2026, 12, 1, hour_utc, tzinfo=UTC), zone=ZONE) == danish


def test_words_are_joined_with_og():
    assert words.listing([]) == ""
    assert words.listing(["a"]) == "a"
    assert words.listing(["a", "b", "c"]) == "a, b og c"
    assert words.listing(["a", "b"], "en") == "a and b"


def test_a_danish_phone_number_is_written_in_pairs_and_others_are_left_alone():
    expected = f"+45{NBSP}72{NBSP}31{NBSP}79{NBSP}01"
    assert [words.phone(text) for text in ("72317901", "+45 72317901", "0045 72 31 79 01")] == [expected] * 3
    assert words.phone("+46 8 123 45 67") == "+46 8 123 45 67"
    assert words.phone("112") == "112"
