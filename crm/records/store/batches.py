"""Cutting orders into batches that give what the orders would give one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from crm.records.models import record_table
from crm.records.store.orders import Create, Update
from crm.records.types import RecordType, no_consequence, touches_nothing

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

BATCH: Final = 500


def batches(uow: UnitOfWork, orders: Sequence[Create | Update]) -> Iterator[list[Create | Update]]:
    """Give the orders in batches of at most 500.

    A record stands at most once in a batch, and an order whose type has consequences, or touches what hangs on it, stands
    alone: they come before what follows.
    """
    alone = _standing_alone(uow, orders)
    batch: list[Create | Update] = []
    updated: set[int] = set()
    for order in orders:
        key = order.type_key if isinstance(order, Create) else order.record_id
        if batch and (key in alone or len(batch) >= BATCH or key in updated):
            yield batch
            batch, updated = [], set()
        batch.append(order)
        if isinstance(order, Update):
            updated.add(order.record_id)
        if key in alone:
            yield batch
            batch, updated = [], set()
    if batch:
        yield batch


def types_with_consequences(uow: UnitOfWork) -> list[RecordType]:
    """Give the types whose changes set off further orders."""
    return [item for item in uow.registry.types.values() if item.functions.after is not no_consequence]


def _standing_alone(uow: UnitOfWork, orders: Sequence[Create | Update]) -> set[str | int]:
    """Give the keys of types, and the ids of those records among the orders, that set off further orders or touch others."""
    touching = [item for item in uow.registry.types.values() if item.functions.touches is not touches_nothing]
    types = [*types_with_consequences(uow), *touching]
    if not types or len(orders) < 2:
        return set()
    found: set[str | int] = {item.key for item in types}
    ids = sorted({order.record_id for order in orders if isinstance(order, Update)})
    for start in range(0, len(ids), BATCH):
        members = record_table.c.id.in_(ids[start : start + BATCH])
        of_types = record_table.c.type_id.in_([item.id for item in types])
        found.update(uow.session.scalars(select(record_table.c.id).where(members, of_types)))
    return found
