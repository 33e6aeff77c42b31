"""Which rows of a type an actor may do an act on: the scopes of their grants, and what binds the type's rows beside any grant.

A type may say that a row is for some people only (`RecordType.guarded`: a private task), and that its rows follow the rights
of the record that they are about (`RecordType.follows`): who may not read that record sees them only as their owner. Both
hold for every act and for whoever has the widest grant; only the system itself is free of them. Every read and every write
asks here, so a list, a count, a search, the API and an ORM read say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, FromClause, and_, false, or_, select

from crm.records.models import record_table
from crm.records.sql import SqlFilter
from crm.records.types import RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def row_condition(
    uow: UnitOfWork, record_type: RecordType, act: str, spine: FromClause = record_table, own: FromClause | None = None
) -> ColumnElement[bool] | None:
    """Give the condition of the rows that the actor may do an act on; None when nothing bounds it.

    Args:
        uow: on whose behalf.
        record_type: the type.
        act: the act of the grant table.
        spine: the spine, or an alias of it.
        own: the type's own table under its alias, when the spine has one.
    """
    if uow.access.everything:
        return None
    parts = [_granted(uow, record_type, act, spine, own), *_bounds(uow, record_type, spine, own)]
    found = [part for part in parts if part is not None]
    return and_(*found) if found else None


def _granted(
    uow: UnitOfWork, record_type: RecordType, act: str, spine: FromClause, own: FromClause | None
) -> ColumnElement[bool] | None:
    scopes = uow.access.scopes(act, record_type.key)
    if "all" in scopes:
        return None
    compiler = SqlFilter(uow.registry, record_type, uow.zone, spine=spine, own=own)
    known = sorted(scopes & set(record_type.scopes))
    return or_(false(), *(compiler.compile(record_type.scopes[scope](uow.actor, uow.today())) for scope in known))


def _bounds(
    uow: UnitOfWork, record_type: RecordType, spine: FromClause, own: FromClause | None
) -> list[ColumnElement[bool] | None]:
    guard = None
    if record_type.guarded is not None:
        compiler = SqlFilter(uow.registry, record_type, uow.zone, spine=spine, own=own)
        guard = compiler.compile(record_type.guarded(uow.actor, uow.today()))
    return [guard, _followed(uow, record_type, spine, own)]


def _shows_followers(uow: UnitOfWork, target: RecordType) -> bool:
    """Whether the actor may read what is told by what follows a type's records: a sparring's next step is its task's title."""
    readable = uow.access.readable(target.key)
    return target.holds_back is None or readable is None or target.holds_back in readable


def _followed(uow: UnitOfWork, record_type: RecordType, spine: FromClause, own: FromClause | None) -> ColumnElement[bool] | None:
    """Give the rows that are about nothing, about a record that the actor may read, or the actor's own."""
    if record_type.follows is None:
        return None
    item = record_type.by_name[record_type.follows]
    storage = uow.registry.storage(record_type.key)
    column = storage.key_column(item, spine, storage.own if own is None else own)
    if column is None:
        raise ValueError(f"{record_type.key}.{item.api_name} is kept as links: no row can follow it")
    parent = record_table.alias()
    open_ids: list[int] = []
    bounded: list[ColumnElement[bool]] = []
    for key in item.targets:
        target = uow.registry.get(key)
        if not uow.access.may("read", key) or not _shows_followers(uow, target):
            continue
        table = uow.registry.storage(key)
        own_alias = None if table.own is None else table.own.alias()
        other = record_table.alias()
        condition = row_condition(uow, target, "read", other, own_alias)
        if condition is None:
            open_ids.append(target.id)
        else:
            seen = select(other.c.id).select_from(table.source(other, own_alias)).where(other.c.type_id == target.id, condition)
            bounded.append(column.in_(seen))
    if len(open_ids) == len(item.targets):
        return None
    # One look by primary key a row; a list of all ids that may be read would be as long as the database.
    readable = select(parent.c.id).where(parent.c.id == column, parent.c.type_id.in_(open_ids)).exists() if open_ids else false()
    mine = false() if uow.actor.user_id is None else and_(spine.c.owner_id.is_not(None), spine.c.owner_id == uow.actor.user_id)
    return or_(column.is_(None), mine, readable, *bounded)
