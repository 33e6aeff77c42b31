"""Danish holidays and office days."""

from datetime import date

import pytest

from crm.kernel.workdays import easter, is_open, nearest_open_day, public_holidays


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_moves(year, day):
    assert easter(year) == day


def test_the_holidays_of_2026_are_these_ten():
    assert sorted(public_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 2),
        date(2026, 4, 3),
        date(2026, 4, 5),
        date(2026, 4, 6),
        date(2026, 5, 14),
        date(2026, 5, 24),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]


def test_store_bededag_is_a_working_day_again():
    assert is_open(date(2026, 5, 1))  # the fourth Friday after Easter


@pytest.mark.parametrize(
    "day",
    [date(2026, 12, 5), date(2026, 12, 24), date(2026, 12, 31), date(2027, 1, 2), date(2026, 6, 5), date(2026, 4, 2)],
)
def test_the_office_is_closed(day):
    assert not is_open(day)


@pytest.mark.parametrize(
    ("day", "nearest"),
    [
        (date(2026, 12, 1), date(2026, 12, 1)),
        (date(2026, 12, 24), date(2026, 12, 21)),
        (date(2026, 12, 29), date(2027, 1, 4)),
        (date(2026, 12, 5), date(2026, 12, 4)),
        (date(2026, 12, 6), date(2026, 12, 7)),
    ],
)
def test_the_nearest_open_day_is_found(day, nearest):
    assert nearest_open_day(day) == nearest
