"""Ordering a job, and taking the order back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from sqlalchemy import Select, func, insert, literal, select

from crm.kernel.errors import AccessDenied, NotFound
from crm.kernel.i18n import Message
from crm.kernel.wording import stored
from crm.records.jobs.kinds import job_kind
from crm.records.jobs.models import CANCELLED, DONE, FAILED, OPEN_STATES, SKIPPED, WAITING, Job, JobRecord
from crm.records.models import MAX_ID

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

_CHUNK: Final = 5_000


def enqueue(
    uow: UnitOfWork,
    kind: str,
    order: Mapping[str, Any],
    *,
    records: Select[Any] | Sequence[int] | None = None,
    title: Message | None = None,
    total: int | None = None,
    back: str | None = None,
    once_key: str | None = None,
) -> int:
    """Order a job in this transaction, on behalf of the actor; gives its id.

    Args:
        uow: a write transaction; the worker sees the job once it is committed.
        kind: a registered kind.
        order: what the kind is given: ids, names and switches, as JSON.
        records: the records it takes in hand, fixed now: ids, or a select of one column of ids (taken in the order of the ids).
        title: what it does, in words; else the kind's name.
        total: how many there are to do, if it is known and not the number of `records`.
        back: the own path to go back to.
        once_key: a second order with the same key is the first one.

    Raises:
        NotFound: there is no such kind.
    """
    job_kind(kind)
    if once_key is not None:
        known = uow.session.scalar(select(Job.id).where(Job.once_key == once_key))
        if known is not None:
            return known
    job = Job(
        kind=kind,
        order=dict(order),
        title=stored(title),
        total=total,
        back=back,
        once_key=once_key,
        owner_id=uow.actor.user_id,
        system=uow.actor.system,
        act_id=uuid4().hex,
        created_at=uow.now(),
    )
    uow.session.add(job)
    uow.session.flush()
    if records is not None:
        job.total = _fix(uow, job.id, records)
        uow.session.flush()
    return job.id


def file_report(
    uow: UnitOfWork,
    kind: str,
    order: Mapping[str, Any],
    lines: Sequence[tuple[int, str, Message | None]],
    *,
    title: Message,
    back: str | None = None,
) -> int:
    """File what was done at once, in this transaction and under its act, as a job that has ended: so it has a report too.

    Args:
        uow: the transaction in which it was done.
        kind: a registered kind.
        order: what the kind would be given.
        lines: of each record its id, outcome and reason.
        title: what it did, in words.
        back: the own path to go back to.
    """
    now, outcomes = uow.now(), [outcome for _id, outcome, _reason in lines]
    job = Job(
        kind=kind,
        order=dict(order),
        title=stored(title),
        owner_id=uow.actor.user_id,
        system=uow.actor.system,
        state=DONE,
        total=len(lines),
        done=outcomes.count(DONE),
        skipped=outcomes.count(SKIPPED),
        failed=outcomes.count(FAILED),
        act_id=uow.act.id,
        back=back,
        created_at=now,
        started_at=now,
        ended_at=now,
    )
    uow.session.add(job)
    uow.session.flush()
    rows = [
        {"job_id": job.id, "position": at, "record_id": one, "outcome": outcome, "reason": stored(reason)}
        for at, (one, outcome, reason) in enumerate(lines, 1)
    ]
    table: Any = JobRecord.__table__
    uow.session.execute(insert(table), rows)
    return job.id


def _fix(uow: UnitOfWork, job_id: int, records: Select[Any] | Sequence[int]) -> int:
    """Write down the job's records and give their number."""
    table: Any = JobRecord.__table__
    if isinstance(records, Select):
        ids = records.subquery().c[0]
        rows = select(literal(job_id), func.row_number().over(order_by=ids), ids)
        uow.session.execute(insert(table).from_select(["job_id", "position", "record_id"], rows))
        return uow.session.scalar(select(func.count()).select_from(table).where(table.c.job_id == job_id)) or 0
    lines = [{"job_id": job_id, "position": at, "record_id": one} for at, one in enumerate(records, 1)]
    for start in range(0, len(lines), _CHUNK):
        uow.session.execute(insert(table), lines[start : start + _CHUNK])
    return len(lines)


def cancel_job(uow: UnitOfWork, job_id: int) -> None:
    """Stop a job: at once if nobody has it in hand, else after its batch. What is done stays done, and can be undone.

    Raises:
        NotFound: there is no such job, or it is somebody else's.
        AccessDenied: it is the product's own.
    """
    job = own_job(uow, job_id, lock=True)
    if job.system is not None and not uow.access.may_use("@admin"):
        raise AccessDenied
    if job.state not in OPEN_STATES or job.cancel_at is not None:
        return
    job.cancel_at = uow.now()
    if job.state == WAITING and job.worker is None:
        job.state, job.ended_at = CANCELLED, uow.now()
    uow.session.flush()


def own_job(uow: UnitOfWork, job_id: int, *, lock: bool = False) -> Job:
    """Give a job of the actor's own; administrators reach all.

    Raises:
        NotFound: there is none, or it is not theirs to see.
    """
    statement = select(Job).where(Job.id == job_id)
    job = uow.session.scalars(statement.with_for_update() if lock else statement).one_or_none() if 0 < job_id <= MAX_ID else None
    if job is None:
        raise NotFound
    mine = job.owner_id is not None and job.owner_id == uow.actor.user_id
    if not mine and not uow.access.may_use("@admin"):
        raise NotFound
    return job
