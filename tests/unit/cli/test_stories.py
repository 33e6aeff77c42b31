"""The demo's stories: days, order, and what a secretary could have written."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.cli.stories import DEMO, read_stories, story_day, told
from crm.directory import rules
from crm.kernel.workdays import is_open

ZONE = "Europe/Copenhagen"
YEAR_OF_LOAD_DAYS = [date(2026, 6, 1) + timedelta(days=n) for n in range(370)]


@pytest.fixture(scope="module")
def batches():
    return read_stories()


@pytest.mark.parametrize(
    ("offset", "day"), [(0, date(2026, 12, 1)), (23, date(2026, 12, 21)), (4, date(2026, 12, 4)), (6, date(2026, 12, 7))]
)
def test_days_count_from_the_day_of_loading_and_weekends_move(offset, day):
    assert story_day(date(2026, 12, 1), offset) == day


def test_what_is_past_never_moves_past_the_day_of_loading():
    monday = date(2026, 12, 7)
    assert [story_day(monday, offset) for offset in (-1, -2)] == [date(2026, 12, 4)] * 2
    for day in YEAR_OF_LOAD_DAYS:
        assert story_day(day, -1) < day


def test_whatever_the_day_of_loading_the_story_runs_forward_on_working_days(batches):
    for load_day in YEAR_OF_LOAD_DAYS:
        moments = [batch.moment(load_day, ZONE) for batch in batches]
        assert moments == sorted(set(moments))
        assert moments[-1] < datetime(load_day.year, load_day.month, load_day.day, tzinfo=UTC)
        assert all(moment.weekday() < 5 for moment in moments)


def test_the_meeting_is_held_before_it_is_minuted_whatever_the_day(batches):
    held = next(batch for batch in batches if batch.key == "last-meeting-held")
    for load_day in YEAR_OF_LOAD_DAYS:
        assert story_day(load_day, -49) < story_day(load_day, held.day)


def test_the_next_meeting_is_on_an_office_day_about_three_weeks_ahead():
    for load_day in YEAR_OF_LOAD_DAYS:
        day = story_day(load_day, 23)
        assert is_open(day)
        assert 16 <= (day - load_day).days <= 30


def test_days_in_texts_are_worded_in_danish():
    assert told("Godkendt den {day -49}.", date(2026, 12, 1)) == "Godkendt den 13. oktober 2026."


def values_of(batches):
    return [order["values"] for batch in batches for order in batch.orders if "values" in order]


def test_company_numbers_are_invented_and_well_formed(batches):
    numbers = [values["cvr"] for values in values_of(batches) if "cvr" in values]
    assert len(numbers) == len(set(numbers)) >= 5
    assert [number for number in numbers if not number.startswith("9") or rules.cvr_is_doubtful(number)] == []


def test_addresses_lie_in_domains_that_cannot_exist(batches):
    given = [values[name] for values in values_of(batches) for name in ("email", "website") if name in values]
    listed = [one for some in given for one in (some if isinstance(some, list) else [some])]
    addresses = [one["address"] if isinstance(one, dict) else one for one in listed]
    assert len(addresses) > 10
    assert [address for address in addresses if not address.endswith((".example", "example.dk"))] == []


def test_danish_letters_stand_in_titles(batches):
    titles = " ".join(values["title"] for values in values_of(batches) if "title" in values)
    assert all(word in titles for word in ("Aabenraa", "Ærø", "Østfyn"))


def test_every_file_tells_what_it_is():
    for path in DEMO.glob("*.yaml"):
        assert path.read_text(encoding="utf-8").startswith("# ")
