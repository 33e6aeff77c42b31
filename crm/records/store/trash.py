"""The trash: a deleted record keeps its values and links, and comes back with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, literal, select, union_all

from crm.kernel.errors import AccessDenied, NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.records.changes import LogEntry, log
from crm.records.models import record_table
from crm.records.store import ageing
from crm.records.store.context import hold_records, read_values
from crm.records.store.orders import Delete, Restore
from crm.records.store.references import visible_ids
from crm.records.store.writes import touch
from crm.records.types import Field, Links, RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def delete(uow: UnitOfWork, order: Delete) -> None:
    """Put a record into the trash; see `RecordStore.delete`."""
    values = _mine(uow, order.record_id, in_trash=False)
    record_type = uow.registry.get(values["type"])
    _refuse_if_needed(uow, record_type, order.record_id)
    _mark(uow, values, record_type, "delete", uow.now())


def restore(uow: UnitOfWork, order: Restore) -> None:
    """Take a record out of the trash; see `RecordStore.restore`."""
    values = _mine(uow, order.record_id, in_trash=True)
    record_type = uow.registry.get(values["type"])
    _refuse_if_buried(uow, record_type, values)
    _mark(uow, values, record_type, "restore", None)


def _refuse_if_buried(uow: UnitOfWork, record_type: RecordType, values: dict[str, Any]) -> None:
    """A record comes back only if what it must point to is there; named only to those who may see it."""
    needed = {values[item.api_name] for item in record_type.fields if _needs(item) and values.get(item.api_name) is not None}
    if not needed:
        return
    hold_records(uow, sorted(needed), "kept")
    found = read_values(uow, sorted(needed), with_trash=True)
    buried = {record_id: one for record_id, one in found.items() if one["deleted_at"] is not None}
    if not buried:
        return
    seen = visible_ids(uow, buried)
    if not seen:
        raise RuleViolation(N_("It cannot be restored: a record that it needs is in the trash."))
    raise RuleViolation(N_("Restore “%(title)s” first: this record needs it.", title=buried[min(seen)]["title"]))


def _needs(item: Field) -> bool:
    """Say whether a record cannot be without what the field points to."""
    return item.kind == "relation" and item.required and not isinstance(item.place, Links)


def _mine(uow: UnitOfWork, record_id: int, *, in_trash: bool) -> dict[str, Any]:
    values = read_values(uow, [record_id], hold="update" if in_trash else "delete", with_trash=True).get(record_id)
    if (
        values is None
        or (values["deleted_at"] is not None) is not in_trash
        or record_id not in visible_ids(uow, {record_id: values})
    ):
        raise NotFound
    if record_id not in visible_ids(uow, {record_id: values}, "delete"):
        raise AccessDenied
    return values


def _refuse_if_needed(uow: UnitOfWork, record_type: RecordType, record_id: int) -> None:
    """A record that live records must point to cannot go: say which kind and how many. One question, whatever the types."""
    needing = [(other, item) for other, item in uow.registry.pointing_at(record_type.key) if _needs(item)]
    counts = [one for place, (other, item) in enumerate(needing) if (one := _count(uow, place, other, item)) is not None]
    if not counts:
        return
    key = ("needing", *(f"{other.key}.{item.api_name}" for other, item in needing))

    def all_of_them() -> Any:
        return union_all(*counts)

    statement = uow.registry.storage(record_type.key).kept(key, all_of_them)
    for row in sorted(uow.session.execute(statement, {"target": record_id}), key=lambda row: row.place):
        if row.number:
            names = needing[row.place][0].names
            many = names.one if row.number == 1 else names.many
            raise RuleViolation(N_("It cannot be deleted: %(number)s %(many)s need it.", number=row.number, many=many))


def _count(uow: UnitOfWork, place: int, other: RecordType, item: Field) -> Any:
    """Count the live records of a type whose relation points at `target`; None where the relation holds links."""
    storage = uow.registry.storage(other.key)
    column = storage.key_column(item, record_table, storage.own)
    if column is None:
        return None
    here = (column == bindparam("target"), record_table.c.deleted_at.is_(None), record_table.c.type_id == other.id)
    return select(literal(place).label("place"), func.count().label("number")).select_from(storage.source()).where(*here)


def _mark(uow: UnitOfWork, values: dict[str, Any], record_type: RecordType, kind: str, moment: Any) -> None:
    version = values["version"] + 1
    columns = {"deleted_at": moment, "version": version, "updated_at": uow.now(), "updated_by": uow.actor.user_id}
    touch(uow, values["id"], values["version"], columns)
    log(uow, [LogEntry(values["id"], record_type.id, version, kind, {})])
    ageing.after_trash(uow, values, moment)
