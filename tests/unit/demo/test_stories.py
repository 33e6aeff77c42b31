"""The demo's written stories: days, order, and what a secretary could have written."""

from datetime import UTC, date, datetime, timedelta
from zipfile import ZipFile

import pytest

from crm.demo.batches import story_day, told
from crm.demo.stories import DEMO, read_stories
from crm.kernel.workdays import is_open

ZONE = "Europe/Copenhagen"
YEAR_OF_LOAD_DAYS = [date(2026, 6, 1) + timedelta(days=n) for n in range(370)]


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


@pytest.mark.parametrize("load_day", YEAR_OF_LOAD_DAYS[::11])
def test_whatever_the_day_of_loading_the_stories_run_forward_on_working_days(load_day):
    moments = [batch.moment for batch in read_stories(load_day, ZONE)]
    assert moments == sorted(set(moments))
    assert moments[-1] < datetime(load_day.year, load_day.month, load_day.day, tzinfo=UTC)
    assert all(moment.weekday() < 5 for moment in moments)


def test_the_next_meeting_is_on_an_office_day_about_three_weeks_ahead():
    for load_day in YEAR_OF_LOAD_DAYS:
        day = story_day(load_day, 23)
        assert is_open(day)
        assert 16 <= (day - load_day).days <= 30


def test_days_in_texts_are_worded_in_danish():
    assert told("Godkendt den {day -49}.", date(2026, 12, 1)) == "Godkendt den 13. oktober 2026."


def test_every_file_tells_what_it_is():
    for path in (*DEMO.rglob("*.yaml"), *DEMO.rglob("*.csv")):
        assert path.read_text(encoding="utf-8").startswith("# "), path


def test_the_files_that_are_shipped_are_what_their_names_say():
    pages = [path for path in (DEMO / "files").iterdir() if path.read_bytes().startswith(b"%PDF-")]
    assert len(pages) == 3
    with ZipFile(DEMO / "rodet-deltagerliste.xlsx") as book:
        names = book.namelist()
        assert sum(name.startswith("xl/worksheets/sheet") for name in names) == 2
        words = book.read("xl/sharedStrings.xml").decode()
    assert "holm, anne" in words  # as messy as they come
