"""What the demo makes up: the same every time, numbers and addresses that cannot be anyone's, and an order that can happen."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from crm.demo.plan import Size, make_plan
from crm.demo.plan.names import WELL_KNOWN
from crm.directory import rules

ZONE = "Europe/Copenhagen"
DECEMBER = date(2026, 12, 1)
#: Fields that name other records.
RELATIONS = {
    *("about", "agenda_item", "board", "cluster", "contact", "criterion", "decided_at", "entry", "event", "host", "meeting", "one"),
    *("organisation", "other", "person", "referred_to", "replaces", "responsible"),
}


@pytest.fixture(scope="module")
def plan():
    return make_plan(DECEMBER, Size.FULL, ZONE)


@pytest.fixture(scope="module")
def created(plan):
    return [order for batch in plan for order in batch.orders if "create" in order]


def of_type(created, type_key):
    return [order["values"] for order in created if order["type"] == type_key]


def test_the_same_day_gives_the_same_plan_and_another_day_another():
    first, again = (make_plan(DECEMBER, Size.SMALL, ZONE) for _ in range(2))
    assert first == again
    assert make_plan(DECEMBER + timedelta(days=1), Size.SMALL, ZONE) != first


def named_by(order):
    """Give the keys of records that an order needs."""
    keys = {order[verb] for verb in ("update", "link", "end", "record", "pack", "follow", "say") if verb in order}
    keys |= {value for name, value in order.get("values", {}).items() if name in RELATIONS and isinstance(value, str)}
    return keys | ({order["to"]} if "to" in order else set())


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize(
    "load_day", [DECEMBER, date(2027, 6, 1), date(2026, 7, 25), date(2027, 1, 2), date(2028, 2, 29), date(2029, 9, 9)]
)
def test_nothing_is_named_before_it_is_written_down(load_day, size):
    known = {f"criterion_{number}" for number in range(1, 6)}  # base data
    moments = []
    for batch in make_plan(load_day, size, ZONE):
        moments.append(batch.moment)
        for order in batch.orders:
            assert named_by(order) <= known, (batch.key, order)
            if "create" in order:
                assert order["create"] not in known
                known.add(order["create"])
    assert moments == sorted(moments)
    assert moments[-1].date() < load_day


def test_all_is_done_on_days_when_the_office_is_open(plan):
    assert {batch.moment.weekday() for batch in plan} == {0, 1, 2, 3, 4}
    assert Counter(batch.key for batch in plan).most_common(1)[0][1] == 1


def test_company_numbers_are_invented_and_well_formed(created):
    numbers = [values["cvr"] for values in of_type(created, "organisation") if "cvr" in values]
    assert len(numbers) == len(set(numbers)) > 1100
    assert [number for number in numbers if not number.startswith("9") or rules.cvr_is_doubtful(number)] == []


def test_addresses_lie_in_domains_that_cannot_exist(created):
    given = [values[name] for _type, values in pairs(created) for name in ("email", "website", "link") if values.get(name)]
    listed = [one for some in given for one in (some if isinstance(some, list) else [some])]
    addresses = [one["address"] if isinstance(one, dict) else one for one in listed]
    assert len(addresses) > 5000
    assert [address for address in addresses if ".example" not in address] == []
    mails = [address.lower() for address in addresses if "@" in address]
    assert [address for address, times in Counter(mails).items() if times > 1] == []


def pairs(created):
    return ((order["type"], order["values"]) for order in created)


def test_no_company_bears_a_name_that_everybody_knows(created):
    titles = [values["title"] for values in of_type(created, "organisation")]
    assert len(titles) == len(set(titles)) == 1200
    assert [title for title in titles if any(known in title.lower() for known in WELL_KNOWN)] == []
    assert all(word in " ".join(titles) for word in ("Aabenraa", "Ærø", "Østfyn"))


def test_the_past_is_spread_over_thirty_months_and_several_hands(plan):
    days = {batch.moment.date() for batch in plan}
    assert min(days) == date(2024, 5, 31)
    assert len(days) > 400
    assert {batch.by for batch in plan} == {"admin", "mette", "rasmus", "sofie", "torben"}


def test_what_is_told_fits_whom_it_is_told_about(plan, created):
    level_of = {values["organisation"]: values["level"] for values in of_type(created, "certificate")}
    name_of = {order["create"]: order["values"]["title"] for order in created if order["type"] == "organisation"}
    note_of = {order["create"]: order["values"]["note"] for order in created if order["type"] == "sparring"}
    places: dict[str, list[str]] = {}
    for order in (order for batch in plan for order in batch.orders if order.get("link") in note_of):
        if order["field"] == "organisations":
            places.setdefault(order["link"], []).append(order["to"])
    assert any("De har fået bronze" in note for note in note_of.values())
    for key, note in note_of.items():
        first = places[key][0]
        if "De har fået bronze" in note or "Skal de gå efter sølv" in note:
            assert level_of.get(first) == "bronze", (key, first)
        if "Kontoplanen fra" in note:
            assert f"Kontoplanen fra {name_of[first]}" not in note
