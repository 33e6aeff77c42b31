"""The built-in types hold together: what a field lets through fits its columns, and what it names exists."""

from __future__ import annotations

import pytest
from sqlalchemy import BigInteger, Boolean, Date, Integer, String

from crm.kernel.db import Moment
from crm.records.fields import KINDS
from crm.records.fields.link import MAX_LENGTH
from crm.records.fields.number import INTEGER_LIMIT
from crm.records.models import record_table
from crm.records.types import ANY_TYPE, Column, Data, Field, Links, RecordType, Spine
from crm.wiring import BUILTIN_TYPES

KEYS = {item.key for item in BUILTIN_TYPES}
FIELDS = [(item, one) for item in BUILTIN_TYPES for one in item.fields]


def columns_of(record_type: RecordType, item: Field) -> list[object]:
    place = item.place
    table = record_table if isinstance(place, Spine) else record_type.model.__table__
    return [table.c[name] for name in place.columns] if isinstance(place, Spine | Column) else []


@pytest.mark.parametrize(("record_type", "item"), FIELDS, ids=[f"{one.key}.{two.api_name}" for one, two in FIELDS])
def test_what_a_field_lets_through_fits_its_columns(record_type: RecordType, item: Field) -> None:
    assert not isinstance(item.place, Data)
    assert item.kind in KINDS
    columns = columns_of(record_type, item)
    if item.kind == "text":
        limit = int(item.config.get("max_length", 20_000 if item.config.get("multiline") else 200))
        width = getattr(columns[0].type, "length", None)  # type: ignore[attr-defined]
        assert width is None or limit <= width
    if item.kind == "choice":
        assert isinstance(columns[0].type, String)  # type: ignore[attr-defined]
        assert max(len(option.key) for option in item.options) <= (columns[0].type.length or 10**6)  # type: ignore[attr-defined]
        assert len({option.key for option in item.options}) == len(item.options)
    if item.kind == "link":
        assert (columns[0].type.length or 10**6) >= MAX_LENGTH  # type: ignore[attr-defined]
    if item.kind == "number":
        whole = type(columns[0].type) is Integer  # type: ignore[attr-defined]
        assert whole == bool(item.config.get("integer_column"))
        assert not whole or abs(int(item.config.get("max", 0))) < INTEGER_LIMIT
    if item.kind == "yes_no":
        assert isinstance(columns[0].type, Boolean)  # type: ignore[attr-defined]
    if item.kind == "relation" and columns:
        assert isinstance(columns[0].type, BigInteger)  # type: ignore[attr-defined]
    if item.kind == "date":
        check_date(item, columns)


def check_date(item: Field, columns: list[object]) -> None:
    """As many columns as there are parts, of the type that the parts are kept in."""
    days = item.config.get("store") == "day"
    parts = 1 + (item.config.get("end", "hidden") != "hidden") + (item.config.get("time", "hidden") == "optional")
    assert len(columns) in ({parts} if days else {parts, parts + 1})
    for column in columns[: 1 + (item.config.get("end", "hidden") != "hidden")]:
        assert isinstance(column.type, Date if days else Moment)  # type: ignore[attr-defined]


@pytest.mark.parametrize("record_type", BUILTIN_TYPES, ids=lambda item: item.key)
def test_what_a_type_names_exists(record_type: RecordType) -> None:
    names = [item.api_name for item in record_type.fields]
    assert len(set(names)) == len(names)
    assert set(record_type.list_fields) <= {*names, "state", "owner", "title", "created_at", "updated_at"}
    for item in record_type.fields:
        if item.kind == "relation":
            assert item.targets
            assert item.targets == ANY_TYPE or set(item.targets) <= KEYS
        if item.default is not None:
            assert KINDS[item.kind].clean(item, item.default, "Europe/Copenhagen") == item.default
        assert item.label.da
        assert item.label.en
        assert not (item.required and isinstance(item.place, Links))
