"""Date fields: a day or a moment, with or without an end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crm.kernel.clock import day_start
from crm.records.fields import KINDS, DateValue, ValueProblem
from crm.records.types import Column, Spine
from tests.support.hostile import HOSTILE
from tests.unit.records.field_laws import ZONE, check_form, check_hostile, check_round_trips, cleaned, field, refusal

DAY = field("date", Column(("x",)), config={"store": "day"})
DAYS = field("date", Column(("x", "y")), config={"store": "day", "end": "optional"})
SPINE_DAY = field("date", Spine(("due_at",)))
ANY = field("date", Column(("x", "y", "all_day")), config={"time": "optional", "end": "optional"})
TIME = field("date", Column(("x", "y")), config={"time": "required", "end": "optional"})
EXTRA = field("date", config={"time": "optional", "end": "optional"})
RANGE = field("date", config={"end": "required"})

DATES = st.dates(date(1800, 1, 2), date(2200, 12, 30))
MOMENTS = st.integers(0, 400 * 365 * 24 * 60).map(lambda minutes: datetime(1800, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes))


def is_shown_unambiguously(moment: datetime) -> bool:
    """Say whether a form's local time means this moment: not in October's double hour."""
    local = moment.astimezone(ZoneInfo(ZONE))
    return local.replace(tzinfo=ZoneInfo(ZONE), fold=0).astimezone(UTC) == moment


@given(start=DATES, length=st.integers(0, 400))
def test_days_and_periods_come_back_as_days(start: date, length: int) -> None:
    end = min(start + timedelta(days=length), date(2200, 12, 31))
    for item in (DAY, DAYS, SPINE_DAY, ANY, EXTRA):
        check_round_trips(item, DateValue(start))
        check_form(item, DateValue(start))
    for item in (DAYS, ANY, EXTRA, RANGE):
        check_round_trips(item, DateValue(start, end))
        check_form(item, DateValue(start, end))


@given(start=MOMENTS, length=st.integers(0, 100_000))
def test_moments_come_back_as_moments(start: datetime, length: int) -> None:
    end = min(start + timedelta(minutes=length), datetime(2200, 12, 31, tzinfo=UTC))
    for value in (DateValue(start, None, all_day=False), DateValue(start, end, all_day=False)):
        for item in (ANY, TIME, EXTRA):
            check_round_trips(item, value)


@given(start=st.integers(0, 300 * 365 * 24 * 60).map(lambda minutes: datetime(1900, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)))
def test_a_form_shows_moments_to_the_minute(start: datetime) -> None:
    end = start + timedelta(minutes=90)
    assume(is_shown_unambiguously(start) and is_shown_unambiguously(end))
    for item in (ANY, TIME, EXTRA):
        check_form(item, DateValue(start, end, all_day=False))


@settings(max_examples=1000)
@given(raw=HOSTILE)
def test_hostile_values_are_dates_between_1800_and_2200_or_refused(raw: object) -> None:
    check_hostile((DAY, DAYS, SPINE_DAY, ANY, TIME, EXTRA, RANGE), raw)


@given(start=DATES)
def test_a_day_stands_in_a_slot_as_local_midnight(start: date) -> None:
    assert KINDS["date"].slot_value(EXTRA, DateValue(start), ZONE) == day_start(start, ZONE)
    assert DateValue(start).first_day(ZONE) == start


@pytest.mark.parametrize("text", ["27-04-2027", "27.4.2027", "27/4 2027", "2027-04-27", " 27 - 04 - 2027 ", "27. 4. 2027"])
def test_days_are_read_as_danes_write_them(text: str) -> None:
    assert cleaned(EXTRA, text) == DateValue(date(2027, 4, 27))


@pytest.mark.parametrize(
    "text", ["27-04-2027 kl. 10.30", "27-04-2027 10:30", "2027-04-27T10:30", "2027-04-27T08:30:59Z", "27.4.2027, 10.30"]
)
def test_moments_are_read_in_the_offices_time_and_to_the_minute(text: str) -> None:
    assert cleaned(EXTRA, text) == DateValue(datetime(2027, 4, 27, 8, 30, tzinfo=UTC), None, all_day=False)


def test_a_form_with_an_end_time_alone_ends_on_the_same_day() -> None:
    inputs = {"x.start": "2027-04-27", "x.start_time": "10:00", "x.end": "", "x.end_time": "14:00"}
    value = cleaned(ANY, KINDS["date"].from_form(ANY, inputs))
    assert value == DateValue(datetime(2027, 4, 27, 8, tzinfo=UTC), datetime(2027, 4, 27, 12, tzinfo=UTC), all_day=False)
    assert cleaned(ANY, KINDS["date"].from_form(ANY, {})) is None


def test_refusals_say_why() -> None:
    assert refusal(ANY, {"start": "2027-04-27", "end": "2027-04-26"}) == "The end is before the start."
    assert refusal(ANY, {"start": "2027-04-27", "end": "2027-04-27 10.00"}) == "Give a time for both start and end, or for neither."
    assert refusal(ANY, {"end": "2027-04-27"}) == "There is an end but no start."
    assert refusal(ANY, {"start": "2027-04-27", "until": ""}) == "A date has “start” and “end” only."
    assert refusal(TIME, "2027-04-27") == "A time of day is needed."
    assert refusal(RANGE, "2027-04-27") == "An end is needed."
    assert refusal(DAY, {"start": "2027-04-27", "end": "2027-04-28"}) == "This date has no end."
    for text in ("31-02-2027", "27/4", "1799-12-31", "2201-01-01", "i morgen", "2027-04-27 25.00"):
        assert refusal(ANY, text) == f"“{text}” is not a date. Write for example 27-04-2027."


def test_a_field_without_time_keeps_the_offices_day_of_a_moment() -> None:
    assert cleaned(SPINE_DAY, "2027-04-26T22:30:00Z") == DateValue(date(2027, 4, 27))


def test_a_filter_asks_for_a_day_or_a_moment() -> None:
    kind = KINDS["date"]
    assert kind.operand(TIME, "27-04-2027", ZONE) == date(2027, 4, 27)
    assert kind.operand(DAY, "2027-04-27T08:00:30Z", ZONE) == datetime(2027, 4, 27, 8, 0, 30, tzinfo=UTC)
    assert kind.operand(DAY, DateValue(date(2027, 4, 27)), ZONE) == date(2027, 4, 27)
    with pytest.raises(ValueProblem):
        kind.operand(DAY, "", ZONE)
