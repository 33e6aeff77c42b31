"""The trash as a page: what lies in it and may be taken back, by type, who put it there, and how long it stays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, select, union_all

from crm.kernel import paging
from crm.records.cursors import plain_value, read_place
from crm.records.merge_models import MergedRecord
from crm.records.models import record_table
from crm.records.query import Title
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.screens.present import user_names

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class TrashLine:
    """A record in the trash: `days_left` is rounded up, 0 when it goes at the next turn; `who` is empty for the product."""

    title: Title
    type: RecordType
    deleted_at: datetime
    who: str
    days_left: int


@dataclass(frozen=True, slots=True)
class TrashPage:
    """One page of the trash; `types` are those that have something in it."""

    lines: tuple[TrashLine, ...]
    types: tuple[RecordType, ...]
    chosen: RecordType | None
    next_cursor: str | None


def load_trash(uow: UnitOfWork, kept_for: timedelta, *, type_key: str | None = None, cursor: str | None = None) -> TrashPage:
    """Read a page, the last deleted first: three queries, each type by its own index.

    Raises:
        NotFound: there is no such type.
    """
    chosen = uow.registry.get(type_key) if type_key else None
    mine = [item for item in uow.registry.types.values() if _may(uow, item)]
    mark = paging.fingerprint("trash", chosen.key if chosen else "")
    rows = _rows(uow, [item for item in mine if chosen is None or item.key == chosen.key], cursor, mark)
    names = user_names(uow, {row.updated_by for row in rows if row.updated_by is not None}) if rows else {}
    lines = [_line(uow, row, names, kept_for) for row in rows[:PAGE]]
    further = None
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        further = paging.write_cursor(paging.Place("filled", plain_value(last.deleted_at), last.id), mark)
    return TrashPage(tuple(lines), _types(uow, mine), chosen, further)


def _may(uow: UnitOfWork, record_type: RecordType) -> bool:
    return uow.access.may("read", record_type.key) and uow.access.may("delete", record_type.key)


def _rows(uow: UnitOfWork, types: Sequence[RecordType], cursor: str | None, mark: str) -> Sequence[Any]:
    place = read_place(cursor, mark, record_table.c.deleted_at)
    parts: list[Select[Any]] = []
    for record_type in types:
        part = _of_type(uow, record_type)
        if place is not None:
            at, last = record_table.c.deleted_at, place.value
            part = part.where((at < last) | ((at == last) & (record_table.c.id < place.last_id)))
        inner = part.order_by(record_table.c.deleted_at.desc(), record_table.c.id.desc()).limit(PAGE + 1).subquery()
        parts.append(select(inner))
    if not parts:
        return []
    together = union_all(*parts).subquery()
    return uow.session.execute(select(together).order_by(together.c.deleted_at.desc(), together.c.id.desc()).limit(PAGE + 1)).all()


def _of_type(uow: UnitOfWork, record_type: RecordType) -> Select[Any]:
    columns = [record_table.c[name] for name in ("id", "type_id", "title", "state", "deleted_at", "updated_by")]
    part = select(*columns).select_from(uow.registry.storage(record_type.key).source())
    part = part.where(record_table.c.type_id == record_type.id, record_table.c.deleted_at.is_not(None))
    part = part.where(record_table.c.id.not_in(select(MergedRecord.old_id)))  # a part of another: undo brings it back
    for act in ("read", "delete"):
        condition = uow.visible(record_type, act)
        part = part if condition is None else part.where(condition)
    return part


def _types(uow: UnitOfWork, mine: Sequence[RecordType]) -> tuple[RecordType, ...]:
    """Give the types that have something in the trash: the first row of each."""
    if not mine:
        return ()
    firsts = [select(_of_type(uow, item).with_only_columns(record_table.c.type_id).limit(1).subquery()) for item in mine]
    found = set(uow.session.scalars(union_all(*firsts)))
    return tuple(item for item in mine if item.id in found)


def _line(uow: UnitOfWork, row: Any, names: dict[int, str], kept_for: timedelta) -> TrashLine:
    record_type = uow.registry.by_id[row.type_id]
    left = (row.deleted_at + kept_for - uow.now()) / timedelta(days=1)
    title = Title(row.id, record_type.key, row.title, row.state)
    return TrashLine(title, record_type, row.deleted_at, names.get(row.updated_by, ""), max(0, math.ceil(left)))
