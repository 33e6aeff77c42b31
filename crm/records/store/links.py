"""Links between records: with role, dates and note, each a line in the history of the record that holds the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select

from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.records.changes import LogEntry, log
from crm.records.fields.base import shown
from crm.records.models import MAX_ID, RecordLink
from crm.records.store.context import read_values
from crm.records.store.orders import Link
from crm.records.store.references import live_types, visible_ids
from crm.records.store.writes import touch
from crm.records.types import Links, RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

THERE_ALREADY: Final = N_("This link is already there.")


def add_link(uow: UnitOfWork, order: Link) -> int:
    """Write one link; see `RecordStore.link`."""
    values, record_type = _own(uow, order.from_id)
    check_link(uow, order, record_type, live_types(uow, {order.to_id}, hold=True).get(order.to_id))
    columns = columns_of(order)
    if _exists(uow, columns):
        raise InvalidInput({order.field: THERE_ALREADY})
    table: Any = RecordLink.__table__
    link_id: int = uow.session.execute(insert(table).returning(table.c.id), columns).scalar_one()
    _note(uow, values, record_type, "link", order.field, [None, facts_of(columns)])
    return link_id


def columns_of(order: Link) -> dict[str, Any]:
    """Give the row of a link."""
    return {
        "from_id": order.from_id,
        "field": order.field,
        "to_id": order.to_id,
        "role": clean(order.role)[:100],
        "from_on": order.from_on,
        "to_on": order.to_on,
        "note": clean(order.note, multiline=True) if order.note else None,
        "position": 0,
    }


def remove_link(uow: UnitOfWork, link_id: int) -> None:
    """Delete one link; see `RecordStore.unlink`."""
    table: Any = RecordLink.__table__
    if not 0 < link_id <= MAX_ID:
        raise NotFound
    row = uow.session.execute(select(table).where(table.c.id == link_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    values, record_type = _own(uow, row["from_id"])
    _check_field(uow, record_type, row["field"])
    done: Any = uow.session.execute(delete(table).where(table.c.id == link_id))
    if done.rowcount != 1:
        raise NotFound
    _note(uow, values, record_type, "unlink", row["field"], [facts_of(row), None])


def find_link(uow: UnitOfWork, record_id: int, field: str, facts: Mapping[str, Any]) -> int | None:
    """Give the id of the link that a change tells of, if it is there as it was; without rights: for the product's own use."""
    table: Any = RecordLink.__table__
    here = (table.c.from_id == record_id, table.c.field == field, table.c.to_id == facts["to"])
    rows = uow.session.execute(select(table).where(*here)).mappings()
    return next((row["id"] for row in rows if facts_of(row) == dict(facts)), None)


def _own(uow: UnitOfWork, record_id: int) -> tuple[dict[str, Any], RecordType]:
    """Give the record that holds the field, if the actor may change it."""
    values = read_values(uow, [record_id], hold="update").get(record_id)
    if values is None or record_id not in visible_ids(uow, {record_id: values}):
        raise NotFound
    record_type = uow.registry.get(values["type"])
    if record_id not in visible_ids(uow, {record_id: values}, "update"):
        raise AccessDenied
    return values, record_type


def check_link(uow: UnitOfWork, order: Link, record_type: RecordType, target: str | None) -> None:
    """Refuse a link of a field that holds none or may not be written, to what is not live or not of a type, or with odd days."""
    item = record_type.by_name.get(order.field)
    if item is None or not isinstance(item.place, Links):
        raise InvalidInput({order.field: N_("There is no field “%(field)s”.", field=shown(order.field, 60))})
    _check_field(uow, record_type, item.api_name)
    if target not in item.targets:
        raise InvalidInput({order.field: N_("The chosen record does not exist, or cannot be chosen here.")})
    if order.from_on is not None and order.to_on is not None and order.to_on < order.from_on:
        raise InvalidInput({order.field: N_("The end is before the start.")})


def _check_field(uow: UnitOfWork, record_type: RecordType, name: str) -> None:
    writable = uow.access.writable("update", record_type.key)
    if writable is not None and name not in writable:
        raise AccessDenied


def _exists(uow: UnitOfWork, columns: dict[str, Any]) -> bool:
    """Say whether the same link is there; the unique constraint alone does not see empty dates as equal."""
    table: Any = RecordLink.__table__
    same = [table.c[name] == columns[name] for name in ("from_id", "field", "to_id", "role")]
    same.append(table.c.from_on.is_(None) if columns["from_on"] is None else table.c.from_on == columns["from_on"])
    return uow.session.execute(select(table.c.id).where(*same)).first() is not None


def facts_of(columns: Any) -> dict[str, Any]:
    """Give a link as the change log keeps it."""

    def day(value: date | None) -> str | None:
        return None if value is None else value.isoformat()

    return {
        "to": columns["to_id"],
        "role": columns["role"],
        "from_on": day(columns["from_on"]),
        "to_on": day(columns["to_on"]),
        "note": columns["note"],
    }


def _note(uow: UnitOfWork, values: dict[str, Any], record_type: RecordType, kind: str, field: str, pair: list[Any]) -> None:
    version = values["version"] + 1
    touch(uow, values["id"], values["version"], {"version": version, "updated_at": uow.now(), "updated_by": uow.actor.user_id})
    log(uow, [LogEntry(values["id"], record_type.id, version, kind, {field: pair})])
