"""Taking a step of a lifecycle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.kernel.errors import AccessDenied, Conflict, NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.records.changes import LogEntry, log
from crm.records.store.context import read_values
from crm.records.store.orders import TransitionOrder
from crm.records.store.references import visible_ids
from crm.records.store.writes import touch
from crm.records.types import ChangeFacts

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
    step = record_type.lifecycle.step(order.step, values["state"], values, record_type.facts(uow, order.record_id))
    version = values["version"] + 1
    columns = {"state": step.target, "version": version, "updated_at": uow.now(), "updated_by": uow.actor.user_id}
    touch(uow, order.record_id, values["version"], columns)
    patch: dict[str, object] = {"state": [values["state"], step.target]}
    comment = clean(order.comment or "", multiline=True)[:COMMENT_LENGTH]
    if comment:
        patch["comment"] = [None, comment]
    log(uow, [LogEntry(order.record_id, record_type.id, version, "transition", patch)])
    new = {**values, "state": step.target, "version": version}
    return ChangeFacts(order.record_id, record_type.key, "transition", values, new), step.target


def _sources(step: object) -> tuple[str, ...]:
    return getattr(step, "sources", ())
