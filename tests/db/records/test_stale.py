"""Two people with the same page open: the same field is a conflict with both values, other fields merge in silence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.db import Database
from crm.kernel.errors import Conflict
from crm.records.fields import KINDS
from crm.records.fields.emails import primary_address
from crm.records.query import one
from crm.records.store import StaleRecord
from crm.records.work import UnitOfWork, Works
from tests.support.records import SYSTEM, add_actor, everything_in


@pytest.fixture
def made(works: Works) -> int:
    with works.writing(SYSTEM) as uow:
        return uow.records.create("organisation", {"title": "Østfyn", "street": "11", "email": "x@y.dk"})


def test_the_same_field_is_a_conflict_that_tells_what_was_seen_and_what_is_stored(
    database: Database, works: Works, made: int
) -> None:
    with works.writing(SYSTEM) as uow:
        uow.records.update(made, {"street": "22"})
        uow.records.update(made, {"street": "33", "city": "Nyborg"})
    before = everything_in(database)
    with pytest.raises(StaleRecord) as refused, works.writing(SYSTEM) as uow:
        uow.records.update(made, {"street": "44", "note": "ny"}, seen_version=1)
    assert refused.value.fields == {"street": ("11", "33")}
    assert refused.value.version == 3
    assert isinstance(refused.value, Conflict)
    assert everything_in(database) == before


def test_other_fields_merge_in_silence(works: Works, made: int) -> None:
    with works.writing(SYSTEM) as uow:
        uow.records.update(made, {"street": "22"})
        assert uow.records.update(made, {"city": "Nyborg"}, seen_version=1) == 3
        assert {name: one(uow, made).values[name] for name in ("street", "city")} == {"street": "22", "city": "Nyborg"}


def test_both_writing_the_same_value_is_no_conflict(works: Works, made: int) -> None:
    with works.writing(SYSTEM) as uow:
        uow.records.update(made, {"street": "22"})
        assert uow.records.update(made, {"street": "22"}, seen_version=1) == 2


def test_a_field_that_was_changed_and_changed_back_is_no_conflict_for_who_did_not_touch_it(works: Works, made: int) -> None:
    with works.writing(SYSTEM) as uow:
        uow.records.update(made, {"street": "22"})
        uow.records.update(made, {"street": "11"})
        assert uow.records.update(made, {"street": "44"}, seen_version=1) == 4


def posted(uow: UnitOfWork, made: int, changes: dict[str, str]) -> dict[str, Any]:
    """Post the whole form as it was shown, with some inputs changed."""
    record_type = uow.registry.get("organisation")
    row = one(uow, made)
    fields = [item for item in record_type.fields if item.api_name in row.values and not item.read_only]
    inputs: dict[str, str] = {}
    for item in fields:
        inputs |= KINDS[item.kind].to_form(item, row.values[item.api_name], uow.zone)
    inputs |= changes
    return {item.api_name: KINDS[item.kind].from_form(item, inputs) for item in fields}


def test_a_form_that_posts_every_field_counts_only_what_its_writer_touched(works: Works, made: int) -> None:
    with works.reading(SYSTEM) as uow:
        mine, yours = posted(uow, made, {"street": "22"}), posted(uow, made, {"city": "Nyborg", "email.0.value": "ny@y.dk"})
    with works.writing(SYSTEM) as uow:
        uow.records.update(made, mine, seen_version=1)
    with works.writing(SYSTEM) as uow:
        assert uow.records.update(made, yours, seen_version=1) == 3
        values = one(uow, made).values
        assert (values["street"], values["city"], primary_address(values["email"])) == ("22", "Nyborg", "ny@y.dk")


def test_a_form_posted_unchanged_writes_nothing_even_when_stale(database: Database, works: Works, made: int) -> None:
    with works.reading(SYSTEM) as uow:
        form = posted(uow, made, {})
    with works.writing(SYSTEM) as uow:
        uow.records.update(made, {"street": "22"})
    before = everything_in(database)
    with works.writing(SYSTEM) as uow:
        assert uow.records.update(made, form, seen_version=1) == 2
    assert everything_in(database) == before


def test_a_conflict_does_not_tell_a_value_that_may_be_written_but_not_read(database: Database, works: Works, made: int) -> None:
    eva = add_actor(database, "eva", [("organisation", "read", "all", ["title"]), ("organisation", "update")])
    with works.writing(SYSTEM) as uow:
        uow.records.update(made, {"street": "hemmelig"})
    with pytest.raises(StaleRecord) as refused, works.writing(eva) as uow:
        uow.records.update(made, {"street": "44"}, seen_version=1)
    assert refused.value.fields == {"street": (None, None)}


def test_numbers_dates_and_relations_are_compared_as_values(works: Works) -> None:
    with works.writing(SYSTEM) as uow:
        board = uow.records.create("board", {"title": "Styregruppen"})
        meeting = uow.records.create("meeting", {"board": board, "when": "2027-04-27 10.00"})
        uow.records.update(board, {"items_days": "22"})
        uow.records.update(meeting, {"when": "2027-04-28 10.00"})
        assert uow.records.update(board, {"items_days": 21, "place": "Odense"}, seen_version=1) == 3
        assert uow.records.values(board)["items_days"] == Decimal(22)
        assert uow.records.update(
            meeting, {"when": {"start": "27-04-2027 kl. 10.00"}, "board": str(board), "place": "Her"}, seen_version=1
        )
        with pytest.raises(StaleRecord):
            uow.records.update(meeting, {"when": "2027-04-29 10.00"}, seen_version=1)


def test_a_step_taken_twice_by_two_people_is_told_as_such(works: Works, made: int) -> None:
    with works.writing(SYSTEM) as uow:
        assert uow.records.transition(made, "close", seen_version=1) == "closed"
        with pytest.raises(Conflict, match="in the meantime"):
            uow.records.transition(made, "close", seen_version=1)
