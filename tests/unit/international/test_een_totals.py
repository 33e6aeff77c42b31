"""Counting of the work abroad: each cluster and company once, figures apart; and the countries in the Danish order."""

from __future__ import annotations

import re

from crm.international.countries import countries
from crm.international.rules import ActivityFacts, totals

GERMANY, SWEDEN = "DE", "SE"


def test_a_company_helped_three_times_in_two_countries_counts_once_in_each_and_once_in_all():
    activities = [
        ActivityFacts(1, GERMANY, 10, 4),
        ActivityFacts(2, GERMANY, 10),
        ActivityFacts(3, SWEDEN, 11, 3),
        ActivityFacts(4, None, None, 2),
    ]
    found = totals(activities, {1: [100, 101], 2: [100], 3: [100, 102]}, {GERMANY: 2, SWEDEN: 1})
    assert [(row.country, row.activities, len(row.clusters), len(row.companies), row.others) for row in found.countries] == [
        (SWEDEN, 1, 1, 2, 3),
        (GERMANY, 2, 1, 2, 4),
        (None, 1, 0, 0, 2),
    ]
    assert (found.activities, len(found.clusters), set(found.companies), found.others) == (4, 2, {100, 101, 102}, 9)
    assert found.country_count == 2, "what names no country is none"


def test_nothing_is_nothing():
    found = totals([], {})
    assert (found.countries, found.activities, found.others, found.country_count) == ((), 0, 0, 0)


def test_countries_stand_in_the_order_of_the_danish_alphabet():
    options = countries()
    names = [option.label("da") for option in options]
    assert names.index("Zimbabwe") < names.index("Ækvatorialguinea") < names.index("Østrig") < names.index("Åland")
    keys = {option.key for option in options}
    assert {"DK", "SE", "GB", "GL", "FO", "XK", "US"} <= keys
    assert not keys & {"EU", "ZZ", "UN", "XA", "EZ"}
    assert all(re.fullmatch("[A-Z]{2}", key) for key in keys)
    assert 240 < len(keys) < 256
