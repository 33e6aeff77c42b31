"""Writing drafts: the spine, the type's own table, and the change log. Core statements, one execution for many rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, update

from crm.kernel.errors import Conflict
from crm.kernel.i18n import N_
from crm.kernel.text import sort_key
from crm.records.changes import LogEntry, log
from crm.records.fields import KINDS
from crm.records.models import Record, record_table
from crm.records.store import single
from crm.records.store.orders import Create, Draft
from crm.records.types import Links, RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def insert_drafts(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Insert new records of one type, and note their ids on the drafts."""
    storage = uow.registry.storage(record_type.key)
    now, user = uow.now(), uow.actor.user_id
    spines, owns = [], []
    for draft in drafts:
        stored = {item.api_name for item in record_type.fields if not isinstance(item.place, Links)}
        written = storage.write({name: value for name, value in draft.new.items() if name in stored}, uow.zone)
        spines.append(
            {
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
        )
        owns.append(written.own)
    if len(drafts) == 1 and storage.own is not None and uow.session.get_bind().dialect.name == "postgresql":
        drafts[0].record_id = single.insert_record(uow.session, storage, spines[0], owns[0])
        return
    returned = uow.session.execute(insert(record_table).returning(record_table.c.id, sort_by_parameter_order=True), spines)
    for draft, row in zip(drafts, returned, strict=True):
        draft.record_id = row.id
    if storage.own is not None:
        uow.session.execute(insert(storage.own), [{"id": draft.record_id, **own} for draft, own in zip(drafts, owns, strict=True)])


def update_drafts(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Write the changed fields of records of one type; each row must still have the version that was read."""
    storage = uow.registry.storage(record_type.key)
    now, user = uow.now(), uow.actor.user_id
    for draft in drafts:
        written = storage.write({name: pair[1] for name, pair in draft.changed.items() if name in record_type.by_name}, uow.zone)
        spine: dict[str, Any] = {
            **written.spine,
            "title": draft.title,
            "title_sort": sort_key(draft.title),
            "version": draft.version + 1,
            "updated_at": now,
            "updated_by": user,
        }
        if "owner" in draft.changed:
            spine.setdefault("owner_id", draft.owner_id)
        if written.data and draft.old is not None:
            spine["data"] = {**draft.old["_data"], **written.data}  # a new dict: nothing that was there is dropped
        if written.own and storage.own is not None and uow.session.get_bind().dialect.name == "postgresql":
            _must_be_one(single.update_record(uow.session, storage, draft.record_id, draft.version, spine, written.own))
            forget(uow, draft.record_id)
        else:
            touch(uow, draft.record_id, draft.version, spine)
            if written.own and storage.own is not None:
                uow.session.execute(update(storage.own).where(storage.own.c.id == draft.record_id).values(**written.own))
        draft.version += 1


def touch(uow: UnitOfWork, record_id: int, version: int, columns: Mapping[str, Any]) -> None:
    """Update one row of the spine if it still has the version that was read.

    Raises:
        Conflict: someone else was first.
    """
    statement = (
        update(record_table)
        .where(record_table.c.id == bindparam("at_id"), record_table.c.version == bindparam("at_version"))
        .values({name: bindparam(f"v_{name}", type_=record_table.c[name].type) for name in columns})
    )
    done: Any = uow.session.execute(
        statement, {"at_id": record_id, "at_version": version, **{f"v_{name}": value for name, value in columns.items()}}
    )
    _must_be_one(done.rowcount)
    forget(uow, record_id)


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
    entries = []
    for draft in drafts:
        record_type = uow.registry.get(draft.type_key)
        new = isinstance(draft.order, Create)
        patch = {
            name: [KINDS[record_type.changeable[name].kind].to_json(record_type.changeable[name], side) for side in pair]
            for name, pair in draft.changed.items()
        }
        if new and draft.state is not None:
            patch["state"] = [None, draft.state]
        entries.append(LogEntry(draft.record_id, record_type.id, draft.version, "create" if new else "update", patch))
    log(uow, entries)
