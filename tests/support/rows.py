"""A row in every table, made from the metadata alone: for tests of migrations."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from crm.kernel.db import Database, Fixed4, Moment
from crm.migrations.metadata import whole_metadata

SOME_MOMENT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def fill_every_table(database: Database, only: set[str] | None = None) -> None:
    """Write one row into each table (or those named) that has none; foreign keys point at the parent's row."""
    rows: dict[str, dict[str, Any]] = {}
    with database.writing() as session:
        for table in whole_metadata().sorted_tables:
            if only is not None and table.name not in only:
                continue
            there = session.execute(sa.select(table).limit(1)).mappings().first()
            if there is None:
                session.execute(sa.insert(table).values(_values(table, rows)))
                there = session.execute(sa.select(table).limit(1)).mappings().one()
            rows[table.name] = dict(there)


def count_rows(database: Database) -> dict[str, int]:
    """Count every table's rows."""
    with database.engine.connect() as connection:
        names = [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version" and not _is_index(name)]
        return {name: connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one() for name in names}


def _is_index(name: str) -> bool:
    """Whether a table is SQLite's own of the full-text index: it follows `search_doc` by triggers."""
    return name.startswith("search_fts")


def _values(table: sa.Table, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = _allowed(table)
    for column in table.columns:
        if column.name in values:
            continue
        if column.foreign_keys:
            parent = next(iter(column.foreign_keys)).column
            if parent.table.name in rows:
                values[column.name] = rows[parent.table.name][parent.name]
        elif column.server_default is None and not _is_numbered(table, column):
            values[column.name] = _value(column)
    return values


def _allowed(table: sa.Table) -> dict[str, Any]:
    """Give the first value that each "one of" check allows."""
    texts = [str(item.sqltext) for item in table.constraints if isinstance(item, sa.CheckConstraint)]
    found = (re.match(r"(\w+) in \('(\w+)'", text, re.IGNORECASE) for text in texts)
    return {match[1]: match[2] for match in found if match}


def _is_numbered(table: sa.Table, column: sa.Column[Any]) -> bool:
    return bool(column.primary_key and table.autoincrement_column is column)


def _value(column: sa.Column[Any]) -> Any:  # noqa: PLR0911 - one line a type
    kind = column.type
    if isinstance(kind, Moment):
        return SOME_MOMENT
    if isinstance(kind, Fixed4):
        return Decimal(1)
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.DateTime):
        return SOME_MOMENT.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return date(2026, 12, 1)
    if isinstance(kind, sa.Integer):
        return 1
    if isinstance(kind, sa.LargeBinary):
        return b"x"
    if isinstance(kind, sa.String):
        return column.name[: kind.length or 50]
    raise TypeError(f"{column}: no example for {kind!r}")
