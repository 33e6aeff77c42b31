"""The office's day, also on the days when clocks change."""

from datetime import UTC, date, datetime, timedelta

from crm.kernel.clock import FixedClock, SystemClock, day_start, local_day

ZONE = "Europe/Copenhagen"


def test_the_offices_day_begins_at_local_midnight():
    assert local_day(datetime(2026, 12, 31, 22, 59, tzinfo=UTC), ZONE) == date(2026, 12, 31)
    assert local_day(datetime(2026, 12, 31, 23, 0, tzinfo=UTC), ZONE) == date(2027, 1, 1)
    assert local_day(datetime(2026, 6, 30, 22, 0, tzinfo=UTC), ZONE) == date(2026, 7, 1)


def test_a_day_is_kept_as_its_local_midnight():
    assert day_start(date(2026, 12, 1), ZONE) == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert day_start(date(2026, 7, 1), ZONE) == datetime(2026, 6, 30, 22, tzinfo=UTC)


def test_the_days_when_clocks_change_are_23_and_25_hours_long():
    assert day_start(date(2026, 3, 30), ZONE) - day_start(date(2026, 3, 29), ZONE) == timedelta(hours=23)
    assert day_start(date(2026, 10, 26), ZONE) - day_start(date(2026, 10, 25), ZONE) == timedelta(hours=25)


def test_every_day_of_a_year_is_found_again_from_its_start():
    day = date(2026, 1, 1)
    while day.year == 2026:
        assert local_day(day_start(day, ZONE), ZONE) == day
        day += timedelta(days=1)


def test_a_fixed_clock_stands_still_until_it_is_moved():
    clock = FixedClock(datetime(2026, 12, 1, 8, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.moment += timedelta(days=1)
    assert clock.now() == datetime(2026, 12, 2, 8, tzinfo=UTC)


def test_the_machines_clock_tells_utc():
    assert SystemClock().now().tzinfo is UTC
