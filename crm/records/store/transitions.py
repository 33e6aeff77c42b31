"""Taking a step of a lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from crm.kernel.errors import AccessDenied, Conflict, NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.lifecycle.engine import Transition
from crm.records.changes import LogEntry, log
from crm.records.store.context import read_values
from crm.records.store.orders import TransitionOrder
from crm.records.store.references import visible_ids
from crm.records.store.writes import touch
from crm.records.types import ChangeFacts, RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: What is kept of a comment on a step.
COMMENT_LENGTH: Final = 2000


def take_step(uow: UnitOfWork, order: TransitionOrder) -> tuple[ChangeFacts, str]:
    """Check right, state and guards; write the new state and one change. Gives the facts and the new state.

    Raises:
        NotFound, AccessDenied, Conflict, RuleViolation.
    """
    values = read_values(uow, [order.record_id], hold="update").get(order.record_id)
    if values is None or order.record_id not in visible_ids(uow, {order.record_id: values}):
        raise NotFound
    record_type = uow.registry.get(values["type"])
    if record_type.lifecycle is None:
        raise RuleViolation(N_("There is no step called “%(key)s”.", key=clean(order.step[:40])))
    found = record_type.lifecycle.find(order.step)
    act = (found.act or found.key) if found is not None else order.step
    if order.record_id not in visible_ids(uow, {order.record_id: values}, act):
        raise AccessDenied
    if order.seen_version is not None and order.seen_version != values["version"] and values["state"] not in _sources(found):
        raise Conflict(N_("Someone else has moved it on in the meantime."))
    facts = record_type.facts(uow, order.record_id)
    step = record_type.lifecycle.step(order.step, values["state"], values, facts)
    return replace(_enter(uow, record_type, values, step.target, order.comment), facts=facts), step.target


def step_back(uow: UnitOfWork, record_id: int, target: str | None, expected: str | None) -> ChangeFacts:
    """Put a record back into the state it had before a step; see `RecordStore.step_back`."""
    values = read_values(uow, [record_id], hold="update").get(record_id)
    if values is None or record_id not in visible_ids(uow, {record_id: values}):
        raise NotFound
    record_type = uow.registry.get(values["type"])
    lifecycle = record_type.lifecycle
    if lifecycle is None or target is None or target not in lifecycle.by_key:
        raise RuleViolation(N_("The earlier status is no longer there."))
    if values["state"] != expected:
        raise Conflict(N_("Someone else has moved it on in the meantime."))
    onward = [step for step in lifecycle.transitions if expected in step.sources and step.target == target]
    taken = [step for step in lifecycle.transitions if target in step.sources and step.target == expected]
    by_hand = [step for step in (*onward, *taken) if step.by_hand]
    if not by_hand and uow.actor.system is None:
        raise RuleViolation(N_("This status follows from what was done, and cannot be undone by itself."))
    acts = {step.act or step.key for step in by_hand}
    if acts and not any(record_id in visible_ids(uow, {record_id: values}, act) for act in sorted(acts)):
        raise AccessDenied
    _ask_guards(uow, record_type, values, onward)
    return _enter(uow, record_type, values, target, None)


def _ask_guards(uow: UnitOfWork, record_type: RecordType, values: dict[str, Any], steps: Sequence[Transition]) -> None:
    """Where a step leads to the same state, one must be possible: undo and redo together pass by no guard."""
    facts = record_type.facts(uow, values["id"]) if any(step.guards for step in steps) else {}
    reasons = [next((reason for guard in step.guards if (reason := guard(values, facts)) is not None), None) for step in steps]
    if reasons and None not in reasons and reasons[0] is not None:
        raise RuleViolation(reasons[0])


def _enter(uow: UnitOfWork, record_type: RecordType, values: dict[str, Any], target: str, comment: str | None) -> ChangeFacts:
    """Write the new state and one change."""
    version = values["version"] + 1
    columns = {"state": target, "version": version, "updated_at": uow.now(), "updated_by": uow.actor.user_id}
    touch(uow, values["id"], values["version"], columns)
    patch: dict[str, object] = {"state": [values["state"], target]}
    said = clean(comment or "", multiline=True)[:COMMENT_LENGTH]
    if said:
        patch["comment"] = [None, said]
    log(uow, [LogEntry(values["id"], record_type.id, version, "transition", patch)])
    return ChangeFacts(values["id"], record_type.key, "transition", values, {**values, "state": target, "version": version})


def _sources(step: object) -> tuple[str, ...]:
    return getattr(step, "sources", ())
