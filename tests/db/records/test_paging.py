"""Paging visits every record once, in both directions, empty values last; a cursor of another list begins anew and says so."""

from __future__ import annotations

import base64
import json
import random
from itertools import product
from typing import Any

import pytest

from crm.filters import EVERYTHING, Condition
from crm.kernel import paging
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import Label
from crm.records.definitions import add_field, backfill
from crm.records.query import Page, Row, list_page
from crm.records.storage import reads_slot
from crm.records.store import Create
from crm.records.work import UnitOfWork, Works
from tests.support.records import SYSTEM

#: Extra fields: kind, settings, and values among which records draw; every third has none.
EXTRAS: dict[str, tuple[str, dict[str, Any], list[Any]]] = {
    "x_text": ("text", {}, ["Ærø", "Aabenraa", "Øst", "øst", "Zebra", "aa" * 99 + " c"]),
    "x_number": ("number", {"decimals": 4}, ["-1.5", "0", "99999999999999", "0.0001", "10", "9"]),
    "x_date": ("date", {"time": "optional"}, ["2026-12-01", "2026-12-01 09.00", "1900-01-01", "2150-01-01"]),
    "x_choice": ("choice", {"options": [{"key": key, "label": {"da": key}} for key in "abc"]}, ["a", "b", "c"]),
    "x_yes": ("yes_no", {}, [True, False]),
}
SORTS = ["title", "id", "state", "created_at", "updated_at", "kind", "city", "cvr", "municipality", "cvr_doubtful"]
SORTS += [*EXTRAS, *(f"{name}_json" for name in EXTRAS)]


@pytest.fixture
def works_with_records(database: Database, works: Works) -> Works:
    """Seventy organisations, many values alike and many empty; each extra field once in a slot and once in JSON alone."""
    with works.writing(SYSTEM, publishing=True) as uow:
        for name, (kind, config, _values) in EXTRAS.items():
            add_field(uow, "organisation", name, kind, Label(da=name), config=config)
            add_field(uow, "organisation", f"{name}_json", kind, Label(da=name), config=config).slot = None
    dice = random.Random(7)
    orders = []
    for number in range(70):
        drawn = {name: dice.choice([*values, None, None]) for name, (_kind, _config, values) in EXTRAS.items()}
        own = {
            "title": dice.choice(["Aabenraa", "Ærø", "Zebra"]),
            "city": dice.choice(["Ås", "Aarup", None]),
            "cvr": dice.choice(["1", None]),
        }
        own |= {"kind": dice.choice(["cluster", "company", None]), "municipality": dice.choice(["0101", None])}
        orders.append(Create("organisation", {**own, **drawn, **{f"{name}_json": value for name, value in drawn.items()}}))
        if number % 10 == 0:
            orders.append(Create("person", {"given_name": "Anne"}))
    with works.writing(SYSTEM) as uow:
        ids = uow.records.save_many(orders)
        uow.records.delete(ids[3])
        uow.records.transition(ids[5], "close")
    return works


def walk(uow: UnitOfWork, **ask: Any) -> list[Row]:
    rows: list[Row] = []
    cursor = None
    while True:
        page = list_page(uow, "organisation", cursor=cursor, **ask)
        assert not page.restarted
        rows += page.rows
        cursor = page.next_cursor
        if cursor is None:
            return rows
        assert len(page.rows) == ask["size"]


def test_every_record_is_visited_once_in_both_directions_with_empty_values_last(works_with_records: Works) -> None:
    with works_with_records.reading(SYSTEM) as uow:
        for sort, size in product(SORTS, (7, 69, 200)):
            up, down = (walk(uow, sort=sort, descending=down, size=size) for down in (False, True))
            ids = [row.id for row in up]
            assert len(ids) == len(set(ids)) == 69
            assert {row.id for row in down} == set(ids)
            for rows in (up, down):
                empty = [row.values.get(sort, "") is None for row in rows]
                assert empty == sorted(empty)
            filled = [row.id for row in up if row.values.get(sort, "") is not None]
            assert [row.id for row in down][: len(filled)] == filled[::-1]


def test_a_slot_and_json_alone_sort_alike(works_with_records: Works) -> None:
    with works_with_records.reading(SYSTEM) as uow:
        for name, descending in product(EXTRAS, (False, True)):
            one, other = (walk(uow, sort=sort, descending=descending, size=50) for sort in (name, f"{name}_json"))
            assert [row.id for row in one] == [row.id for row in other]


def test_a_record_that_comes_or_goes_meanwhile_does_not_move_the_others(works_with_records: Works) -> None:
    works = works_with_records
    with works.writing(SYSTEM) as uow:
        first = list_page(uow, "organisation", size=20)
        rest = {row.id for row in walk(uow, size=20)} - {row.id for row in first.rows}
        uow.records.create("organisation", {"title": "AAA først"})
        uow.records.delete(first.rows[5].id)
        seen: list[int] = []
        cursor = first.next_cursor
        while cursor is not None:
            page = list_page(uow, "organisation", size=20, cursor=cursor)
            seen += [row.id for row in page.rows]
            cursor = page.next_cursor
        assert set(seen) - rest <= {max(seen)}
        assert rest <= set(seen)
        assert len(seen) == len(set(seen))


def is_first(page: Page, first: Page) -> bool:
    return page.restarted and [row.id for row in page.rows] == [row.id for row in first.rows]


def test_a_cursor_of_another_list_or_of_older_types_begins_anew_and_says_so(works_with_records: Works) -> None:
    works = works_with_records
    with works.reading(SYSTEM) as uow:
        first = list_page(uow, "organisation", size=10)
        by_city = list_page(uow, "organisation", size=10, sort="city")
        assert is_first(list_page(uow, "organisation", size=10, cursor=by_city.next_cursor), first)
        assert list_page(uow, "organisation", size=10, descending=True, cursor=first.next_cursor).restarted
        assert list_page(uow, "organisation", size=10, where=Condition("city", "filled"), cursor=first.next_cursor).restarted
        assert list_page(uow, "person", size=10, cursor=first.next_cursor).restarted
        assert not list_page(uow, "organisation", size=10, cursor="").restarted
    with works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "organisation", "later", "text", Label(da="Senere"))
    with works.reading(SYSTEM) as uow:
        assert is_first(list_page(uow, "organisation", size=10, cursor=first.next_cursor), first)


BROKEN = [
    "x",
    "æ",
    "===",
    "\ud800",
    "W10",
    base64.b64encode(b"[" * 1400).decode(),
    base64.b64encode(b'"abcd"').decode(),
    "A" * 3000,
]
VALUES = [
    None,
    True,
    5,
    -(2**70),
    1.5,
    "x",
    "",
    "\0",
    "2026-01-01",
    "2026-01-01T00:00:00",
    "0001-01-01T00:00:00+00:00",
    "NaN",
    "1e99",
    [],
    {},
    [[]],
]


def test_broken_cursors_begin_anew(works_with_records: Works) -> None:
    with works_with_records.reading(SYSTEM) as uow:
        first = list_page(uow, "organisation", size=5)
        for text in BROKEN:
            assert is_first(list_page(uow, "organisation", size=5, cursor=text), first)


def test_a_forged_cursor_never_breaks_the_list(works_with_records: Works) -> None:
    places = (("filled", 1), ("empty", 1), ("filled", 2**80), ("filled", 2**40), ("empty", -1), ([], 1), ("filled", "1"))
    with works_with_records.reading(SYSTEM) as uow:
        for sort in SORTS:
            mark = paging.fingerprint("organisation", repr(EVERYTHING), sort, False, uow.registry.epoch)
            for value, (run, last_id) in product(VALUES, places):
                text = base64.urlsafe_b64encode(json.dumps([run, value, last_id, mark]).encode()).decode()
                assert len(list_page(uow, "organisation", sort=sort, size=5, cursor=text).rows) <= 5


def test_what_cannot_be_sorted_by_is_refused(works: Works) -> None:
    with works.reading(SYSTEM) as uow:
        for sort in ("note", "successors", "parent", "owner", "website", "nothing"):
            with pytest.raises(InvalidInput):
                list_page(uow, "organisation", sort=sort)


def test_a_page_holds_between_one_and_two_hundred_records(works_with_records: Works) -> None:
    with works_with_records.reading(SYSTEM) as uow:
        for asked, given in ((0, 1), (-5, 1), (1, 1), (10**9, 69)):
            assert len(list_page(uow, "organisation", size=asked).rows) == given


def test_a_slot_that_is_being_filled_sorts_by_json_until_it_is_ready(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        ids = uow.records.save_many([Create("organisation", {"title": name}) for name in ("A", "B", "C")])
    with works.writing(SYSTEM, publishing=True) as uow:
        field = add_field(uow, "organisation", "rank", "number", Label(da="Rang"))
        assert (field.slot, field.slot_state) == ("n1", "filling")
    with works.writing(SYSTEM) as uow:
        for record_id, rank in zip(ids, (3, 1, 2), strict=True):
            uow.records.update(record_id, {"rank": rank})
        assert [row.title for row in list_page(uow, "organisation", sort="rank").rows] == ["B", "C", "A"]
    with works.writing(SYSTEM, publishing=True) as uow:
        after: int | None = 0
        while after is not None:
            after = backfill(uow, field.id, after=after, limit=2)
    with works.reading(SYSTEM) as uow:
        assert reads_slot(uow.registry.get("organisation").by_name["rank"])
        assert [row.title for row in list_page(uow, "organisation", sort="rank", descending=True).rows] == ["A", "C", "B"]
