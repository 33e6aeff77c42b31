"""Earlier versions: a field's values over time, two versions side by side, and old values put back; on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.kernel.db import Database
from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.kernel.i18n import Label
from crm.records.comments import write_comment
from crm.records.definitions import add_field
from crm.records.query import one
from crm.records.related import history
from crm.records.undo import undo_act
from crm.records.versions import compare, field_history, restore_version, values_of_version, versions_of
from crm.records.work import Works
from tests.db.records.strategies import ORGANISATION, some_of
from tests.support.records import SYSTEM, add_actor

FIELDS = {name: ORGANISATION[name] for name in ("title", "kind", "city", "municipality", "website", "note")}


def made(works: Works, *steps: dict[str, Any]) -> int:
    with works.writing(SYSTEM) as uow:
        record = uow.records.create("organisation", steps[0])
    for step in steps[1:]:
        with works.writing(SYSTEM) as uow:
            uow.records.update(record, step)
    return record


def test_a_fields_values_stand_newest_first_with_who_and_when(works: Works) -> None:
    record = made(works, {"title": "Havvind", "city": "Ribe"}, {"city": "Odense"}, {"note": "x"}, {"city": None})
    with works.reading(SYSTEM) as uow:
        found = field_history(uow, record, "city")
        assert [(item.old, item.new, item.version.number) for item in found] == [
            ("Odense", None, 4),
            ("Ribe", "Odense", 2),
            (None, "Ribe", 1),
        ]
        assert found[0].version.who == "Klynge (test)"
        assert [item.new for item in field_history(uow, record, "city", before=found[0].version.change_id, limit=1)] == ["Odense"]
        assert [item.number for item in versions_of(uow, record)] == [4, 3, 2, 1]


def test_versions_are_compared_with_state_and_without_what_was_said(works: Works) -> None:
    record = made(works, {"title": "Havvind", "city": "Ribe"}, {"city": "Odense", "title": "Havenergi"})
    with works.writing(SYSTEM) as uow:
        uow.records.transition(record, "prepare")
        write_comment(uow, record, "Hej")
    with works.reading(SYSTEM) as uow:
        found = compare(uow, record, 1, 3)
        assert [(item.field.api_name, item.first, item.second) for item in found] == [
            ("title", "Havvind", "Havenergi"),
            ("city", "Ribe", "Odense"),
        ]
        row = one(uow, record)
        assert [values_of_version(uow, row, number)["state"] for number in (1, 2, 3)] == ["active", "active", "starting"]
        assert [item.number for item in versions_of(uow, record)] == [3, 2, 1]
        for unknown in (0, 4, -1):
            with pytest.raises(NotFound):
                compare(uow, record, 1, unknown)


def test_a_field_called_comment_is_not_taken_for_what_was_said(database: Database, works: Works) -> None:
    with works.writing(SYSTEM, publishing=True) as uow:
        add_field(uow, "organisation", "comment", "text", Label(da="Kommentar", en="Comment"))
    record = made(works, {"title": "Havvind", "comment": "Først"}, {"comment": "Siden"})
    with works.writing(SYSTEM) as uow:
        write_comment(uow, record, "Hej")
        uow.records.transition(record, "close", comment="Lukket")
    with works.writing(SYSTEM) as uow:
        uow.records.update(record, {"city": "Ribe"}, seen_version=2)
        row = one(uow, record)
        assert [item.new for item in field_history(uow, record, "comment")] == ["Siden", "Først"]
        assert [values_of_version(uow, row, number)["comment"] for number in (1, 2, 3, 4)] == ["Først", *["Siden"] * 3]
        kinds = {line.kind: line.patch for line in history(uow, record)}
        assert kinds["transition"]["comment"] == (None, "Lukket")


def test_one_field_or_all_come_back_as_a_change_of_their_own(works: Works) -> None:
    record = made(works, {"title": "Havvind", "city": "Ribe"}, {"city": "Odense", "title": "Havenergi", "note": "x"})
    with works.writing(SYSTEM) as uow:
        assert restore_version(uow, record, 1, ["city"]) == ["city"]
        assert uow.records.values(record)["title"] == "Havenergi"
    with works.writing(SYSTEM) as uow:
        act = uow.act.id
        assert sorted(restore_version(uow, record, 1)) == ["note", "title"]
        assert restore_version(uow, record, 1) == []
        assert uow.records.values(record)["version"] == 4
    with works.writing(SYSTEM) as uow:
        assert undo_act(uow, act).skipped == []
        assert uow.records.values(record)["note"] == "x"


def test_fields_that_may_not_be_read_or_written_stay_shut(database: Database, works: Works) -> None:
    record = made(works, {"title": "Havvind", "city": "Ribe", "note": "a"}, {"city": "Odense", "note": "b"})
    grants = [("organisation", "read", "all", ["title", "city"]), ("organisation", "update", "all", None, ["city"])]
    ida = add_actor(database, "ida", grants)
    with works.reading(ida) as uow:
        assert [item.field.api_name for item in compare(uow, record, 1, 2)] == ["city"]
        for name in ("note", "nothing", "state"):
            with pytest.raises(NotFound):
                field_history(uow, record, name)
    with works.writing(ida) as uow:
        for name in ("title", "note"):
            with pytest.raises(InvalidInput):
                restore_version(uow, record, 1, [name])
        assert restore_version(uow, record, 1) == ["city"]
    reader = add_actor(database, "pia", [("organisation", "read")])
    with works.writing(reader) as uow, pytest.raises(AccessDenied):
        restore_version(uow, record, 2)
    stranger = add_actor(database, "ole", [("person", "read")])
    with works.reading(stranger) as uow, pytest.raises(NotFound):
        field_history(uow, record, "city")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=some_of(FIELDS, "title"), steps=st.lists(some_of(FIELDS), min_size=1, max_size=4), data=st.data())
def test_any_version_comes_back_as_it_was(
    works: Works, first: dict[str, Any], steps: list[dict[str, Any]], data: st.DataObject
) -> None:
    seen: dict[int, dict[str, Any]] = {}
    with works.writing(SYSTEM) as uow:
        record = uow.records.create("organisation", first)
        seen[1] = uow.records.values(record)
        for step in steps:
            version = uow.records.update(record, step)
            seen[version] = uow.records.values(record)
    wanted = data.draw(st.sampled_from(sorted(seen)))
    with works.writing(SYSTEM) as uow:
        restore_version(uow, record, wanted)
        assert {**uow.records.values(record), "version": 0} == {**seen[wanted], "version": 0}
