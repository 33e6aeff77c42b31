"""Many orders at once give what they would give one by one: rows, data, slots and change log, up to ids, salts and acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.kernel.db import Base, Database
from crm.kernel.errors import DomainError
from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.store import Create, Update
from crm.records.work import UnitOfWork, Works
from tests.db.records.strategies import EXTRA, ORGANISATION, PERSON, some_of
from tests.support.queries import counting
from tests.support.records import SYSTEM, everything_in

Orders = list[Create | Update]
KEPT = ("record", "organisation", "person", "board", "mandate", "meeting", "agenda_item", "change", "change_value")
Rows = list[tuple[str, int, dict[str, Any]]]


def written(uow: UnitOfWork, orders: Orders, *, at_once: bool) -> Rows | type[DomainError]:
    """Save in one call or one by one, and give all rows by table; new records are numbered by their orders."""
    parts = [orders] if at_once else [[order] for order in orders]
    try:
        ids = [made for part in parts for made in uow.records.save_many(part)]
    except DomainError as refusal:
        return type(refusal)
    new = {made: 10_000 + number for number, made in enumerate(ids) if isinstance(orders[number], Create)}
    found: Rows = []
    for name in KEPT:
        table = Base.metadata.tables[name]
        rows = uow.session.execute(table.select().order_by(*table.primary_key.columns)).mappings()
        found += [(name, number, plain(dict(row), name, new)) for number, row in enumerate(rows)]
    records = sorted((row for row in found if "id" in row[2]), key=lambda row: (row[0], row[2]["id"]))
    return [(name, 0, row) for name, _number, row in records] + [row for row in found if "id" not in row[2]]


def plain(row: dict[str, Any], table: str, new: dict[int, int]) -> dict[str, Any]:
    """Leave out what differs by nature: ids of changes, acts and salts; ids of new records become their numbers."""
    for name in ("act_id", "change_id", "txid", "salt", "digest", *(["id"] if table == "change" else [])):
        row.pop(name, None)
    for name in ("id", "record_id"):
        if name in row:
            row[name] = new.get(row[name], row[name])
    return row


@pytest.fixture
def start(works: Works) -> tuple[list[int], list[int]]:
    """Three organisations, two people, a board, a meeting with two items; and four extra fields."""
    with works.writing(SYSTEM, publishing=True) as uow:
        for name, kind in (("x_text", "text"), ("x_number", "number"), ("x_date", "date"), ("x_yes", "yes_no")):
            add_field(uow, "organisation", name, kind, Label(da=name), config={"decimals": 4} if kind == "number" else {})
    with works.writing(SYSTEM) as uow:
        make = uow.records.create
        organisations = [make("organisation", {"title": f"Nr. {number}"}) for number in (1, 2, 3)]
        people = [make("person", {"given_name": name}) for name in ("Anne", "Jens")]
        board = make("board", {"title": "Styregruppen"})
        return organisations, [*people, board]


def orders_over(organisations: Sequence[int], people: Sequence[int], board: int) -> st.SearchStrategy[Orders]:
    organisation = st.sampled_from(organisations)
    fields = {**ORGANISATION, **EXTRA, "parent": st.none() | organisation}
    person = st.sampled_from(people)
    seat = {
        "board": st.just(board),
        "person": person,
        "period": st.sampled_from(["2026-01-01", None]),
        "organisation": organisation,
    }
    when = st.sampled_from(["2027-04-27 10.00", "2027-09-01 09.00", "2028-01-10 12.30"])
    return st.lists(
        st.one_of(
            st.builds(Create, st.just("organisation"), some_of(fields, "title")),
            st.builds(Update, organisation, some_of(fields)),
            st.builds(Create, st.just("person"), some_of(PERSON, "given_name")),
            st.builds(Update, person, some_of(PERSON)),
            st.builds(Create, st.just("mandate"), some_of(seat, "board", "person")),
            st.builds(Create, st.just("meeting"), some_of({"board": st.just(board), "when": when}, "board", "when")),
            st.builds(Update, st.just(board), some_of({"meeting_name": st.sampled_from(["Møde", "Styregruppemøde"])})),
        ),
        max_size=8,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_many_orders_at_once_give_what_they_give_one_by_one(
    works: Works, start: tuple[list[int], list[int]], data: st.DataObject
) -> None:
    organisations, (*people, board) = start
    orders = data.draw(orders_over(organisations, people, board))
    results = []
    for at_once in (True, False):
        with works.writing(SYSTEM) as uow:
            results.append(written(uow, orders, at_once=at_once))
            uow.session.rollback()
    assert results[0] == results[1]


def test_a_record_named_twice_is_saved_twice(works: Works, start: tuple[list[int], list[int]]) -> None:
    record_id = start[0][0]
    with works.writing(SYSTEM) as uow:
        uow.records.save_many(
            [Update(record_id, {"street": "1"}), Update(record_id, {"street": "2"}), Update(record_id, {"city": "By"})]
        )
        values = uow.records.values(record_id)
        assert (values["street"], values["city"], values["version"]) == ("2", "By", 4)


def test_ids_come_in_the_order_of_the_orders_whatever_their_types(works: Works) -> None:
    kinds = ["person", "organisation", "person", "organisation"]
    orders = [Create(kind, {"given_name": str(n)} if kind == "person" else {"title": str(n)}) for n, kind in enumerate(kinds)]
    with works.writing(SYSTEM) as uow:
        ids = uow.records.save_many(orders)
        assert [(uow.records.values(one)["type"], uow.records.values(one)["title"]) for one in ids] == [
            (kind, str(n)) for n, kind in enumerate(kinds)
        ]


def test_more_orders_than_a_batch_holds_are_all_saved(database: Database, works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        ids = uow.records.save_many([Create("organisation", {"title": f"Nr. {n}"}) for n in range(1203)])
        assert len(set(ids)) == 1203
        assert uow.records.values(ids[-1])["title"] == "Nr. 1202"
    assert len(everything_in(database)["change"]) == 1203


def test_a_batch_of_new_records_asks_a_constant_number_of_times(database: Database, works: Works) -> None:
    """On PostgreSQL a single record takes one statement: spine, own table, keys, act, change and its values."""
    numbers = []
    for size in (1, 100):
        with works.writing(SYSTEM) as uow, counting(database) as asked:
            uow.records.save_many([Create("organisation", {"title": f"Nr. {n}", "cvr": "12345674"}) for n in range(size)])
        numbers.append(len(asked))
    assert numbers == ([5, 7] if database.is_sqlite else [1, 5])
