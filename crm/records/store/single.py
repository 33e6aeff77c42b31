"""Spine and own table of one record in one statement, for PostgreSQL: half of a single save's time there is round trips.

Statements are kept by the columns that they write (`Storage.kept`): putting one together costs as much as a round trip.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, FromClause, bindparam, insert, select, update
from sqlalchemy.orm import Session

from crm.records.models import record_table
from crm.records.storage import TypeStorage


def insert_record(session: Session, storage: TypeStorage, spine: Mapping[str, Any], own: Mapping[str, Any]) -> int:
    """Insert a record of a type with a table of its own, and give its id."""
    spine = {"all_day": False, **spine}  # a default of ours is not filled in within a statement of two tables
    key = ("insert one", *sorted(spine), "own", *sorted(own))
    statement = storage.kept(key, lambda: _insert(_table(storage), spine, own))
    return int(session.execute(statement, _values("s", spine) | _values("o", own)).scalar_one())


def update_record(
    session: Session, storage: TypeStorage, record_id: int, version: int, spine: Mapping[str, Any], own: Mapping[str, Any]
) -> int:
    """Update a record that still has this version, and give the number of rows: 1, or 0 when someone was first."""
    key = ("update one", *sorted(spine), "own", *sorted(own))
    statement = storage.kept(key, lambda: _update(_table(storage), spine, own))
    values = _values("s", spine) | _values("o", own)
    done: Any = session.execute(
        statement,
        {"at_id": record_id, "at_version": version, **values},
        # The statement is Core's: no object in the session is to follow it (`writes.forget` does that).
        execution_options={"synchronize_session": False},
    )
    return int(done.rowcount)


def _insert(own_table: Any, spine: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
    made = insert(record_table).values(_bound(record_table, "s", spine)).returning(record_table.c.id).cte("spine")
    bound = _bound(own_table, "o", own)
    statement = insert(own_table).from_select(["id", *bound], select(made.c.id, *bound.values()))
    return statement.returning(own_table.c.id)


def _update(own_table: Any, spine: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
    touched = (
        update(record_table)
        .where(record_table.c.id == bindparam("at_id"), record_table.c.version == bindparam("at_version"))
        .values(_bound(record_table, "s", spine))
        .returning(record_table.c.id)
        .cte("touched")
    )
    return update(own_table).where(own_table.c.id == touched.c.id).values(_bound(own_table, "o", own))


def _table(storage: TypeStorage) -> FromClause:
    if storage.own is None:
        raise ValueError(f"{storage.type.key} has no table of its own")
    return storage.own


def _bound(table: FromClause, prefix: str, columns: Mapping[str, Any]) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(f"{prefix}_{name}", type_=table.c[name].type) for name in columns}


def _values(prefix: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}_{name}": value for name, value in columns.items()}
