"""Extra fields of any type: no table, no column; slots while there are any, and every field works without one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from crm.filters import Condition
from crm.kernel.db import Database
from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import Label
from crm.records.definitions import add_field, backfill
from crm.records.fields import KINDS, DateValue
from crm.records.models import FieldRow, record_table
from crm.records.query import count, list_page, one
from crm.records.related import history, links
from crm.records.storage import reads_slot
from crm.records.work import UnitOfWork, Works
from tests.support.records import SYSTEM, everything_in, stored_row

OPTIONS = {"options": [{"key": "a", "label": {"da": "Alfa"}}, {"key": "b", "label": {"da": "Beta"}, "retired": True}]}
#: kind → settings, raw value, value, slot.
FIELDS: dict[str, tuple[dict[str, Any], Any, Any, str]] = {
    "text": ({"multiline": True}, "Ærø\nØ", "Ærø\nØ", "t1"),
    "number": ({"decimals": 2, "unit": "kr."}, "1.234,50", Decimal("1234.5"), "n1"),
    "date": (
        {"time": "optional", "end": "optional"},
        "2026-12-01 10.00",
        DateValue(datetime(2026, 12, 1, 9, tzinfo=UTC), None, all_day=False),
        "d1",
    ),
    "choice": (OPTIONS, "a", "a", "t2"),
    "yes_no": ({}, "nej", False, "n2"),
    "user": ({}, "", None, "n3"),
    "link": ({}, "A.dk/X", "https://A.dk/X", "t3"),
    "relation": ({"targets": ["organisation"]}, "1", 1, "n4"),
}


def add_all(uow: UnitOfWork) -> None:
    for kind, (config, *_rest) in FIELDS.items():
        add_field(uow, "organisation", f"x_{kind}", kind, Label(da=kind), config=config)


def test_a_field_of_every_kind_keeps_shows_logs_and_finds_its_value(works: Works) -> None:
    with works.writing(SYSTEM, publishing=True) as uow:
        add_all(uow)
    with works.writing(SYSTEM) as uow:
        target = uow.records.create("organisation", {"title": "Målet"})
        made = uow.records.create(
            "organisation", {"title": "Ny", **{f"x_{kind}": raw for kind, (_config, raw, *_rest) in FIELDS.items()}}
        )
        assert target == 1
    with works.reading(SYSTEM) as uow:
        row, (line,) = one(uow, made), history(uow, made)
        for kind, (_config, _raw, value, _slot) in FIELDS.items():
            assert row.values[f"x_{kind}"] == value
            assert line.patch.get(f"x_{kind}", (None, None)) == (None, value)
            assert count(uow, "organisation", Condition(f"x_{kind}", "filled")).number == (value is not None)
        assert count(uow, "organisation", Condition("x_relation.title", "is", "målet")).number == 1
        assert count(uow, "organisation", Condition("x_relation.title", "is_not", "målet")).number == 1


def test_slots_are_given_in_order_by_letter_and_hold_what_is_compared(database: Database, works: Works) -> None:
    with works.writing(SYSTEM, publishing=True) as uow:
        add_all(uow)
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Ny"})
        uow.records.update(made, {f"x_{kind}": raw for kind, (_config, raw, *_rest) in FIELDS.items()})
    row = stored_row(database, made)
    assert (row["t1"], row["t2"], row["t3"]) == ("\ue001r\ue002 \ue002", "a", "https://a.dk/x")
    assert (row["n1"], row["n2"], row["n3"], row["n4"]) == (Decimal("1234.5"), Decimal(0), None, Decimal(1))
    assert row["d1"] == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert set(row["data"]) == {f"f{number}" for number in range(1, 9)}
    with database.reading() as session:
        assert dict(session.execute(select(FieldRow.kind, FieldRow.slot)).all()) == {
            kind: slot for kind, (*_rest, slot) in FIELDS.items()
        }


def test_more_fields_than_slots_still_filter_sort_and_keep_their_values(works: Works) -> None:
    kinds = {"number": 8, "date": 8, "text": 16}
    with works.writing(SYSTEM, publishing=True) as uow:
        for kind, slots in kinds.items():
            rows = [add_field(uow, "organisation", f"{kind}_{number}", kind, Label(da=kind)) for number in range(slots + 2)]
            assert [row.slot is None for row in rows] == [False] * slots + [True] * 2
    with works.writing(SYSTEM) as uow:
        for number in (3, 1, 2):
            last = {"number_9": number, "date_9": f"2026-12-0{number}", "text_17": "abcØ"[number]}
            uow.records.create("organisation", {"title": f"Nr. {number}", **last})
        uow.records.create("organisation", {"title": "Tom"})
    with works.reading(SYSTEM) as uow:
        for name in ("number_9", "date_9", "text_17"):
            assert [row.title for row in list_page(uow, "organisation", sort=name).rows] == ["Nr. 1", "Nr. 2", "Nr. 3", "Tom"]
            assert list_page(uow, "organisation", sort=name, descending=True).rows[0].title == "Nr. 3"
            assert count(uow, "organisation", Condition(name, "empty")).number == 1
        assert count(uow, "organisation", Condition("number_9", "ge", "2")).number == 2
        assert count(uow, "organisation", Condition("date_9", "lt", "2026-12-02")).number == 1
        assert count(uow, "organisation", Condition("text_17", "is", "ø")).number == 1
        assert list_page(uow, "organisation").rows[0].values["date_9"] == DateValue(date(2026, 12, 1))


def test_a_field_with_many_values_is_kept_as_links(works: Works) -> None:
    with works.writing(SYSTEM, publishing=True) as uow:
        assert (
            add_field(
                uow, "organisation", "friends", "relation", Label(da="Venner"), config={"targets": ["person"], "many": True}
            ).slot
            is None
        )
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Ny"})
        friend = uow.records.create("person", {"given_name": "Anne"})
        uow.records.link(made, "friends", friend, role="god ven")
        assert [line.role for line in links(uow, made)] == ["god ven"]
        assert count(uow, "organisation", Condition("friends", "is", friend)).number == 1


def test_a_new_slot_is_filled_from_what_is_stored_in_batches_and_then_read(database: Database, works: Works) -> None:
    with works.writing(SYSTEM, publishing=True) as uow:
        field = add_field(uow, "organisation", "rank", "number", Label(da="Rang"))
        field.slot = None
    with works.writing(SYSTEM) as uow:
        ids = [uow.records.create("organisation", {"title": str(n), "rank": n if n % 3 else None}) for n in range(10)]
        uow.records.delete(ids[1])
    before = {record_id: stored_row(database, record_id) for record_id in ids}
    with works.writing(SYSTEM, publishing=True) as uow:
        uow.session.execute(update(FieldRow).values(slot="n5", slot_state="filling"))
    batches = 0
    after: int | None = 0
    while after is not None:
        with works.writing(SYSTEM, publishing=True) as uow:
            after = backfill(uow, field.id, after=after, limit=4)
            batches += 1
    assert batches == 4
    for number, record_id in enumerate(ids):
        expected = Decimal(number) if number % 3 else None
        assert stored_row(database, record_id) == {**before[record_id], "n5": expected}
    with works.writing(SYSTEM, publishing=True) as uow:
        assert backfill(uow, field.id) is None
        assert reads_slot(uow.registry.get("organisation").by_name["rank"])
        assert count(uow, "organisation", Condition("rank", "gt", 4)).number == 3


def test_values_survive_other_fields_being_added_and_changed(database: Database, works: Works) -> None:
    with works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "organisation", "first", "text", Label(da="Første"))
    with works.writing(SYSTEM) as uow:
        made = uow.records.create("organisation", {"title": "Ny", "first": "bliver"})
        uow.session.execute(update(record_table).values(data={"f1": "bliver", "f99": "en gammel værdi"}))
    with works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "organisation", "second", "text", Label(da="Anden"))
    with works.writing(SYSTEM) as uow:
        uow.records.update(made, {"second": "ny"})
        uow.records.update(made, {"second": None})
        uow.records.update(made, {"title": "Andet"})
    assert stored_row(database, made)["data"] == {"f1": "bliver", "f99": "en gammel værdi", "f2": None, "f2k": None}


@pytest.mark.parametrize("name", ["id", "title", "state", "owner", "Æble", "x-y", "1x", "", "x" * 60, "city", "x\n", "\ud800"])
def test_a_name_that_is_taken_reserved_or_not_a_plain_word_is_refused(database: Database, works: Works, name: str) -> None:
    before = everything_in(database)
    with works.writing(SYSTEM, publishing=True) as uow, pytest.raises(InvalidInput):
        add_field(uow, "organisation", name, "text", Label(da="X"))
    assert everything_in(database) == before


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("colour", {}),
        ("choice", {}),
        ("choice", {"options": [{"label": {"da": "uden nøgle"}}]}),
        ("choice", {"options": [{"key": "a", "label": {"da": "A"}}] * 2}),
        ("choice", {"options": [{"key": "A B", "label": {"da": "A"}}]}),
        ("choice", {"options": [{"key": "a", "label": "A"}]}),
        ("choice", {"options": "abc"}),
        ("relation", {}),
        ("relation", {"targets": ["unicorn"]}),
        ("relation", {"targets": "organisation"}),
        ("text", {"pattern": "(a+)+$"}),
        ("text", {"max_length": 10**6}),
        ("number", {"integer_column": True}),
        ("number", {"decimals": "two"}),
        ("number", {"min": "lav"}),
        ("date", {"store": "day"}),
        ("date", {"end": "perhaps"}),
        ("user", {"options": []}),
    ],
)
def test_a_setting_that_would_stop_every_process_is_refused(
    database: Database, works: Works, kind: str, config: dict[str, Any]
) -> None:
    before = everything_in(database)
    with works.writing(SYSTEM, publishing=True) as uow, pytest.raises(InvalidInput):
        add_field(uow, "organisation", "x", kind, Label(da="X"), config=config)
    assert everything_in(database) == before


def test_a_deleted_fields_name_key_and_slot_are_not_given_again(works: Works) -> None:
    with works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "organisation", "old", "text", Label(da="Gammel")).deleted_at = uow.now()
    with works.writing(SYSTEM, publishing=True) as uow:
        assert "old" not in uow.registry.get("organisation").by_name
        with pytest.raises(InvalidInput, match="already"):
            add_field(uow, "organisation", "old", "text", Label(da="Gammel"))
        new = add_field(uow, "organisation", "new", "text", Label(da="Ny"))
        assert (new.key, new.slot) == ("f2", "t2")
        with pytest.raises(NotFound):
            add_field(uow, "unicorn", "new", "text", Label(da="Ny"))
    assert set(FIELDS) <= set(KINDS)
