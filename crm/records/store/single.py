"""One record and its line of the log in one statement, for PostgreSQL: half of a single save's time there is round trips.

Statements are kept by the columns that they write (`Storage.kept`): putting one together costs as much as a round trip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import CTE, BindParameter, FromClause, String, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from crm.records.changes import appending
from crm.records.models import record_table
from crm.records.storage import TypeStorage
from crm.records.value_models import RecordValue


class LogValues(NamedTuple):
    """What `changes.values_of_one` gave: what is bound, and whether the act has its row yet."""

    values: Mapping[str, Any]
    with_act: bool


def insert_record(
    session: Session,
    storage: TypeStorage,
    spine: Mapping[str, Any],
    own: Mapping[str, Any],
    keys: Sequence[tuple[str, str]],
    logged: LogValues,
) -> int:
    """Insert a record of a type with a table of its own, the keys of its several values by field, and its change; give its id."""
    spine = {"all_day": False, **spine}  # a default of ours is not filled in within a statement of several tables
    names = ("insert one", logged.with_act, *sorted(spine), "own", *sorted(own))
    statement = storage.kept(names, lambda: _insert(storage, spine, own, with_act=logged.with_act))
    held = {"k_field": [field for field, _key in keys], "k_key": [key for _field, key in keys]}
    return int(
        session.connection().execute(statement, {**_values("s", spine), **_values("o", own), **held, **logged.values}).one()[1]
    )


def update_record(
    session: Session,
    storage: TypeStorage,
    place: tuple[int, int],
    spine: Mapping[str, Any],
    own: Mapping[str, Any],
    logged: LogValues,
) -> bool:
    """Update a record that still has this version (`place`: id and version), and append its change; False if someone was first."""
    names = ("update one", logged.with_act, *sorted(spine), "own", *sorted(own))
    statement = storage.kept(names, lambda: _update(storage, spine, own, with_act=logged.with_act))
    values = {"at_id": place[0], "at_version": place[1], **_values("s", spine), **_values("o", own), **logged.values}
    return session.connection().execute(statement, values).one_or_none() is not None


def _insert(storage: TypeStorage, spine: Mapping[str, Any], own: Mapping[str, Any], *, with_act: bool) -> Any:
    made = insert(record_table).values(_bound(record_table, "s", spine)).returning(record_table.c.id).cte("spine")
    table = _table(storage)
    columns = _bound(table, "o", own)
    beside = insert(table).from_select(["id", *columns], select(made.c.id, *columns.values())).cte("own")
    return appending(made, with_act=with_act).add_cte(beside, _held_keys(storage, made))


def _held_keys(storage: TypeStorage, made: CTE) -> CTE:
    """The keys of several values, as many as there are: two lists that run side by side."""
    held: Any = RecordValue.__table__
    field, key = (func.unnest(bindparam(f"k_{name}", type_=ARRAY(String))) for name in ("field", "key"))
    rows = select(bindparam("k_type", storage.type.id, held.c.type_id.type), field, key, made.c.id)
    return insert(held).from_select(["type_id", "field", "key", "record_id"], rows).cte("held")


def _update(storage: TypeStorage, spine: Mapping[str, Any], own: Mapping[str, Any], *, with_act: bool) -> Any:
    touched = (
        update(record_table)
        .where(record_table.c.id == bindparam("at_id"), record_table.c.version == bindparam("at_version"))
        .values(_bound(record_table, "s", spine))
        .returning(record_table.c.id)
        .cte("touched")
    )
    statement = appending(touched, with_act=with_act)
    if not own:
        return statement
    table = _table(storage)
    return statement.add_cte(update(table).where(table.c.id == touched.c.id).values(_bound(table, "o", own)).cte("own"))


def _table(storage: TypeStorage) -> Any:
    if storage.own is None:
        raise ValueError(f"{storage.type.key} has no table of its own")
    return storage.own


def _bound(table: FromClause, prefix: str, columns: Mapping[str, Any]) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(f"{prefix}_{name}", type_=table.c[name].type) for name in columns}


def _values(prefix: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}_{name}": value for name, value in columns.items()}
