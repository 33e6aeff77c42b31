"""Taking back changed fields: many records at once, each field on its own; what someone changed since stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm.kernel.errors import DomainError, InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.records.fields import KINDS
from crm.records.store.context import read_values
from crm.records.store.orders import Update
from crm.records.types import Links
from crm.records.undo.inverses import CHANGED_SINCE
from crm.records.undo.past import Past
from crm.records.undo.report import Skipped, Undone
from crm.records.undo.since import last_change

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """What taking a record's changed fields back would do: the values that come back, and what stays."""

    past: Past
    values: Mapping[str, Any]
    skipped: Sequence[Skipped]


def plan_fields(uow: UnitOfWork, pasts: Sequence[Past], *, hold: bool = False) -> list[FieldPlan]:
    """Compare with what is stored now; with `hold` it stays so until the transaction ends. A constant number of queries."""
    stored = read_values(uow, [past.record_id for past in pasts], hold="update" if hold else None)
    return [_plan(uow, past, stored.get(past.record_id)) for past in pasts]


def _plan(uow: UnitOfWork, past: Past, current: Mapping[str, Any] | None) -> FieldPlan:
    if current is None:
        return FieldPlan(past, {}, [Skipped(past.record_id, N_("It lies in the trash."))])
    values: dict[str, Any] = {}
    skipped = []
    readable = uow.access.readable(past.type.key)
    for name, (old, new) in past.patch.items():
        item = past.type.changeable.get(name)
        if item is None or isinstance(item.place, Links):
            skipped.append(Skipped(past.record_id, N_("The field “%(field)s” is no longer there.", field=name)))
            continue
        kind = KINDS[item.kind]
        before, after = kind.from_json(item, old), kind.from_json(item, new)
        if current[name] == before or (item.read_only and uow.actor.system is None):
            continue  # it is back already, or the rules work it out of the others
        alone = before if current[name] == after else kind.taken_back(before, after, current[name])
        if current[name] == after or alone is not None:
            values[name] = alone
        else:
            hidden = readable is not None and name in past.type.by_name and name not in readable
            found = None if hidden else last_change(uow, past, (name,))
            who, at = (found.who, found.at) if found else (None, None)
            skipped.append(Skipped(past.record_id, CHANGED_SINCE, item.label, who, at))
    return FieldPlan(past, values, skipped)


def undo_fields(uow: UnitOfWork, pasts: Sequence[Past]) -> tuple[list[Undone], list[Skipped]]:
    """Write old values back: in one go if nothing is refused, else record by record and field by field."""
    plans = plan_fields(uow, pasts, hold=True)
    skipped = [one for plan in plans for one in plan.skipped]
    plans = [plan for plan in plans if plan.values]
    try:
        with uow.session.begin_nested():
            uow.records.save_many([Update(plan.past.record_id, plan.values) for plan in plans])
    except DomainError:
        pass
    else:
        return [_undone(plan, plan.values) for plan in plans], skipped
    done = []
    for plan in plans:
        kept, refused = _save_what_can_be(uow, plan)
        done += [_undone(plan, kept)] if kept else []
        skipped += refused
    return done, skipped


def _undone(plan: FieldPlan, names: Iterable[str]) -> Undone:
    return Undone(plan.past.record_id, plan.past.type.key, plan.past.kind, tuple(names))


def _save_what_can_be(uow: UnitOfWork, plan: FieldPlan) -> tuple[Mapping[str, Any], list[Skipped]]:
    """Save one record's old values; a field that is refused is left alone, and the others tried again without it."""
    record_id, values = plan.past.record_id, dict(plan.values)
    refused: list[Skipped] = []
    while values:
        try:
            with uow.session.begin_nested():
                uow.records.update(record_id, values)
        except InvalidInput as error:
            wrong = {name: message for name, message in error.fields.items() if name in values}
            if not wrong:
                return {}, [*refused, *(Skipped(record_id, message) for message in error.fields.values())]
            for name, message in wrong.items():
                refused.append(Skipped(record_id, message, plan.past.type.changeable[name].label))
                del values[name]
        except NotFound:
            return {}, [Skipped(record_id, NotFound().message)]
        except DomainError as error:
            return {}, [*refused, Skipped(record_id, error.message)]
        else:
            break
    return values, refused
