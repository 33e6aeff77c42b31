"""What hangs on a record without being one of its values: comments, files, followers, notices. A merge takes it along.

A table is named by the part of the product that owns it (`register_hanging("notice")`); it must have a primary key, and a column
that holds the record's id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Column, Table, and_, select, tuple_, update

from crm.kernel.db import Base

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: What was moved: by table, the rows' keys.
Moved = dict[str, list[list[Any]]]
#: Bound values a statement at most.
ROWS: Final = 2_000

_hanging: dict[str, str] = {}


def register_hanging(table: str, column: str = "record_id") -> None:
    """Have the rows of a table follow their record into the one it is merged into."""
    _hanging[table] = column


for _name, _column in (("comment", "record_id"), ("file", "record_id"), ("search_part", "record_id"), ("account", "person_id")):
    register_hanging(_name, _column)


def _identity(table: Table, column: str) -> list[Column[Any]]:
    """Give the columns that tell a row from others of the same record."""
    return [one for one in table.primary_key.columns if one.name != column]


def _tables() -> list[tuple[Table, str]]:
    known = Base.metadata.tables
    return [(known[name], column) for name, column in sorted(_hanging.items()) if name in known]


def move_hanging(uow: UnitOfWork, from_id: int, to_id: int) -> Moved:
    """Move all that hangs on one record to another; what the other has already (a follower of both) stays. Gives what moved."""
    moved: Moved = {}
    for table, column in _tables():
        identity = _identity(table, column)
        rows = uow.session.execute(select(*identity).where(table.c[column] == from_id).order_by(*identity)).all()
        there: set[tuple[Any, ...]] = set()
        if column in table.primary_key.columns:
            there = {tuple(row) for row in uow.session.execute(select(*identity).where(table.c[column] == to_id))}
        keys = [list(row) for row in rows if tuple(row) not in there]
        if keys:
            moved[table.name] = keys
            _set(uow, table, column, keys, from_id, to_id)
    return moved


def move_back(uow: UnitOfWork, moved: Mapping[str, Sequence[Sequence[Any]]], from_id: int, to_id: int) -> None:
    """Move what was moved before from one record back to another, as far as it is still there."""
    for table, column in _tables():
        _set(uow, table, column, moved.get(table.name, ()), from_id, to_id)


def _set(uow: UnitOfWork, table: Table, column: str, keys: Sequence[Sequence[Any]], from_id: int, to_id: int) -> None:
    identity = _identity(table, column)
    for start in range(0, len(keys), ROWS):
        some = [tuple(key) for key in keys[start : start + ROWS]]
        mine = identity[0].in_([key[0] for key in some]) if len(identity) == 1 else tuple_(*identity).in_(some)
        uow.session.execute(update(table).where(and_(table.c[column] == from_id, mine)).values({column: to_id}))
    uow.session.expire_all()
