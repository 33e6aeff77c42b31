"""Records for tests: units of work over any types, roles with any grants, and whole tables to compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import insert, select

from crm.kernel.clock import FixedClock
from crm.kernel.db import Base, Database
from crm.records.registry import RegistryCache
from crm.records.types import RecordType
from crm.records.work import Works
from crm.security.actors import Actor, system_actor
from crm.security.models import Grant, PlatformState, role_table, user_role_table, user_table
from crm.wiring import BUILTIN_TYPES

SYSTEM = system_actor("test")
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
#: type, act, and then scope, fields that may be read, fields that may be written.
GrantRow = tuple[Any, ...]


def works_on(database: Database, *changed: RecordType) -> Works:
    """Give units of work over the built-in types, some of them exchanged for changed ones of the same key."""
    other = {item.key: item for item in changed}
    return Works(database, RegistryCache([other.get(item.key, item) for item in BUILTIN_TYPES]), clock=FixedClock(NOW))


def builtin(key: str, **changes: Any) -> RecordType:
    """Give a built-in type, or a changed copy of it."""
    found = next(item for item in BUILTIN_TYPES if item.key == key)
    return replace(found, **changes) if changes else found


def add_actor(database: Database, name: str, grants: Iterable[GrantRow] = (), **more: Any) -> Actor:
    """Make a user with a role of the same name that has just these grants, and give the actor."""
    with database.writing() as session:
        role_id = session.execute(insert(role_table).values(name=name).returning(role_table.c.id)).scalar_one()
        user = {"first_name": name.title(), "last_name": "Prøve", "username": name, "email": f"{name}@example.dk", "active": True}
        user_id = session.execute(insert(user_table).values(user).returning(user_table.c.id)).scalar_one()
        session.execute(insert(user_role_table).values(user_id=user_id, role_id=role_id))
        for type_key, act, *rest in grants:
            scope, read, write = (*rest, "all", None, None)[:3] if not rest else (*rest, None, None)[:3]
            session.add(Grant(role_id=role_id, type_key=type_key, act=act, scope=scope, read_fields=read, write_fields=write))
        session.execute(sa.update(PlatformState).values(security_epoch=PlatformState.security_epoch + 1))
    return Actor(user_id, name.title(), roles=frozenset({name}), **more)


def everything_in(database: Database, *, but: Sequence[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table of ours, in the order of the primary keys."""
    with database.engine.connect() as connection:
        found = {}
        for table in Base.metadata.sorted_tables:
            if table.name not in but:
                rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
                found[table.name] = [tuple(row) for row in rows]
    return found


def stored_row(database: Database, record_id: int) -> dict[str, Any]:
    """Give all columns of a record: the spine's, slots included, and `own.…` of its type's table."""
    record = Base.metadata.tables["record"]
    with database.engine.connect() as connection:
        spine = dict(connection.execute(select(record).where(record.c.id == record_id)).mappings().one())
        own = Base.metadata.tables.get(spine["kind"])
        if own is not None:
            row = connection.execute(select(own).where(own.c.id == record_id)).mappings().one()
            spine.update({f"own.{name}": value for name, value in row.items()})
    return spine
