"""How an organisation counts by region, before and after 2027-01-01."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from crm.directory.regions import (
    FRACTIONAL,
    PRIMARY,
    Coverage,
    crossing_words,
    main_region,
    region_map,
    region_name,
    region_on_day,
    rule_words,
    weights_on,
)

BEFORE, AFTER = date(2026, 12, 31), date(2027, 1, 1)
KOBENHAVN, ROSKILDE, AALBORG = "0101", "0265", "0851"
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def split(*covered: str, municipality: str | None = None) -> Coverage:
    return Coverage(municipality, None, covered, FRACTIONAL)


@pytest.mark.parametrize(
    ("coverage", "before", "after"),
    [
        (Coverage(AALBORG), {"nordjylland": 1}, {"nordjylland": 1}),
        (Coverage(KOBENHAVN), {"hovedstaden": 1}, {"oestdanmark": 1}),
        (Coverage(ROSKILDE), {"sjaelland": 1}, {"oestdanmark": 1}),
        # A declared region counts, wherever the office lies, and goes on in the one that holds its municipalities.
        (Coverage(AALBORG, "hovedstaden"), {"hovedstaden": 1}, {"oestdanmark": 1}),
        (Coverage(AALBORG, "sjaelland", ("sjaelland", "nordjylland")), {"sjaelland": 1}, {"oestdanmark": 1}),
        # One declared too early stands for what it will be made of: the office says which.
        (Coverage(ROSKILDE, "oestdanmark"), {"sjaelland": 1}, {"oestdanmark": 1}),
        (Coverage(None, "oestdanmark"), {"hovedstaden": HALF, "sjaelland": HALF}, {"oestdanmark": 1}),
        (
            split("hovedstaden", "sjaelland", "syddanmark"),
            {"hovedstaden": THIRD, "sjaelland": THIRD, "syddanmark": THIRD},
            {"oestdanmark": HALF, "syddanmark": HALF},
        ),
        (split("hovedstaden", "sjaelland"), {"hovedstaden": HALF, "sjaelland": HALF}, {"oestdanmark": 1}),
        (split("hovedstaden", "skaane"), {"hovedstaden": HALF, "skaane": HALF}, {"oestdanmark": HALF, "skaane": HALF}),
        # Split among nothing: the office's place is all there is.
        (split(municipality=AALBORG), {"nordjylland": 1}, {"nordjylland": 1}),
        (Coverage(None, None, ("skaane",)), {"skaane": 1}, {"skaane": 1}),
        (Coverage("0411"), {}, {}),
        (Coverage(), {}, {}),
    ],
)
def test_an_organisation_counts_once_in_the_regions_of_the_day(
    coverage: Coverage, before: dict[str, Fraction], after: dict[str, Fraction]
):
    for day, expected in ((BEFORE, before), (AFTER, after)):
        found = weights_on(coverage, day)
        assert found == expected
        assert sum(found.values()) in ({1} if expected else {0})


def test_one_region_stands_for_several_where_only_one_can():
    values = {"municipality": KOBENHAVN, "region_rule": FRACTIONAL, "regions": ("sjaelland", "hovedstaden")}
    assert region_on_day(values, BEFORE) == "sjaelland"
    assert region_on_day({**values, "primary_region": "hovedstaden"}, BEFORE) == "hovedstaden"
    assert region_on_day(values, AFTER) == "oestdanmark"
    assert main_region({}) is None


def test_each_region_of_a_day_is_counted_and_the_former_ones_are_not():
    known = region_map()
    assert [key for key in known.listed(BEFORE) if key not in {"skaane", "halland"}] == [
        "nordjylland",
        "midtjylland",
        "syddanmark",
        "hovedstaden",
        "sjaelland",
    ]
    assert [key for key in known.listed(AFTER) if key not in {"skaane", "halland"}] == [
        "nordjylland",
        "midtjylland",
        "syddanmark",
        "oestdanmark",
    ]
    assert region_name("oestdanmark") == "Region Østdanmark"
    assert region_name(None) == ""


def test_a_table_says_by_which_rule_it_counts():
    words = {rule_words(rules)("da") for rules in ([], [PRIMARY, None], [None])}
    assert words == {"Klynger med flere regioner tæller i deres primære region."}
    assert rule_words([FRACTIONAL])("da") == "Klynger med flere regioner deles ligeligt mellem dem."
    assert "primære region; de, der har valgt det, deles ligeligt" in rule_words([PRIMARY, FRACTIONAL])("da")


def test_a_table_that_crosses_the_change_says_of_which_day_its_regions_are():
    assert crossing_words(date(2026, 1, 1), BEFORE, "31.12.2026") is None
    found = crossing_words(date(2026, 7, 1), date(2027, 6, 30), "30.06.2027")
    assert found is not None
    assert found("da") == "Opgjort efter regionerne pr. 30.06.2027."
