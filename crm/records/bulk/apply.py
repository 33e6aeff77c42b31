"""Carrying a bulk order out on some records: each gets its outcome, and a refusal touches no other record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from crm.kernel.errors import DomainError, InvalidInput, NotFound
from crm.kernel.i18n import N_, Message
from crm.records.bulk.orders import ADD, CHANGE, DELETE, SET, BulkOrder, state_label
from crm.records.fields import KINDS
from crm.records.jobs.models import DONE, FAILED, SKIPPED
from crm.records.models import record_table
from crm.records.store.context import read_values
from crm.records.store.orders import Update
from crm.records.store.references import visible_ids
from crm.records.types import Field, RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

_SAME: Final = N_("It was so already.")
_GONE: Final = NotFound().message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a record: `done`, `skipped` (there was nothing to do) or `failed` (refused), and why."""

    record_id: int
    outcome: str
    reason: Message | None = None


def apply_order(uow: UnitOfWork, order: BulkOrder, ids: Sequence[int]) -> list[Outcome]:
    """Do it to these records, in this transaction; gives an outcome for each, in the order of `ids`.

    The store decides, record by record and field by field, under the rights of the actor.
    """
    record_type = uow.registry.get(order.type_key)
    known = _versions(uow, record_type, ids)
    here = [one for one in ids if one in known]
    if order.act == CHANGE:
        found = _change(uow, record_type, order, here, known)
    elif order.act == DELETE:
        found = {one: _try(uow, one, partial(uow.records.delete, one)) for one in here}
    else:
        found = {one: _move(uow, record_type, order.target, one) for one in here}
    return [found.get(one) or Outcome(one, SKIPPED, _GONE) for one in ids]


def _versions(uow: UnitOfWork, record_type: RecordType, ids: Sequence[int]) -> dict[int, int]:
    """Give the versions of those that are live records of the type and may be seen; about the others nothing is told."""
    rows = uow.session.execute(
        select(record_table.c.id, record_table.c.version).where(
            record_table.c.id.in_(ids), record_table.c.type_id == record_type.id, record_table.c.deleted_at.is_(None)
        )
    )
    found = {row.id: row.version for row in rows}
    seen = visible_ids(uow, {one: {"type": record_type.key} for one in found})
    return {one: version for one, version in found.items() if one in seen}


def _change(
    uow: UnitOfWork, record_type: RecordType, order: BulkOrder, ids: Sequence[int], before: Mapping[int, int]
) -> dict[int, Outcome]:
    item = record_type.changeable[order.field]
    updates = _updates(uow, item, order, ids)
    found: dict[int, Outcome] = {}
    _save(uow, updates, found)
    saved = [one for one in ids if one not in found]
    after = _versions_now(uow, saved)
    for one in saved:
        found[one] = Outcome(one, DONE) if after.get(one) != before[one] else Outcome(one, SKIPPED, _SAME)
    return found


def _updates(uow: UnitOfWork, item: Field, order: BulkOrder, ids: Sequence[int]) -> list[Update]:
    """Give an order a record; where values are added or taken away, to what the record has."""
    if order.mode == SET:
        return [Update(one, {order.field: order.value}) for one in ids]
    kind: Any = KINDS[item.kind]
    given = kind.from_json(item, order.value) or ()
    keys = {kind.key_of(one) for one in given}
    updates = []
    for record_id, values in read_values(uow, list(ids), hold="update").items():
        held = values.get(order.field) or ()
        if order.mode == ADD:
            has = {kind.key_of(one) for one in held}
            new = (*held, *(one for one in given if kind.key_of(one) not in has))
        else:
            new = tuple(one for one in held if kind.key_of(one) not in keys)
        updates.append(Update(record_id, {order.field: kind.to_json(item, new or None)}))
    return updates


def _save(uow: UnitOfWork, updates: Sequence[Update], found: dict[int, Outcome]) -> None:
    """Save a batch; one that is refused is halved until the refused record stands alone with its reason."""
    if not updates:
        return
    try:
        with uow.session.begin_nested():
            uow.records.save_many(updates)
    except DomainError as error:
        if len(updates) == 1:
            found[updates[0].record_id] = Outcome(updates[0].record_id, FAILED, why(error))
            return
        middle = len(updates) // 2
        _save(uow, updates[:middle], found)
        _save(uow, updates[middle:], found)


def _versions_now(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, int]:
    rows = uow.session.execute(select(record_table.c.id, record_table.c.version).where(record_table.c.id.in_(ids)))
    return {row.id: row.version for row in rows}


def _move(uow: UnitOfWork, record_type: RecordType, target: str, record_id: int) -> Outcome:
    """Take the step that leads from the record's state to the one wanted."""
    state = uow.session.scalar(select(record_table.c.state).where(record_table.c.id == record_id))
    if state == target:
        return Outcome(record_id, SKIPPED, _SAME)
    lifecycle = record_type.lifecycle
    steps = [step for step in lifecycle.transitions if step.target == target and step.by_hand] if lifecycle is not None else []
    possible = [step for step in steps if state in step.sources]
    if not possible:
        words = {"old": state_label(record_type, state or ""), "new": state_label(record_type, target)}
        return Outcome(record_id, FAILED, N_("No step leads from “%(old)s” to “%(new)s”.", **words))
    refused: Outcome | None = None
    for step in possible:
        tried = _try(uow, record_id, partial(uow.records.transition, record_id, step.key))
        if tried.outcome == DONE:
            return tried
        refused = refused or tried
    return refused or Outcome(record_id, FAILED)


def _try(uow: UnitOfWork, record_id: int, act: Callable[[], object]) -> Outcome:
    """Do one act; a refusal undoes nothing but itself."""
    try:
        with uow.session.begin_nested():
            act()
    except DomainError as error:
        return Outcome(record_id, FAILED, why(error))
    return Outcome(record_id, DONE)


def why(error: DomainError) -> Message:
    """Give the reason of a refusal: of several fields the first, since there is one line for it."""
    if isinstance(error, InvalidInput) and error.fields:
        return next(iter(error.fields.values()))
    return error.message
