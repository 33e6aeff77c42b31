"""When a task comes again, and under which heading one stands."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.tasks.rules import REPEAT_NAMES, REPEATS, Heading, heading_of, next_day

DAYS = st.dates(date(2000, 1, 1), date(2150, 1, 1))


@pytest.mark.parametrize(
    ("repeats", "due", "today", "expected"),
    [
        ("daily", date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 2)),
        ("workdays", date(2026, 11, 27), date(2026, 11, 27), date(2026, 11, 30)),
        ("weekly", date(2026, 11, 3), date(2026, 12, 1), date(2026, 12, 8)),
        ("fortnightly", date(2026, 11, 2), date(2026, 11, 20), date(2026, 11, 30)),
        ("monthly", date(2027, 1, 31), date(2027, 1, 31), date(2027, 2, 28)),
        ("monthly", date(2027, 1, 31), date(2027, 3, 1), date(2027, 3, 31)),
        ("quarterly", date(2026, 12, 15), date(2026, 12, 1), date(2027, 3, 15)),
        ("yearly", date(2024, 2, 29), date(2025, 1, 1), date(2025, 2, 28)),
    ],
)
def test_a_task_comes_again_after_its_day_and_after_today(repeats: str, due: date, today: date, expected: date):
    assert next_day(repeats, due, today, None) == expected


def test_a_row_ends_on_its_last_day():
    assert next_day("weekly", date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 8)) == date(2026, 12, 8)
    assert next_day("weekly", date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 7)) is None


@given(st.sampled_from(sorted(REPEATS)), DAYS, DAYS)
def test_what_comes_again_lies_ahead_and_always_comes(repeats: str, due: date, today: date):
    found = next_day(repeats, due, today, None)
    assert found is not None
    assert found > max(due, today)
    assert (found - max(due, today)).days <= 366


def test_every_repetition_has_a_name():
    assert set(REPEATS) == set(REPEAT_NAMES)


@pytest.mark.parametrize(
    ("due", "heading"),
    [
        (None, Heading.UNDATED),
        (date(2026, 11, 30), Heading.OVERDUE),
        (date(2026, 12, 1), Heading.TODAY),
        (datetime(2026, 12, 1, 7, 59, tzinfo=UTC), Heading.OVERDUE),
        (datetime(2026, 12, 1, 8, 30, tzinfo=UTC), Heading.TODAY),
        (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), Heading.WEEK),
        (date(2026, 12, 6), Heading.WEEK),
        (date(2026, 12, 7), Heading.LATER),
    ],
)
def test_a_task_stands_under_the_heading_of_its_day(due: date | datetime | None, heading: Heading):
    """It is Tuesday nine o'clock in Copenhagen."""
    assert heading_of(due, datetime(2026, 12, 1, 8, 0, tzinfo=UTC), "Europe/Copenhagen") is heading
