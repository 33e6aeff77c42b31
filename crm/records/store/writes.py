"""Writing drafts: the spine, the type's own table, and the change log. Core statements, one execution for many rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, Update, bindparam, update

from crm.kernel.db import adding, insert_rows
from crm.kernel.errors import Conflict
from crm.kernel.i18n import N_
from crm.kernel.text import sort_key
from crm.records.changes import LogEntry, log, values_of_one
from crm.records.fields import KINDS
from crm.records.models import Record, record_table
from crm.records.store import single
from crm.records.store.orders import Create, Draft
from crm.records.types import RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def goes_alone(uow: UnitOfWork, drafts: Sequence[Draft]) -> bool:
    """Whether a save is one record that one statement can write (`single`): on PostgreSQL, whose round trips cost most."""
    if len(drafts) != 1 or uow.session.get_bind().dialect.name != "postgresql":
        return False
    draft, record_type = drafts[0], uow.registry.get(drafts[0].type_key)
    if isinstance(draft.order, Create):
        return uow.registry.storage(record_type.key).own is not None
    several = {item.api_name for item in record_type.fields if KINDS[item.kind].several}
    return bool(draft.changed) and several.isdisjoint(draft.changed)


def write_alone(uow: UnitOfWork, draft: Draft, keys: Sequence[tuple[str, str]]) -> None:
    """Insert or update one record, with the keys of its several values (`keys`: field and key), and append its change.

    Raises:
        Conflict: someone else was first.
    """
    record_type = uow.registry.get(draft.type_key)
    storage = uow.registry.storage(record_type.key)
    entry = _entry(uow, draft, 1 if draft.old is None else draft.version + 1)
    logged = single.LogValues(*values_of_one(uow, entry, uow.now()))
    if draft.old is None:
        spine, own = _new_row(uow, record_type, draft)
        draft.record_id = single.insert_record(uow.session, storage, spine, own, keys, logged)
        return
    spine, own = _changed_row(uow, record_type, draft)
    if not single.update_record(uow.session, storage, (draft.record_id, draft.version), spine, own, logged):
        _must_be_one(0)
    forget(uow, draft.record_id)
    draft.version += 1


def insert_drafts(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Insert new records of one type, and note their ids on the drafts."""
    if not drafts:
        return
    storage = uow.registry.storage(record_type.key)
    rows = [_new_row(uow, record_type, draft) for draft in drafts]
    ids = insert_rows(uow.session, record_table, [spine for spine, _own in rows])
    for draft, record_id in zip(drafts, ids, strict=True):
        draft.record_id = record_id
    if storage.own is not None:
        owns = [{"id": draft.record_id, **own} for draft, (_spine, own) in zip(drafts, rows, strict=True)]
        uow.session.connection().execute(adding(storage.own), owns)


def _new_row(uow: UnitOfWork, record_type: RecordType, draft: Draft) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the columns of a new record: the spine's, and those of the type's own table."""
    now, user = uow.now(), uow.actor.user_id
    stored = {name: value for name, value in draft.new.items() if name in record_type.stored}
    written = uow.registry.storage(record_type.key).write(stored, uow.zone)
    spine = {
        **written.spine,
        "owner_id": draft.owner_id if written.spine.get("owner_id") is None else written.spine["owner_id"],
        "type_id": record_type.id,
        "kind": record_type.key if record_type.model is not None else "custom",
        "title": draft.title,
        "title_sort": sort_key(draft.title),
        "state": draft.state,
        "version": 1,
        "created_at": now,
        "created_by": user,
        "updated_at": now,
        "updated_by": user,
        "data": written.data,
    }
    return spine, written.own


def update_drafts(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Write the changed fields of records of one type; each row must still have the version that was read."""
    storage = uow.registry.storage(record_type.key)
    for draft in drafts:
        spine, own = _changed_row(uow, record_type, draft)
        touch(uow, draft.record_id, draft.version, spine)
        if own and storage.own is not None:
            statement = _changing(storage.own, "id", tuple(own))
            uow.session.connection().execute(statement, {"at_id": draft.record_id, **_named(own)})
        draft.version += 1


def _changed_row(uow: UnitOfWork, record_type: RecordType, draft: Draft) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the columns that a change writes: the spine's, and those of the type's own table."""
    changed = {name: pair[1] for name, pair in draft.changed.items() if name in record_type.by_name}
    written = uow.registry.storage(record_type.key).write(changed, uow.zone)
    spine: dict[str, Any] = {
        **written.spine,
        "title": draft.title,
        "title_sort": sort_key(draft.title),
        "version": draft.version + 1,
        "updated_at": uow.now(),
        "updated_by": uow.actor.user_id,
    }
    if "owner" in draft.changed:
        spine.setdefault("owner_id", draft.owner_id)
    if written.data and draft.old is not None:
        spine["data"] = {**draft.old["_data"], **written.data}  # a new dict: nothing that was there is dropped
    return spine, written.own


def touch(uow: UnitOfWork, record_id: int, version: int, columns: Mapping[str, Any]) -> None:
    """Update one row of the spine if it still has the version that was read.

    Raises:
        Conflict: someone else was first.
    """
    values = {"at_id": record_id, "at_version": version, **_named(columns)}
    done = uow.session.connection().execute(_changing(record_table, "id version", tuple(columns)), values)
    _must_be_one(done.rowcount)
    forget(uow, record_id)


@lru_cache(maxsize=1_000)
def _changing(table: Table, at: str, columns: tuple[str, ...]) -> Update:
    """Give the statement that changes these columns of a row, found by the columns `at`; made once for each set of columns."""
    here = [table.c[name] == bindparam(f"at_{name}") for name in at.split()]
    return update(table).where(*here).values({name: bindparam(f"v_{name}", type_=table.c[name].type) for name in columns})


def _named(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {f"v_{name}": value for name, value in columns.items()}


def _must_be_one(rows: int) -> None:
    if rows != 1:
        raise Conflict(N_("Someone else changed the record at the same moment. Try again."))


def forget(uow: UnitOfWork, record_id: int) -> None:
    """Let objects that were read before show what is stored now."""
    for item in list(uow.session.identity_map.values()):
        if isinstance(item, Record) and item.id == record_id:
            uow.session.expire(item)


def log_drafts(uow: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Append one change a draft."""
    log(uow, [_entry(uow, draft, draft.version) for draft in drafts])


def _entry(uow: UnitOfWork, draft: Draft, version: int) -> LogEntry:
    record_type = uow.registry.get(draft.type_key)
    new = isinstance(draft.order, Create)
    patch = {}
    for name, (old, value) in draft.changed.items():
        item = record_type.changeable[name]
        to_json = KINDS[item.kind].to_json
        patch[name] = [to_json(item, old), to_json(item, value)]
    if new and draft.state is not None:
        patch["state"] = [None, draft.state]
    return LogEntry(draft.record_id, record_type.id, version, "create" if new else "update", patch)
