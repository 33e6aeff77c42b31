"""What the rules of a type may ask for, read in batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import Result, Row, bindparam, select

from crm.records.models import MAX_ID, RecordLink, record_table
from crm.records.types import LinkFacts

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: How strongly rows of the spine are held until the transaction ends (PostgreSQL; SQLite has one writer anyway):
#: `kept` against going to the trash, `update` against other writers, `delete` against anyone who begins to point at them.
Hold = Literal["kept", "update", "delete"]
_ONE: Final = (
    select(record_table.c.type_id, record_table.c.version)
    .where(record_table.c.id == bindparam("record_id"), record_table.c.deleted_at.is_(None))
    .with_for_update(key_share=True)
)
_LOCKS: Mapping[Hold, tuple[bool, bool]] = {
    "kept": (True, True),
    "update": (False, True),
    "delete": (False, False),
}


class BatchContext:
    """`RuleContext` for one batch: other records' values, read once for all records of the batch.

    What the batch has already changed or made is seen as it will be, so that a batch gives what its orders give one by one.
    """

    def __init__(self, uow: UnitOfWork, *, holds: bool = True) -> None:
        self._uow = uow
        #: Whether `having` locks: not where nothing is written.
        self._holds = holds
        self._expected: set[int] = set()
        #: All that the batch points at, and the links of those that were asked for, by field and record.
        self._pointed: set[int] = set()
        self._links: dict[str, dict[int, list[LinkFacts]]] = {}
        #: None for what does not exist or lies in the trash.
        self._known: dict[int, Mapping[str, Any] | None] = {}
        self._having: dict[tuple[str, str, int], dict[int, Mapping[str, Any]]] = {}
        self._changed: dict[int, Mapping[str, Any]] = {}
        self._new: list[Mapping[str, Any]] = []
        self._today = uow.today()

    @property
    def today(self) -> date:
        """The office's day."""
        return self._today

    @property
    def zone(self) -> str:
        """The office's time zone."""
        return self._uow.zone

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the operator has set of that which rules hang on."""
        return self._uow.settings

    def expect(self, ids: Iterable[int]) -> None:
        """Name what the batch points at: the first question reads all of it, one query a type; without one, nothing is read."""
        wanted = set(ids)
        self._expected.update(wanted)
        self._pointed.update(wanted)

    def related(self, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Give values by id; unknown and trashed records are left out."""
        if any(one not in self._known for one in ids):
            missing = sorted({*self._expected, *ids} - self._known.keys())
            self._expected.clear()
            self._known.update(dict.fromkeys(missing))
            for start in range(0, len(missing), 500):
                self._known.update(read_values(self._uow, missing[start : start + 500]))
        found = ((one, self._changed.get(one, self._known[one])) for one in ids)
        return {one: values for one, values in found if values is not None}

    def having(self, type_key: str, field: str, target_id: int) -> Sequence[Mapping[str, Any]]:
        """Give what points at a record, the batch's own new records included; locks the record pointed at."""
        key = (type_key, field, target_id)
        if key not in self._having:
            self._having[key] = self._read_having(type_key, field, target_id)
        found = {**self._having[key]}
        for record_id, values in self._changed.items():
            if values["type"] == type_key and values.get(field) == target_id:
                found[record_id] = values
            else:
                found.pop(record_id, None)
        new = [values for values in self._new if values["type"] == type_key and values.get(field) == target_id]
        return [*(found[record_id] for record_id in sorted(found)), *new]

    def links(self, field: str, record_id: int) -> Sequence[LinkFacts]:
        """Give a record's links in a field; where they lead is expected to be asked for next."""
        known = self._links.setdefault(field, {})
        if record_id not in known:
            missing = sorted({*self._pointed, record_id} - known.keys())
            known.update((one, []) for one in missing)
            for start in range(0, len(missing), 500):
                self._read_links(field, missing[start : start + 500])
        return known[record_id]

    def _read_links(self, field: str, ids: Sequence[int]) -> None:
        table: Any = RecordLink.__table__
        columns = (table.c.from_id, table.c.to_id, table.c.role, table.c.from_on, table.c.to_on)
        statement = select(*columns).where(table.c.from_id.in_(ids), table.c.field == field).order_by(table.c.id)
        for row in self._uow.session.execute(statement):
            self._links[field][row.from_id].append(LinkFacts(row.to_id, row.role, row.from_on, row.to_on))
            self._expected.add(row.to_id)

    def _read_having(self, type_key: str, field: str, target_id: int) -> dict[int, Mapping[str, Any]]:
        if self._holds:
            hold_records(self._uow, [target_id], "update")
        storage = self._uow.registry.storage(type_key)
        column = storage.key_column(storage.type.by_name[field], record_table, storage.own)
        if column is None:
            raise ValueError(f"{type_key}.{field} holds links: nothing to count by")
        statement = select(record_table.c.id).select_from(storage.source())
        ids = self._uow.session.scalars(statement.where(record_table.c.type_id == storage.type.id, column == target_id)).all()
        return {**read_values(self._uow, ids, with_trash=True)}

    def note_new(self, type_key: str, values: Mapping[str, Any]) -> None:
        """Let `having` see a new record of the batch, whose rules have run; its id is negative until it has one."""
        self._new.append({**values, "type": type_key, "id": -1 - len(self._new), "deleted_at": None})

    def note_changed(self, record_id: int, values: Mapping[str, Any]) -> None:
        """Let rules see a record as the batch will leave it."""
        self._changed[record_id] = values


def hold_records(uow: UnitOfWork, ids: Sequence[int], hold: Hold) -> None:
    """Lock rows of the spine, in the order of their ids (so that two batches never wait for each other), until the commit."""
    _heads(uow, ids, hold)


def hold_one(uow: UnitOfWork, record_id: int) -> Row[Any, Any] | None:
    """Lock one live record against other writers, and give its type and version; the store does not lock it again."""
    row = uow.session.connection().execute(_ONE, {"record_id": record_id}).one_or_none() if 0 < record_id <= MAX_ID else None
    if row is not None:
        uow.held[record_id] = row.type_id
    return row


def _heads(uow: UnitOfWork, ids: Sequence[int], hold: Hold | None) -> list[tuple[int, int]]:
    if hold == "update" and all(one in uow.held for one in ids):
        return [(one, uow.held[one]) for one in ids]
    members = [one for one in ids if 0 < one <= MAX_ID]
    rows = select(record_table.c.id, record_table.c.type_id).where(record_table.c.id.in_(members))
    if hold is not None:
        shared, key_only = _LOCKS[hold]
        rows = rows.order_by(record_table.c.id).with_for_update(read=shared, key_share=key_only)
    return [(row.id, row.type_id) for row in uow.session.execute(rows)]


def read_values(
    uow: UnitOfWork, ids: Sequence[int], *, hold: Hold | None = None, with_trash: bool = False
) -> dict[int, dict[str, Any]]:
    """Read whole records by id: every field; `id`, `type`, `title`, `state`, `version`, `owner`, `deleted_at`; `_data` as kept.

    One query to learn the types, one a type; without rights: for the store's own use. With `hold` the rows are locked first
    and read afterwards: a lock within the reading query would wait and then give new spine columns beside old own ones.
    """
    if not ids:
        return {}
    by_type: dict[int, list[int]] = {}
    for record_id, type_id in _heads(uow, ids, hold):
        by_type.setdefault(type_id, []).append(record_id)
    found: dict[int, dict[str, Any]] = {}
    for type_id, members in by_type.items():
        record_type = uow.registry.by_id.get(type_id)
        if record_type is None:
            continue
        storage = uow.registry.storage(record_type.key)
        if len(members) == 1 and not with_trash:  # what most saves read: by a statement made once
            rows: Result[Any] = uow.session.connection().execute(storage.select_live(), {"record_id": members[0]})
        else:
            statement = storage.select().where(record_table.c.id.in_(members))
            rows = uow.session.execute(statement if with_trash else statement.where(record_table.c.deleted_at.is_(None)))
        for row in rows.mappings():
            values = storage.read(row, uow.zone)
            values.update(head_values(row, record_type.key))
            values["_data"] = row.get("data") or {}
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
        "created_at": row["created_at"],
        "created_by": row["created_by"],
        "version": row["version"],
        "deleted_at": row["deleted_at"],
    }
