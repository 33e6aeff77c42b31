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
    record_type, moment = uow.registry.get(values["type"]), uow.now()
    for part in _parts_unless_needed(uow, record_type, order.record_id):
        _mark(uow, part, uow.registry.get(part["type"]), "delete", moment)
    _mark(uow, values, record_type, "delete", moment)


def restore(uow: UnitOfWork, order: Restore) -> None:
    """Take a record out of the trash; see `RecordStore.restore`."""
    values = _mine(uow, order.record_id, in_trash=True)
    record_type = uow.registry.get(values["type"])
    _refuse_if_buried(uow, record_type, values)
    _mark(uow, values, record_type, "restore", None)
    for part in _parts_that_went_along(uow, record_type, values):
        _mark(uow, part, uow.registry.get(part["type"]), "restore", None)


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


def _parts_unless_needed(uow: UnitOfWork, record_type: RecordType, record_id: int) -> list[dict[str, Any]]:
    """Give the live parts of a record, locked: they go where it goes. One question finds them and what else needs it.

    Raises:
        RuleViolation: live records that are no parts of it must point to it (which kind, and how many).
    """
    pointing = [(other, item) for other, item in uow.registry.pointing_at(record_type.key) if _needs(item)]
    statements = [one for place, (other, item) in enumerate(pointing) if (one := _pointing(uow, place, other, item)) is not None]
    if not statements:
        return []
    key = ("needing", *(f"{other.key}.{item.api_name}" for other, item in pointing))

    def all_of_them() -> Any:
        return union_all(*statements)

    statement = uow.registry.storage(record_type.key).kept(key, all_of_them)
    parts = []
    for row in sorted(uow.session.execute(statement, {"target": record_id}), key=lambda row: row.place):
        if row.is_part:
            parts.append(row.number)
        elif row.number:
            names = pointing[row.place][0].names
            many = names.one if row.number == 1 else names.many
            raise RuleViolation(N_("It cannot be deleted: %(number)s %(many)s need it.", number=row.number, many=many))
    return list(read_values(uow, sorted(parts), hold="delete").values())


def _pointing(uow: UnitOfWork, place: int, other: RecordType, item: Field) -> Any:
    """Ask how many live records of a type point at `target`, or which, if they are its parts; None where it holds links."""
    storage = uow.registry.storage(other.key)
    column = storage.key_column(item, record_table, storage.own)
    if column is None:
        return None
    is_part = other.part_of == item.api_name
    number = record_table.c.id if is_part else func.count()
    here = (column == bindparam("target"), record_table.c.deleted_at.is_(None), record_table.c.type_id == other.id)
    columns = (literal(place).label("place"), literal(int(is_part)).label("is_part"), number.label("number"))
    return select(*columns).select_from(storage.source()).where(*here)


def _parts_that_went_along(uow: UnitOfWork, record_type: RecordType, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the parts that went to the trash in the same moment as the record."""
    found: list[int] = []
    for other, item in uow.registry.pointing_at(record_type.key):
        storage = uow.registry.storage(other.key)
        column = storage.key_column(item, record_table, storage.own) if other.part_of == item.api_name else None
        if column is not None:
            here = (column == values["id"], record_table.c.type_id == other.id, record_table.c.deleted_at == values["deleted_at"])
            found += uow.session.scalars(select(record_table.c.id).select_from(storage.source()).where(*here))
    return list(read_values(uow, sorted(found), hold="update", with_trash=True).values())


def _mark(uow: UnitOfWork, values: dict[str, Any], record_type: RecordType, kind: str, moment: Any) -> None:
    version = values["version"] + 1
    columns = {"deleted_at": moment, "version": version, "updated_at": uow.now(), "updated_by": uow.actor.user_id}
    touch(uow, values["id"], values["version"], columns)
    log(uow, [LogEntry(values["id"], record_type.id, version, kind, {})])
    ageing.after_trash(uow, values, moment)
