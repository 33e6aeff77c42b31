"""Extra fields of any type, made at run time: no table, no column, no restart. A publish raises the registry's epoch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Label
from crm.records.field_config import check_config
from crm.records.fields import KINDS
from crm.records.models import NUMBER_SLOTS, TEXT_SLOTS, TIME_SLOTS, FieldRow, record_table
from crm.records.registry import extra_field
from crm.security.models import PlatformState

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,58}")
_SLOTS: Final = {"t": TEXT_SLOTS, "n": NUMBER_SLOTS, "d": TIME_SLOTS}
#: Names that every record has; a field may not take one.
RESERVED: Final = frozenset(
    {"id", "type", "title", "state", "owner", "version", "created_at", "updated_at", "deleted_at", "url", "fields"}
)


def add_field(
    uow: UnitOfWork, type_key: str, api_name: str, kind: str, label: Label, *, config: Mapping[str, Any] | None = None
) -> FieldRow:
    """Add an extra field to a type, with a slot while there is one; every process sees it on its next unit of work.

    The unit of work is one for `publishing`, else two that publish at once might wait for each other.

    The slot of a type that has records begins as *filling* (written, not read); `backfill` makes it *ready*.

    Raises:
        AccessDenied: changing types is an administrator's right.
        InvalidInput: the name is taken, reserved or not a plain word, there is no such kind, or it takes no such setting.
    """
    uow.access.require("use", "@admin")
    record_type = uow.registry.get(type_key)
    if not _NAME.fullmatch(api_name) or api_name in RESERVED:
        raise InvalidInput({"api_name": N_("The name “%(name)s” cannot be used for a field.", name=api_name[:60])})
    taken = uow.session.execute(
        select(FieldRow.id).where(FieldRow.type_id == record_type.id, FieldRow.api_name == api_name)
    ).first()
    if api_name in record_type.by_name or taken is not None:
        raise InvalidInput({"api_name": N_("There already is a field called “%(name)s”.", name=api_name)})
    if kind not in KINDS:
        raise InvalidInput({"kind": N_("There is no kind of field called “%(kind)s”.", kind=kind[:40])})
    check_config(kind, config or {}, uow.registry.types)
    _raise_epoch(uow)
    many = kind == "relation" and bool((config or {}).get("many"))
    row = FieldRow(
        type_id=record_type.id,
        key=_next_key(uow, record_type.id),
        api_name=api_name,
        kind=kind,
        label=label.as_dict(),
        config=dict(config or {}),
        position=len(record_type.fields),
        slot=_free_slot(uow, record_type.id, None if many else KINDS[kind].slot),
        slot_state="ready",
    )
    if row.slot is not None and _has_records(uow, record_type.id):
        row.slot_state = "filling"
    uow.session.add(row)
    uow.session.flush()
    return row


def fields_to_fill(uow: UnitOfWork) -> list[int]:
    """Give the ids of fields whose slot is being filled."""
    filling = select(FieldRow.id).where(FieldRow.slot_state == "filling", FieldRow.deleted_at.is_(None))
    return list(uow.session.scalars(filling.order_by(FieldRow.id)))


def backfill(uow: UnitOfWork, field_id: int, *, after: int = 0, limit: int = 1000) -> int | None:
    """Fill a field's slot from the stored data, for the next `limit` records after an id; None when it is ready.

    Idempotent: a slot is a copy of the data. Called by a job, a transaction a batch; the trash is filled too.
    """
    row = uow.session.get_one(FieldRow, field_id)
    item = extra_field(row)
    if row.slot is None or row.slot_state == "ready":
        return None
    kind = KINDS[item.kind]
    statement = (
        select(record_table.c.id, record_table.c.data)
        .where(record_table.c.type_id == row.type_id, record_table.c.id > after)
        .order_by(record_table.c.id)
        .limit(limit)
        .with_for_update(key_share=True)  # a writer between reading and writing would be undone in the slot
    )
    rows = uow.session.execute(statement).all()
    for record_id, data in rows:
        if row.key in data:
            value = kind.slot_value(item, kind.from_json(item, data[row.key]), uow.zone)
            uow.session.execute(update(record_table).where(record_table.c.id == record_id).values({row.slot: value}))
    if rows:
        return int(rows[-1].id)
    row.slot_state = "ready"
    _raise_epoch(uow)
    return None


def _raise_epoch(uow: UnitOfWork) -> None:
    """Lock the epoch against every writer, then move it: they see the new types, or wait for them."""
    uow.session.execute(select(PlatformState.registry_epoch).where(PlatformState.id == 1).with_for_update())
    uow.session.execute(update(PlatformState).where(PlatformState.id == 1).values(registry_epoch=PlatformState.registry_epoch + 1))


def _next_key(uow: UnitOfWork, type_id: int) -> str:
    keys = uow.session.scalars(select(FieldRow.key).where(FieldRow.type_id == type_id))
    return f"f{max((int(key[1:]) for key in keys), default=0) + 1}"


def _free_slot(uow: UnitOfWork, type_id: int, letter: str | None) -> str | None:
    if letter is None:
        return None
    taken = set(uow.session.scalars(select(FieldRow.slot).where(FieldRow.type_id == type_id, FieldRow.slot.is_not(None))))
    return next((slot for slot in _SLOTS[letter] if slot not in taken), None)


def _has_records(uow: UnitOfWork, type_id: int) -> bool:
    return uow.session.execute(select(record_table.c.id).where(record_table.c.type_id == type_id).limit(1)).first() is not None
