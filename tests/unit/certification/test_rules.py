"""The clock of a certificate: worked cases of the scheme's rules, and laws that hold for any award."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.certification.rules import (
    LEVELS,
    Award,
    Status,
    held_on,
    months_after,
    months_before,
    next_turn,
    predecessor,
    rule_of,
    scheme_on,
    status_on,
    superseded_on,
    term_of,
    valid_until,
)
from crm.certification.schemes import FILE, scheme_rules

RULES = scheme_rules()
NEW = {level: rule_of(RULES, "ecei-2019", level) for level in LEVELS}
OLD = {level: rule_of(RULES, "ecei-2012", level) for level in LEVELS}


def day(text: str) -> date:
    return date.fromisoformat(text)


def award(level: str, assessed: str, replaces: Award | None = None, **more: object) -> Award:
    """An award of the scheme of its day."""
    rule = rule_of(RULES, scheme_on(RULES, day(assessed)), level)
    term = term_of(rule, day(assessed), replaces)
    return Award(level, day(assessed), term.valid_from, term.valid_until, term.renew_by, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("level", "assessed", "scheme", "end"),
    [
        ("bronze", "2019-07-25", "ecei-2012", "2021-07-25"),  # to the day before the revision
        ("gold", "2014-07-01", "ecei-2012", "2016-07-01"),
        ("bronze", "2016-02-29", "ecei-2012", "2018-02-28"),  # a day that the year lacks
        ("silver", "2019-11-14", "ecei-2012", "2021-11-14"),  # the last day of the old version
        ("silver", "2019-11-15", "ecei-2019", "2021-11-30"),  # the first of the new one: month end
        ("gold", "2021-10-05", "ecei-2019", "2023-10-31"),  # MADE
        ("bronze", "2022-02-01", "ecei-2019", "2024-02-29"),  # the end of a leap February
    ],
)
def test_a_first_award_runs_two_years_by_the_version_of_its_day(level: str, assessed: str, scheme: str, end: str) -> None:
    assert scheme_on(RULES, day(assessed)) == scheme
    assert valid_until(rule_of(RULES, scheme, level), day(assessed)) == day(end)


@pytest.mark.parametrize(
    ("assessed", "start", "end", "renews"),
    [
        ("2023-08-20", "2023-08-20", "2026-10-31", True),  # early: from the assessment, to the old end plus three years
        ("2023-10-31", "2023-10-31", "2026-10-31", True),  # on the last day
        ("2023-11-01", "2023-11-01", "2026-10-31", True),
        ("2024-06-15", "2023-11-01", "2026-10-31", True),  # eight months late: no gap, and the end does not move
        ("2024-10-31", "2023-11-01", "2026-10-31", True),  # the last day of the window
        ("2024-11-01", "2024-11-01", "2026-11-30", False),  # after the window: a first award
    ],
)
def test_a_renewal_runs_three_years_from_the_old_end_however_late(assessed: str, start: str, end: str, renews: bool) -> None:
    old = award("gold", "2021-10-05")
    term = term_of(NEW["gold"], day(assessed), old)
    assert (term.valid_from, term.valid_until, term.renews) == (day(start), day(end), renews)


def test_another_level_is_a_first_award_and_before_the_revision_no_renewal_is_known() -> None:
    bronze = award("bronze", "2021-10-05")
    assert term_of(NEW["gold"], day("2023-05-10"), bronze).valid_until == day("2025-05-31")
    old = award("gold", "2014-07-01")
    assert term_of(OLD["gold"], day("2016-06-01"), old).valid_until == day("2018-06-01")
    assert old.renew_by is None


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2023-04-29", Status.VALID),
        ("2023-04-30", Status.EXPIRING),  # six months before the end of a month: the end of a month
        ("2023-10-31", Status.EXPIRING),  # its last day
        ("2023-11-01", Status.RENEWABLE),
        ("2024-10-31", Status.RENEWABLE),  # the last day of the window
        ("2024-11-01", Status.LAPSED),
    ],
)
def test_what_a_certificate_is_on_a_day(on: str, status: Status) -> None:
    one = award("gold", "2021-10-05")
    assert status_on(day(on), one.valid_until, renew_by=one.renew_by) is status
    assert status_on(day(on), one.valid_until, renew_by=one.renew_by, superseded_on=day(on)) is Status.SUPERSEDED


def test_without_a_known_window_it_lapses_at_its_end_and_the_threshold_is_a_setting() -> None:
    end = day("2016-07-01")
    assert status_on(day("2016-07-02"), end) is Status.LAPSED
    assert status_on(day("2016-05-15"), end, expiring_months=1) is Status.VALID
    assert status_on(day("2016-06-01"), end, expiring_months=1) is Status.EXPIRING
    assert status_on(day("2016-07-01"), end, expiring_months=0) is Status.EXPIRING


def test_what_takes_the_place_of_what() -> None:
    bronze = award("bronze", "2021-03-10", id=1)
    gold = award("gold", "2022-05-05", id=2)
    renewal = award("bronze", "2023-09-01", bronze, id=3)
    merged = Award("silver", day("2022-01-10"), day("2022-01-10"), day("2024-01-31"), id=4)
    assert superseded_on(bronze, [], [gold]) == day("2022-05-05")  # a higher level
    assert superseded_on(bronze, [], [renewal]) == day("2023-04-01")  # its own renewal, from its end
    assert superseded_on(bronze, [merged], [gold]) == day("2022-01-10")  # what names it, of another organisation too
    assert superseded_on(gold, [], [bronze, renewal]) is None  # never a lower level
    late = award("gold", "2026-01-15", id=5)
    assert superseded_on(bronze, [], [late]) is None  # lapsed long before: it was not superseded
    assert predecessor(NEW["bronze"], day("2023-09-01"), [bronze]) == bronze
    assert predecessor(NEW["gold"], day("2022-05-05"), [bronze]) == bronze
    assert predecessor(NEW["gold"], day("2026-01-15"), [bronze]) is None
    assert predecessor(NEW["bronze"], day("2023-09-01"), [gold]) is None


def test_the_rows_say_what_is_uncertain_and_where_they_come_from() -> None:
    assert all(rule.uncertain for rule in RULES)
    assert "# Sources:" in FILE.read_text(encoding="utf-8")


DAYS = st.dates(date(2012, 1, 1), date(2040, 12, 31))
LEVEL = st.sampled_from(sorted(LEVELS))


@given(level=LEVEL, first=st.dates(date(2019, 11, 15), date(2035, 1, 1)), late=st.integers(1, 365))
def test_a_late_renewal_never_moves_the_end(level: str, first: date, late: int) -> None:
    term = term_of(NEW[level], first)
    old = Award(level, first, term.valid_from, term.valid_until, term.renew_by)
    on_time, later = term_of(NEW[level], old.valid_until, old), term_of(NEW[level], old.valid_until + timedelta(days=late), old)
    assert later.valid_until == on_time.valid_until == months_after(old.valid_until, 36)
    assert later.valid_from == old.valid_until + timedelta(days=1)


@given(level=LEVEL, assessed=DAYS, months=st.integers(0, 36), replaced=st.none() | st.integers(-400, 1500), on=DAYS)
def test_the_status_turns_on_the_days_that_are_told_and_on_no_other(
    level: str, assessed: date, months: int, replaced: int | None, on: date
) -> None:
    rule = rule_of(RULES, scheme_on(RULES, assessed), level)
    term = term_of(rule, assessed)
    facts: dict[str, Any] = {
        "renew_by": term.renew_by,
        "superseded_on": None if replaced is None else term.valid_until + timedelta(days=replaced),
        "expiring_months": months,
    }
    turn = next_turn(on, term.valid_until, **facts)
    now = status_on(on, term.valid_until, **facts)
    last = (turn or on + timedelta(days=2000)) - timedelta(days=1)
    assert last >= on
    for between in {on, on + (last - on) / 2, last}:
        assert status_on(between, term.valid_until, **facts) is now


@given(one=DAYS, months=st.integers(-60, 60))
def test_months_keep_the_end_of_the_month_and_the_order_of_days(one: date, months: int) -> None:
    found, next_one = months_after(one, months), months_after(one + timedelta(days=1), months)
    assert found <= next_one
    assert months_before(one, -months) == found
    if (one + timedelta(days=1)).day == 1:
        assert (found + timedelta(days=1)).day == 1


GOLD, SILVER = (
    Award("gold", date(2024, 1, 10), date(2024, 1, 10), date(2026, 1, 31), date(2027, 1, 31), 1),
    Award("silver", date(2025, 3, 1), date(2025, 3, 1), date(2027, 3, 31), id=2),
)


@pytest.mark.parametrize(
    ("awards", "day", "held"),
    [
        ([], date(2025, 6, 1), None),
        ([GOLD], date(2024, 1, 9), None),
        ([GOLD], date(2024, 1, 10), 1),
        ([GOLD], date(2026, 1, 31), 1),  # its last day counts
        ([GOLD], date(2026, 2, 1), None),  # it can still be renewed, but is not held
        ([GOLD, SILVER], date(2025, 6, 1), 1),  # the highest
        ([GOLD, SILVER], date(2026, 2, 1), 2),  # the lower one that is still in force
        ([replace(GOLD, superseded_on=date(2025, 6, 1))], date(2025, 5, 31), 1),
        ([replace(GOLD, superseded_on=date(2025, 6, 1))], date(2025, 6, 1), None),
        ([SILVER, replace(SILVER, valid_until=date(2027, 4, 30), id=3)], date(2026, 6, 1), 3),  # of equals the last to end
    ],
)
def test_the_certificate_that_counts_on_a_day(awards: list[Award], day: date, held: int | None) -> None:
    found = held_on(day, awards)
    assert (None if found is None else found.id) == held
