"""An act as undo sees it: who may take it back, and its changes in the order in which they are taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from crm.kernel.errors import AccessDenied, NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.records.changes import UNDO
from crm.records.jobs.models import OPEN_STATES, Job
from crm.records.models import MAX_ID, Act, Change, ChangeValue
from crm.records.types import RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: So long one may take back what one did.
OWN_ACTS: Final = timedelta(days=30)
#: An undo of an undo of an undo …: further back nobody goes.
_DEEPEST: Final = 100


@dataclass(frozen=True, slots=True)
class Past:
    """A change to be taken back; several updates of one record in one act are one.

    Attributes:
        act_id: the act.
        change_id: of the last such change.
        kind: create, update, transition, link …
        patch: `{api_name: [old, new]}` in JSON form.
        actor_id: who did it.
    """

    act_id: str
    change_id: int
    record_id: int
    type: RecordType
    kind: str
    patch: Mapping[str, Any]
    actor_id: int | None
    #: Of several updates put together, the id of the first.
    first_id: int | None = None


def act_to_undo(uow: UnitOfWork, act_id: str) -> Act:
    """Give an act that the actor may undo: their own of the last 30 days; administrators any.

    Raises:
        NotFound, AccessDenied.
        RuleViolation: it was too long ago, or a job is still doing it.
    """
    act = uow.session.get(Act, act_id) if len(act_id) <= 32 and act_id.isalnum() else None
    if act is None:
        raise NotFound
    if uow.session.scalar(select(Job.id).where(Job.act_id == act_id, Job.state.in_(OPEN_STATES)).limit(1)) is not None:
        raise RuleViolation(N_("This is still being done. Stop it first, or wait until it has ended."))
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


def takes_back(uow: UnitOfWork, act: Act) -> bool:
    """Whether an act is an undo whose own undo is a redo; the undo of an undo does something again, and so is none."""
    steps = 0
    found: Act | None = act
    while found is not None and found.cause == UNDO and found.cause_id is not None and steps < _DEEPEST:
        steps += 1
        found = uow.session.get(Act, found.cause_id)
    return steps % 2 == 1


def changes_in(uow: UnitOfWork, act_id: str) -> int:
    """Count the changes of an act."""
    return uow.session.scalar(select(func.count()).select_from(Change).where(Change.act_id == act_id)) or 0


def read_past(
    uow: UnitOfWork, act_id: str, kinds: ColumnElement[bool], below: int = MAX_ID, limit: int | None = None
) -> list[Past]:
    """Give an act's changes of some kinds, the last first; what befell a record that the act itself made is left out.

    Args:
        uow: the transaction.
        act_id: the act.
        kinds: the condition on `Change.kind`.
        below: only changes with a lower id: a large act is read in slices.
        limit: so many changes at most; several updates of one record in a slice become one.
    """
    made, gone = aliased(Change), aliased(Change)
    same = (made.act_id == act_id, made.record_id == Change.record_id, made.kind == "create")
    again = (gone.act_id == act_id, gone.record_id == Change.record_id, gone.kind == "delete")
    wanted = or_(
        and_(Change.kind == "create", ~exists().where(*again)),
        and_(Change.kind != "create", ~exists().where(*same)),
    )
    rows = uow.session.execute(
        select(Change.id, Change.record_id, Change.type_id, Change.kind, Change.actor_id, ChangeValue.patch)
        .outerjoin(ChangeValue, ChangeValue.change_id == Change.id)
        .where(Change.act_id == act_id, Change.id < below, kinds, wanted)
        .order_by(Change.id.desc())
        .limit(limit)
    )
    found: list[Past] = []
    updates: dict[int, int] = {}
    for row in rows:
        record_type = uow.registry.by_id.get(row.type_id)
        if record_type is None:
            continue
        past = Past(act_id, row.id, row.record_id, record_type, row.kind, row.patch or {}, row.actor_id)
        at = updates.setdefault(row.record_id, len(found)) if row.kind == "update" else len(found)
        if at < len(found):
            found[at] = _with_earlier(found[at], past)
        else:
            found.append(past)
    return found


def _with_earlier(later: Past, earlier: Past) -> Past:
    """Put two updates of one record together: the older value of the earlier, the newer of the later; the first change leads."""
    patch = {name: list(pair) for name, pair in earlier.patch.items()}
    for name, (old, new) in later.patch.items():
        patch[name] = [patch[name][0] if name in patch else old, new]
    return replace(later, patch=patch, first_id=earlier.change_id)
