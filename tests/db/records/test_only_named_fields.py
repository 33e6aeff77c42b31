"""An update changes the fields it names and nothing else: every other column of the row stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from crm.kernel.db import Database
from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.work import Works
from tests.db.records.strategies import EXTRA, ORGANISATION, some_of
from tests.support.records import SYSTEM, stored_row

#: Columns that a field's value is kept in, beside those that every change moves.
COLUMNS: dict[str, set[str]] = {
    "title": {"title", "title_sort"},
    "kind": {"own.kind_of", "own.region_rule", "own.region"},
    "cvr": {"own.cvr", "own.cvr_doubtful"},
    "city": {"own.city", "own.city_key"},
    "municipality": {"own.municipality_code", "own.region"},
    "website": {"own.website"},
    "email": {"own.emails"},
    "phone": {"own.phones"},
    "street": {"own.street"},
    "tags": {"own.tags"},
    "note": {"own.note"},
    "x_text": {"t1", "data.f1"},
    "x_number": {"n1", "data.f2"},
    "x_date": {"d1", "data.f3"},
    "x_yes": {"n2", "data.f4"},
}
ALWAYS = {"version", "updated_at", "updated_by"}


def columns_of(database: Database, record_id: int) -> dict[str, Any]:
    row = stored_row(database, record_id)
    data = row.pop("data")
    return {**row, **{f"data.{key}": value for key, value in data.items()}}


@pytest.fixture
def made(works: Works) -> int:
    """An organisation with extra fields; one that nobody touches holds something too."""
    with works.writing(SYSTEM, publishing=True) as uow:
        for name, kind, config in (
            ("x_text", "text", {}),
            ("x_number", "number", {"decimals": 4}),
            ("x_date", "date", {}),
            ("x_yes", "yes_no", {}),
            ("x_kept", "text", {}),
        ):
            add_field(uow, "organisation", name, kind, Label(da=name), config=config)
    with works.writing(SYSTEM) as uow:
        return uow.records.create(
            "organisation", {"title": "Begyndelsen", "x_kept": "bliver", "x_text": "a", "note": "n", "cvr": "12345678"}
        )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=some_of({**ORGANISATION, **EXTRA}))
def test_an_update_leaves_every_column_alone_that_it_does_not_name(
    database: Database, works: Works, made: int, values: dict[str, Any]
) -> None:
    before = columns_of(database, made)
    with works.writing(SYSTEM) as uow:
        version = uow.records.update(made, values)
    after = columns_of(database, made)
    allowed = ALWAYS.union(*(COLUMNS[name] for name in values))
    moved = {name for name in after if after[name] != before.get(name)}
    assert moved <= allowed
    assert after["data.f5"] == "bliver"
    assert (version > before["version"]) == bool(moved)
