"""What the rules of a type may ask for, read in batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from crm.records.models import record_table

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


class BatchContext:
    """`RuleContext` for one batch: other records' values, read once for all records of the batch."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._known: dict[int, Mapping[str, Any]] = {}
        self._today = uow.today()

    @property
    def today(self) -> date:
        """The office's day."""
        return self._today

    def prefetch(self, ids: Iterable[int]) -> None:
        """Read what the batch points at, one query a type."""
        missing = sorted({one for one in ids if one not in self._known})
        for start in range(0, len(missing), 500):
            self._known.update(read_values(self._uow, missing[start : start + 500]))

    def related(self, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Give values by id; unknown and trashed records are left out."""
        self.prefetch(ids)
        return {one: self._known[one] for one in ids if one in self._known}

    def forget(self, record_id: int) -> None:
        """Drop what was just written."""
        self._known.pop(record_id, None)


def read_values(uow: UnitOfWork, ids: Sequence[int], *, lock: bool = False, with_trash: bool = False) -> dict[int, dict[str, Any]]:
    """Read whole records by id: every field, and `id`, `type`, `title`, `state`, `version`, `owner`, `deleted_at`.

    One query to learn the types, one a type; without rights: for the store's own use.
    """
    if not ids:
        return {}
    where = record_table.c.id.in_(ids)
    if not with_trash:
        where &= record_table.c.deleted_at.is_(None)
    by_type: dict[int, list[int]] = {}
    for record_id, type_id in uow.session.execute(select(record_table.c.id, record_table.c.type_id).where(where)):
        by_type.setdefault(type_id, []).append(record_id)
    found: dict[int, dict[str, Any]] = {}
    for type_id, members in by_type.items():
        record_type = uow.registry.by_id.get(type_id)
        if record_type is None:
            continue
        storage = uow.registry.storage(record_type.key)
        statement = storage.select().where(record_table.c.id.in_(members))
        if lock:
            statement = statement.with_for_update(of=record_table)
        for row in uow.session.execute(statement).mappings():
            values = storage.read(row, uow.zone)
            values.update(head_values(row, record_type.key))
            found[row["id"]] = values
    return found


def head_values(row: Mapping[str, Any], type_key: str) -> dict[str, Any]:
    """Give the spine's own values of a row."""
    return {
        "id": row["id"],
        "type": type_key,
        "title": row["title"],
        "state": row["state"],
        "owner": row["owner_id"],
        "version": row["version"],
        "deleted_at": row["deleted_at"],
    }
