"""Periods begin and end where an office's calendar says, and whatever is typed is either one or none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.filters import All, Condition
from crm.filters.periods import bounds, day_of, months_on, read_day, read_period, span_of
from crm.filters.resolve import Context, resolve
from crm.kernel.errors import InvalidInput

TODAY = date(2026, 12, 1)
days = st.dates(date(1850, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("typed", "first", "after"),
    [
        ("@day", (2026, 12, 1), (2026, 12, 2)),
        ("@day-1", (2026, 11, 30), (2026, 12, 1)),
        ("@week", (2026, 11, 30), (2026, 12, 7)),
        ("@week+1", (2026, 12, 7), (2026, 12, 14)),
        ("@month", (2026, 12, 1), (2027, 1, 1)),
        ("@month-1", (2026, 11, 1), (2026, 12, 1)),
        ("@quarter", (2026, 10, 1), (2027, 1, 1)),
        ("@quarter-1", (2026, 7, 1), (2026, 10, 1)),
        ("@year", (2026, 1, 1), (2027, 1, 1)),
        ("@past30d", (2026, 11, 1), (2026, 12, 2)),
        ("@next6m", (2026, 12, 1), (2027, 6, 2)),
        ("@next2w", (2026, 12, 1), (2026, 12, 16)),
    ],
)
def test_a_period_is_from_its_first_day_until_the_day_after(typed: str, first: tuple[int, int, int], after: tuple[int, int, int]):
    period = read_period(typed)
    assert period is not None
    assert bounds(period, TODAY) == (date(*first), date(*after))


@pytest.mark.parametrize(
    "typed", ["@months", "@month+", "month", "@past", "@past3x", "@next99999d", "@day+99999", "", 5, None, "@wëek"]
)
def test_anything_else_is_no_period(typed: object):
    assert read_period(typed) is None


def test_a_month_without_the_day_ends_on_its_last():
    assert months_on(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_on(date(2028, 2, 29), 12) == date(2029, 2, 28)
    relative = read_day("@today-1y")
    assert relative is not None
    assert day_of(relative, date(2028, 2, 29)) == date(2027, 2, 28)


@given(day=days, name=st.sampled_from(["day", "week", "month", "quarter", "year"]), step=st.integers(-40, 40))
def test_periods_follow_each_other_without_a_gap(day: date, name: str, step: int):
    first, after = span_of(name, day, step)
    assert first < after
    assert span_of(name, day, step + 1)[0] == after
    assert step != 0 or first <= day < after


@pytest.mark.parametrize("condition", [Condition("on", "within", "@year+9999"), Condition("on", "is", "@today-9999y")])
def test_what_lies_beyond_the_calendar_is_refused_in_words(condition: Condition):
    with pytest.raises(InvalidInput, match="beyond the calendar"):
        resolve(condition, lambda _path: "date", Context(None, TODAY))


def test_within_becomes_two_comparisons_of_days():
    found = resolve(Condition("on", "within", "@month"), lambda _path: "date", Context(None, TODAY))
    assert found == All((Condition("on", "ge", date(2026, 12, 1)), Condition("on", "lt", date(2027, 1, 1))))
    with pytest.raises(InvalidInput, match="not a period"):
        resolve(Condition("on", "within", "2026-12"), lambda _path: "date", Context(None, TODAY))


def test_within_of_something_else_than_a_date_is_left_for_the_compiler_to_refuse():
    assert resolve(Condition("name", "within", "@month"), lambda _path: "text", Context(None, TODAY)) == Condition(
        "name", "within", "@month"
    )
