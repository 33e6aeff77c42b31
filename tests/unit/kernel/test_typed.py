"""What people type, and what is made of it."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel import format as words
from crm.kernel.typed import UnreadableError, parse_day, parse_number, parse_time

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    "text",
    [
        "27.4.2027",
        "27.04.2027",
        "27-04-2027",
        "2027-04-27",
        "27/4-2027",
        "27/4/27",
        "27/4",
        "27.4.",
        "27. april 2027",
        "27. apr.",
        "den 27. april",
        "tirsdag den 27. april 2027",
        "27\u00a0april\u00a02027",
    ],
)
def test_all_usual_ways_to_write_a_day_are_read(text):
    assert parse_day(text, today=TODAY) == date(2027, 4, 27)


def test_a_day_without_a_year_is_the_nearest_one():
    assert parse_day("27/4", today=date(2026, 12, 1)) == date(2027, 4, 27)
    assert parse_day("27/4", today=date(2026, 5, 20)) == date(2026, 4, 27)
    assert parse_day("30/11", today=date(2026, 12, 1)) == date(2026, 11, 30)
    assert parse_day("29/2", today=date(2027, 12, 1)) == date(2028, 2, 29)


def test_words_for_days_are_read():
    assert parse_day("i dag", today=TODAY) == TODAY
    assert parse_day(" I morgen ", today=TODAY) == date(2026, 12, 2)
    assert parse_day("i går", today=TODAY) == date(2026, 11, 30)


@pytest.mark.parametrize("text", ["", "snart", "31.2.2027", "27.13.2027", "2027", "1/2/3/4", "29.2.2027", "0.0.2027"])
def test_what_is_no_day_is_refused_in_words(text):
    with pytest.raises(UnreadableError) as caught:
        parse_day(text, today=TODAY)
    assert caught.value.message("da").endswith(("27.04.2027.", "findes ikke."))


@pytest.mark.parametrize("text", ["10.00", "10:00", "kl. 10", "kl 10.00", "10", "1000", "10.00.00"])
def test_all_usual_ways_to_write_a_time_are_read(text):
    assert parse_time(text) == time(10, 0)


@pytest.mark.parametrize("text", ["", "24.00", "10.60", "ti", "10.0.0.0", "99"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(UnreadableError, match="is not a time"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1.234", "1234"),
        ("1234,5", "1234.5"),
        ("12.5", "12.5"),
        ("0.500", "0.500"),
        ("-3,5", "-3.5"),
        ("−3,5", "-3.5"),
        ("1\u00a0234,50", "1234.50"),
        ("1.234.567,50 kr.", "1234567.50"),
        ("70,5 %", "70.5"),
    ],
)
def test_danish_numbers_are_read(text, value):
    assert parse_number(text) == Decimal(value)


def test_english_numbers_are_read_in_english():
    assert parse_number("1,234.5", "en") == Decimal("1234.5")
    assert parse_number("1,234", "en") == Decimal(1234)
    assert parse_number("1.234,5", "en") == Decimal("1234.5")


@pytest.mark.parametrize("text", ["", "tre", "1.2.3", "1,2,3", "--1", "1e5", "NaN"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(UnreadableError, match="is not a number"):
        parse_number(text)


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)), st.sampled_from(["short", "medium", "long", "full"]))
def test_every_day_we_write_in_danish_we_can_read(day, style):
    assert parse_day(words.day(day, "da", style), today=TODAY) == day


@given(st.times())
def test_every_time_we_write_we_can_read(value):
    shown = value.replace(second=0, microsecond=0, fold=0)
    assert parse_time(words.clock_time(shown)) == shown
    assert parse_time(words.clock_time(shown, word=True)) == shown
    assert parse_time(words.clock_time(shown, "en")) == shown


@given(st.decimals(-(10**9), 10**9, places=4), st.sampled_from(["da", "en"]))
def test_every_number_we_write_we_can_read(value, locale):
    assert parse_number(words.number(value, locale), locale) == value


@given(st.integers(-182, 182))
def test_a_short_day_within_half_a_year_is_read_back(days):
    day = TODAY + timedelta(days=days)
    assert parse_day(f"{day.day}/{day.month}", today=TODAY) == day
