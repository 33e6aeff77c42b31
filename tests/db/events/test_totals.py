"""What happened in a span of days: held events and who attended, by kind and region, with rights, origin and the rules."""

from __future__ import annotations

from datetime import date

import pytest

from crm.events.queries import Activity, activity_between
from crm.kernel.errors import AccessDenied
from crm.records import query
from tests.db.events.conftest import World
from tests.support.records import SYSTEM, add_actor

YEAR = date(2026, 1, 1), date(2026, 12, 31)


def activity(world: World, first: date, last: date, origin: str = "own") -> Activity:
    with world.works.reading(world.staff) as uow:
        return activity_between(uow, first, last, origin=origin)


@pytest.fixture
def held(world: World) -> World:
    """The workshop in Aalborg is held with Anne of Nord, Bo of a cluster in two regions, and Cia of the public catalogue."""
    with world.works.writing(SYSTEM) as uow:
        make, link = uow.records.create, uow.records.link
        two = {"kind": "cluster", "region_rule": "fractional", "regions": ["hovedstaden", "sjaelland"]}
        both = make("organisation", {"title": "Øresund Klyngen", **two})
        listed = make("organisation", {"title": "Kendt Klynge", "kind": "cluster", "municipality": "0461", "origin": "catalogue"})
        uow.records.update(world.workshop, {"municipality": "0851"})
        parts = [make("participation", {"event": world.workshop, "person": world.anne, "status": "attended"})]
        for name, organisation in (("Bo", both), ("Cia", listed)):
            person = make("person", {"given_name": name})
            link(person, "positions", organisation)
            parts.append(make("participation", {"event": world.workshop, "person": person, "status": "attended"}))
        absent = make("person", {"given_name": "Dan"})
        make("participation", {"event": world.workshop, "person": absent, "status": "absent"})
        uow.records.transition(world.workshop, "hold")
        make("event", {"title": "Ikke holdt endnu", "when": "2026-11-20"})
    return world


def test_only_held_events_and_those_who_attended_count(held: World):
    found = activity(held, *YEAR)
    assert (found.total.events, int(found.total.participants), found.total.clusters) == (1, 2, 2)
    assert [(one.line.key, one.line.events) for one in found.by_kind] == [("workshop", 1)]
    assert activity(held, date(2026, 10, 21), date(2026, 12, 31)).total.events == 0
    assert activity(held, date(2026, 10, 20), date(2026, 10, 20)).total.participants == 2


def test_the_public_catalogue_stays_out_unless_it_is_asked_for(held: World):
    assert activity(held, *YEAR, origin="all").total.participants == 3
    assert activity(held, *YEAR, origin="catalogue").total.participants == 1


def test_regions_are_those_of_the_day_split_where_the_rule_says_so_and_of_the_last_day_across_a_change(held: World):
    found = activity(held, *YEAR)
    lines = {one.line.key: one.line.participants for one in found.by_region}
    assert {key: str(number) for key, number in lines.items() if number} == {
        "nordjylland": "1",
        "hovedstaden": "1/2",
        "sjaelland": "1/2",
    }
    assert "split evenly" in " ".join(str(rule) for rule in found.rules)
    across = activity(held, date(2026, 1, 1), date(2027, 6, 30))
    assert {one.line.key: str(one.line.participants) for one in across.by_region if one.line.participants} == {
        "nordjylland": "1",
        "oestdanmark": "1",
    }


def test_the_list_behind_each_number_has_as_many_records(held: World):
    found = activity(held, *YEAR)
    with held.works.reading(held.staff) as uow:
        for one in (*found.by_kind, *found.by_region):
            assert query.count(uow, "event", one.events).number == one.line.events
            behind = query.count(uow, "participation", one.participations).number
            assert behind >= one.line.participants
        assert query.count(uow, "participation", found.span.participations()).number == found.total.participants


def test_whoever_may_not_read_what_a_total_goes_by_does_not_get_it(held: World):
    reader = add_actor(
        held.works.database, "half", [("event", "read", "all", None, None), ("participation", "read", "all", ["event"], None)]
    )
    with pytest.raises(AccessDenied), held.works.reading(reader) as uow:
        activity_between(uow, *YEAR)
