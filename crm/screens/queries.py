"""Reads of pages over all types: what changed last. One query a page, or one a type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union_all

from crm.records.models import record_table
from crm.records.query import Title
from crm.records.types import RecordType
from crm.records.work import UnitOfWork

_LATEST_EACH = 8


@dataclass(frozen=True, slots=True)
class Latest:
    """A record and when it was changed."""

    title: Title
    type: RecordType
    at: datetime


def may_do(uow: UnitOfWork, act: str, record_type: RecordType, record_id: int) -> bool:
    """Whether the actor may do an act on this very record; asks the database only where a scope bounds the right."""
    if not uow.access.may(act, record_type.key):
        return False
    condition = uow.visible(record_type, act)
    if condition is None:
        return True
    source = uow.registry.storage(record_type.key).source()
    statement = select(record_table.c.id).select_from(source).where(record_table.c.id == record_id, condition)
    return uow.session.scalar(statement) is not None


def _of_types(uow: UnitOfWork, act: str, moment: ColumnElement[Any], live: ColumnElement[bool], limit: int) -> Sequence[Any]:
    """Give the newest records of all types at once: each type by its own index, the best of them together."""
    parts: list[Select[Any]] = []
    for record_type in uow.registry.types.values():
        if not (uow.access.may("read", record_type.key) and uow.access.may(act, record_type.key)):
            continue
        columns = (record_table.c.id, record_table.c.type_id, record_table.c.title, record_table.c.state, moment.label("moment"))
        part = select(*columns).select_from(uow.registry.storage(record_type.key).source())
        part = part.where(record_table.c.type_id == record_type.id, live)
        for one in ("read", act):
            condition = uow.visible(record_type, one)
            part = part if condition is None else part.where(condition)
        inner = part.order_by(moment.desc(), record_table.c.id.desc()).limit(limit).subquery()
        parts.append(select(inner))
    if not parts:
        return []
    together = union_all(*parts).subquery()
    return uow.session.execute(select(together).order_by(together.c.moment.desc(), together.c.id.desc()).limit(limit)).all()


def latest(uow: UnitOfWork, limit: int = _LATEST_EACH) -> list[Latest]:
    """Give the records changed last, newest first."""
    rows = _of_types(uow, "read", record_table.c.updated_at, record_table.c.deleted_at.is_(None), limit)
    return [Latest(*_named(uow, row), row.moment) for row in rows]


def _named(uow: UnitOfWork, row: Any) -> tuple[Title, RecordType]:
    record_type = uow.registry.by_id[row.type_id]
    return Title(row.id, record_type.key, row.title, row.state), record_type
