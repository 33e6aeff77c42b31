"""Whom somebody stood for on a day, how full an event is, and the guards of its steps."""

from __future__ import annotations

from datetime import date

import pytest

from crm.events import lifecycle
from crm.events.places import as_of, home_regions, merged_into, regions_on
from crm.events.rules import Seats, position_on
from crm.kernel.errors import RuleViolation
from crm.records.types import LinkFacts

DAY = date(2026, 10, 20)
OLD = LinkFacts(1, "Klyngechef", date(2024, 1, 1), date(2026, 10, 20))
NEW = LinkFacts(2, "Direktør", date(2026, 10, 21))
ALWAYS = LinkFacts(3, "Bestyrelsesmedlem")
LATEST = LinkFacts(4, "Formand", date(2026, 6, 1))


@pytest.mark.parametrize(
    ("positions", "preferred", "expected"),
    [
        ([OLD, NEW], None, OLD),
        ([NEW], None, None),
        ([ALWAYS, OLD], None, OLD),
        ([OLD, LATEST], None, LATEST),
        ([OLD, LATEST], 1, OLD),
        ([OLD, LATEST], 9, LATEST),
        ([NEW], 2, None),
        ([], None, None),
    ],
)
def test_the_position_of_a_day_is_the_one_that_held_then_and_the_latest_of_several(
    positions: list[LinkFacts], preferred: int | None, expected: LinkFacts | None
):
    assert position_on(positions, DAY, preferred) is expected


def test_an_event_over_its_capacity_says_why_and_one_without_is_never_full():
    assert (Seats(50, 50).is_over, Seats(51, 50).is_over, Seats(500, None).is_over) == (False, True, False)
    assert Seats(51, 50).warning is not None
    assert "room for 50, and 51" in str(Seats(51, 50).warning)
    assert Seats(50, 50).warning is None


@pytest.mark.parametrize(
    ("step", "state", "facts", "reason"),
    [
        ("open", "planned", {"held_on": None}, "no date"),
        ("hold", "open", {"held_on": date(2026, 12, 2)}, "day has not come"),
        ("hold", "planned", {"held_on": None}, "no date"),
        ("cancel", "open", {"attended": 3}, "3 are marked"),
        ("cancel", "held", {}, "not possible"),
        ("hold", "cancelled", {}, "not possible"),
    ],
)
def test_a_step_that_cannot_be_taken_says_why(step: str, state: str, facts: dict[str, object], reason: str):
    known = {"held_on": DAY, "today": date(2026, 12, 1), "attended": 0, **facts}
    with pytest.raises(RuleViolation, match=reason):
        lifecycle.EVENT.step(step, state, {}, known)


def test_a_region_is_that_of_the_day_and_a_table_goes_by_the_regions_of_one_day():
    cluster = {"kind": "cluster", "region_rule": "fractional", "regions": ("hovedstaden", "sjaelland", "syddanmark")}
    assert set(regions_on(cluster, DAY)) == {"hovedstaden", "sjaelland", "syddanmark"}
    assert set(regions_on(cluster, date(2027, 3, 1))) == {"oestdanmark", "syddanmark"}
    assert regions_on({**cluster, "region_rule": "primary", "primary_region": "sjaelland"}, DAY) == ("sjaelland",)
    assert regions_on({"municipality": "0851"}, DAY) == ("nordjylland",)
    assert regions_on({}, DAY) == ()
    assert as_of(("hovedstaden", "sjaelland"), date(2027, 3, 1)) == ("oestdanmark",)
    assert set(merged_into("oestdanmark", date(2027, 3, 1))) == {"hovedstaden", "sjaelland", "oestdanmark"}
    assert (len(home_regions(DAY)), len(home_regions(date(2027, 1, 1)))) == (5, 4)
