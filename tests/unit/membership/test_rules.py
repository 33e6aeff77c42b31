"""What a membership is on a day, and why: ordered rules, worked cases, and the days on which it turns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel import format as words
from crm.membership.rules import (
    FIXED,
    ROLLING,
    Facts,
    Period,
    Status,
    first_start,
    following_period,
    next_turn,
    propose_period,
    status_on,
)
from crm.membership.rules import reason as reason_of

YEAR = Facts(date(2026, 1, 1), date(2026, 12, 31), new_days=90, grace_days=30)
RENEWED = Facts(date(2026, 1, 1), date(2026, 12, 31), joined=date(2024, 1, 1), new_days=90, grace_days=30)
OPEN = Facts(date(2026, 1, 1))
GONE = Facts(date(2026, 1, 1), date(2026, 12, 31), cancelled=date(2026, 7, 1), new_days=90, grace_days=30)
NEVER = Facts(date(2026, 3, 1), date(2026, 12, 31), cancelled=date(2026, 2, 1))


@pytest.mark.parametrize(
    ("facts", "on", "status", "reason"),
    [
        (YEAR, "2025-12-31", Status.FUTURE, "Begynder den 01.01.2026."),
        (YEAR, "2026-01-01", Status.NEW, "Medlem siden 01.01.2026; tæller som nyt til og med 31.03.2026."),
        (YEAR, "2026-03-31", Status.NEW, None),
        (YEAR, "2026-04-01", Status.CURRENT, "Gælder til og med 31.12.2026."),
        (YEAR, "2026-12-31", Status.CURRENT, None),
        (YEAR, "2027-01-01", Status.GRACE, "Udløb den 31.12.2026; tæller stadig til og med 30.01.2027 (30 dages henstand)."),
        (YEAR, "2027-01-30", Status.GRACE, None),
        (YEAR, "2027-01-31", Status.EXPIRED, "Udløb den 31.12.2026."),
        (RENEWED, "2026-01-01", Status.CURRENT, None),
        (OPEN, "2040-01-01", Status.CURRENT, "Gælder, til det opsiges."),
        (GONE, "2026-06-30", Status.CURRENT, None),
        (GONE, "2026-07-01", Status.CANCELLED, "Opsagt fra 01.07.2026."),
        (GONE, "2027-06-01", Status.CANCELLED, None),
        (NEVER, "2026-02-10", Status.CANCELLED, None),  # before it began
    ],
)
def test_the_first_rule_that_holds_gives_the_status_and_its_reason(
    facts: Facts, on: str, status: Status, reason: str | None
) -> None:
    assert status_on(facts, date.fromisoformat(on)) is status
    told = reason_of(facts, date.fromisoformat(on), words.day)
    assert reason is None or told("da") == reason


@pytest.mark.parametrize(
    ("kind", "months", "start", "period"),
    [
        (ROLLING, 12, date(2026, 3, 15), Period(date(2026, 3, 15), date(2027, 3, 14))),
        (ROLLING, 12, date(2026, 1, 1), Period(date(2026, 1, 1), date(2026, 12, 31))),
        (ROLLING, 6, date(2026, 8, 31), Period(date(2026, 8, 31), date(2027, 2, 27))),
        (ROLLING, None, date(2026, 3, 15), Period(date(2026, 3, 15), None)),
        (FIXED, None, date(2026, 3, 15), Period(date(2026, 3, 15), date(2026, 12, 31))),
        (FIXED, 12, date(2026, 1, 1), Period(date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_a_period_is_proposed_by_the_type(kind: str, months: int | None, start: date, period: Period) -> None:
    assert propose_period(kind, months, start) == period


def test_the_next_period_goes_on_without_a_gap_and_a_year_begins_with_the_year() -> None:
    assert following_period(ROLLING, 12, date(2027, 3, 14)) == Period(date(2027, 3, 15), date(2028, 3, 14))
    assert following_period(FIXED, None, date(2026, 12, 31)) == Period(date(2027, 1, 1), date(2027, 12, 31))
    assert first_start(FIXED, date(2026, 12, 1)) == date(2026, 1, 1)
    assert first_start(ROLLING, date(2026, 12, 1)) == date(2026, 12, 1)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    start = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    end = draw(st.none() | st.integers(0, 800).map(lambda days: start + timedelta(days=days)))
    joined = draw(st.none() | st.integers(0, 900).map(lambda days: start - timedelta(days=days)))
    cancelled = draw(st.none() | st.integers(-100, 1000).map(lambda days: start + timedelta(days=days)))
    return Facts(start, end, joined, cancelled, draw(st.integers(0, 400)), draw(st.integers(0, 120)))


@given(known=facts(), on=st.dates(date(2019, 1, 1), date(2034, 1, 1)))
def test_the_status_turns_on_the_days_that_are_told_and_on_no_other(known: Facts, on: date) -> None:
    turn, now = next_turn(known, on), status_on(known, on)
    last = (turn or on + timedelta(days=2000)) - timedelta(days=1)
    assert last >= on
    for between in {on, on + (last - on) / 2, last}:
        assert status_on(known, between) is now
