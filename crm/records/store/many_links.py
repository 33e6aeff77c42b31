"""Many links at once, for imports and loads: each checked and logged as one by itself, in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.records.changes import LogEntry, log
from crm.records.models import RecordLink
from crm.records.store.context import read_values
from crm.records.store.links import THERE_ALREADY, check_link, columns_of, facts_of
from crm.records.store.orders import Link
from crm.records.store.references import live_types, visible_ids
from crm.records.store.writes import touch

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

BATCH = 500


def add_links(uow: UnitOfWork, orders: Sequence[Link]) -> None:
    """Write links in batches; see `RecordStore.link_many`."""
    for start in range(0, len(orders), BATCH):
        _add(uow, orders[start : start + BATCH])


def _add(uow: UnitOfWork, orders: Sequence[Link]) -> None:
    holders = _holders(uow, {order.from_id for order in orders})
    types = live_types(uow, {order.to_id for order in orders}, hold=True)
    known = _known(uow, holders)
    rows = []
    for order in orders:
        check_link(uow, order, uow.registry.get(holders[order.from_id]["type"]), types.get(order.to_id))
        row = columns_of(order)
        if _same(row) in known:
            raise InvalidInput({order.field: THERE_ALREADY})
        known.add(_same(row))
        rows.append(row)
    table: Any = RecordLink.__table__
    uow.session.execute(insert(table), rows)
    _note(uow, holders, rows)


def _holders(uow: UnitOfWork, ids: set[int]) -> dict[int, dict[str, Any]]:
    """Give the records that hold the field, if the actor may change all of them."""
    found = read_values(uow, sorted(ids), hold="update")
    if found.keys() != ids or visible_ids(uow, found) != ids:
        raise NotFound
    if visible_ids(uow, found, "update") != ids:
        raise AccessDenied
    return found


def _known(uow: UnitOfWork, ids: Iterable[int]) -> set[tuple[int, str, int, str, date | None]]:
    table: Any = RecordLink.__table__
    return {_same(row) for row in uow.session.execute(select(table).where(table.c.from_id.in_(sorted(ids)))).mappings()}


def _same(row: Mapping[Any, Any]) -> tuple[int, str, int, str, date | None]:
    return (row["from_id"], row["field"], row["to_id"], row["role"], row["from_on"])


def _note(uow: UnitOfWork, holders: Mapping[int, dict[str, Any]], rows: Sequence[Mapping[str, Any]]) -> None:
    """One line in the history a link, and one write to each record that holds some."""
    entries = []
    versions = {record_id: values["version"] for record_id, values in holders.items()}
    for row in rows:
        record_id = row["from_id"]
        versions[record_id] += 1
        record_type = uow.registry.get(holders[record_id]["type"])
        entries.append(LogEntry(record_id, record_type.id, versions[record_id], "link", {row["field"]: [None, facts_of(row)]}))
    for record_id, version in versions.items():
        columns = {"version": version, "updated_at": uow.now(), "updated_by": uow.actor.user_id}
        touch(uow, record_id, holders[record_id]["version"], columns)
    log(uow, entries)
