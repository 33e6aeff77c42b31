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
        self._having: dict[tuple[str, str, int], list[Mapping[str, Any]]] = {}
        self._new: list[tuple[str, Mapping[str, Any]]] = []
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

    def having(self, type_key: str, field: str, target_id: int) -> Sequence[Mapping[str, Any]]:
        """Give what points at a record, the batch's own new records included; locks the record pointed at."""
        key = (type_key, field, target_id)
        if key not in self._having:
            self._uow.session.execute(select(record_table.c.id).where(record_table.c.id == target_id).with_for_update())
            storage = self._uow.registry.storage(type_key)
            column = storage.key_column(storage.type.by_name[field], record_table, storage.own)
            if column is None:
                raise ValueError(f"{type_key}.{field} holds links: nothing to count by")
            statement = (
                select(record_table.c.id).select_from(storage.source()).where(column == target_id).order_by(record_table.c.id)
            )
            ids = list(self._uow.session.scalars(statement.where(record_table.c.type_id == storage.type.id)))
            self._having[key] = list(read_values(self._uow, ids, with_trash=True).values())
        return [*self._having[key], *(new for new_type, new in self._new if new_type == type_key and new.get(field) == target_id)]

    def note_new(self, type_key: str, values: Mapping[str, Any]) -> None:
        """Let `having` see a new record of the batch, whose rules have run."""
        self._new.append((type_key, {**values, "id": 0, "deleted_at": None}))

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


def head_values(row: Mapping[Any, Any], type_key: str) -> dict[str, Any]:
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
