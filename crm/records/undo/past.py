"""An act as undo sees it: who may take it back, and its changes in the order in which they are taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from crm.kernel.errors import AccessDenied, NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.records.models import Act, Change, ChangeValue
from crm.records.types import RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: So long one may take back what one did.
OWN_ACTS: Final = timedelta(days=30)
#: The cause of an act that undoes another; its cause id names that one.
UNDO: Final = "undo"
#: An undo of an undo of an undo …: further back nobody goes.
_DEEPEST: Final = 100


@dataclass(frozen=True, slots=True)
class Past:
    """A change to be taken back; several updates of one record in one act are one.

    Attributes:
        change_id: of the last such change.
        kind: create, update, transition, link …
        patch: `{api_name: [old, new]}` in JSON form.
        actor_id: who did it.
    """

    change_id: int
    record_id: int
    type: RecordType
    kind: str
    patch: Mapping[str, Any]
    actor_id: int | None


def act_to_undo(uow: UnitOfWork, act_id: str) -> Act:
    """Give an act that the actor may undo: their own of the last 30 days; administrators any.

    Raises:
        NotFound, AccessDenied.
        RuleViolation: it was too long ago.
    """
    act = uow.session.get(Act, act_id) if len(act_id) <= 32 and act_id.isalnum() else None
    if act is None:
        raise NotFound
    if uow.access.may_use("@admin"):
        return act
    if act.actor_id is None or act.actor_id != uow.actor.user_id:
        raise AccessDenied
    if act.at < uow.now() - OWN_ACTS:
        raise RuleViolation(N_("What was done more than %(days)s days ago can no longer be undone.", days=OWN_ACTS.days))
    return act


def is_undone(uow: UnitOfWork, act_id: str, depth: int = 0) -> bool:
    """Whether an act is undone now: by an act that was not undone itself."""
    by = uow.session.scalars(select(Act.id).where(Act.cause == UNDO, Act.cause_id == act_id)).all()
    return depth < _DEEPEST and any(not is_undone(uow, one, depth + 1) for one in by)


def changes_in(uow: UnitOfWork, act_id: str) -> int:
    """Count the changes of an act."""
    return uow.session.scalar(select(func.count()).select_from(Change).where(Change.act_id == act_id)) or 0


def read_past(uow: UnitOfWork, act_id: str) -> list[Past]:
    """Give an act's changes, the last first; what befell a record that the act itself made is left out."""
    rows = uow.session.execute(
        select(Change.id, Change.record_id, Change.type_id, Change.kind, Change.actor_id, ChangeValue.patch)
        .outerjoin(ChangeValue, ChangeValue.change_id == Change.id)
        .where(Change.act_id == act_id)
        .order_by(Change.id)
    )
    by_record: dict[int, list[Past]] = {}
    for row in rows:
        record_type = uow.registry.by_id.get(row.type_id)
        if record_type is not None:
            past = Past(row.id, row.record_id, record_type, row.kind, row.patch or {}, row.actor_id)
            by_record.setdefault(row.record_id, []).append(past)
    found = [past for pasts in by_record.values() for past in _of_record(pasts)]
    return sorted(found, key=lambda past: past.change_id, reverse=True)


def _of_record(pasts: Sequence[Past]) -> list[Past]:
    kinds = [past.kind for past in pasts]
    if kinds[0] == "create":
        return [pasts[0]] if "delete" not in kinds else []
    updates = [past for past in pasts if past.kind == "update"]
    merged: dict[str, Any] = {}
    for past in updates:
        for name, (old, new) in past.patch.items():
            merged[name] = [merged[name][0] if name in merged else old, new]
    kept = [past for past in pasts if past.kind != "update"]
    return [*kept, replace(updates[-1], patch=merged)] if updates else kept
