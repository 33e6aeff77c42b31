"""Whether an organisation was there on a day, and whether one is a part of itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crm.directory.lifespan import Lifespan, Passage, lifespan
from crm.directory.places import size_classes
from crm.directory.rules import circle_problem, region_problems, size_class_of

DAY = date(2014, 5, 9)


def test_two_that_merge_make_a_new_one_and_end_the_day_before():
    both = [Passage("Fusion", DAY), Passage("Fusion", DAY)]
    assert lifespan(None, None, both, [], gone=False) == Lifespan(DAY, None)
    assert lifespan(None, None, [], [Passage("Fusion", DAY)], gone=True) == Lifespan(None, date(2014, 5, 8))


def test_one_that_is_taken_up_does_not_make_its_taker_new():
    assert lifespan(None, None, [Passage("Fusion", DAY)], [], gone=False) == Lifespan()
    assert lifespan(None, None, [Passage("Navneskift", DAY)], [], gone=False) == Lifespan(DAY, None)


def test_own_days_come_first_and_what_is_still_there_has_not_ended():
    both = [Passage("Fusion", DAY), Passage("Fusion", DAY)]
    assert lifespan(date(2010, 1, 1), None, both, [], gone=False).first == date(2010, 1, 1)
    assert lifespan(None, None, [], [Passage("Spaltning", DAY)], gone=False).last is None
    span = lifespan(None, date(2020, 12, 31), [], [Passage("Fusion", None)], gone=True)
    assert not span.is_over(date(2020, 12, 31))
    assert span.is_over(date(2021, 1, 1))
    assert Lifespan(DAY).is_before(date(2014, 5, 8))


def test_a_circle_is_found_however_long_and_a_foreign_one_does_not_hang():
    parents = {1: 2, 2: 3, 3: None, 8: 9, 9: 8}
    asked: list[int] = []

    def above(ids: Sequence[int]) -> dict[int, int | None]:
        asked.extend(ids)
        return {one: parents.get(one) for one in ids}

    assert circle_problem(3, 3, above) is not None
    assert circle_problem(3, 1, above) is not None
    assert circle_problem(4, 1, above) is None
    assert circle_problem(4, 8, above) is None, "others' circle is not ours to refuse"
    assert len(asked) < 12


def test_the_size_follows_limits_that_are_data():
    found = [size_class_of(number, size_classes()) for number in (0, 9, 10, 49, 50, 249, 250, 9999)]
    assert found == ["under_10"] * 2 + ["under_50"] * 2 + ["under_250"] * 2 + ["large"] * 2


def test_what_is_split_names_its_regions_and_the_primary_one_is_among_them():
    assert set(region_problems({"region_rule": "fractional"})) == {"regions"}
    assert set(region_problems({"primary_region": "sjaelland", "regions": ("hovedstaden",)})) == {"primary_region"}
    assert region_problems({"region_rule": "fractional", "regions": ("hovedstaden",)}) == {}
    assert region_problems({"primary_region": "sjaelland"}) == {}
