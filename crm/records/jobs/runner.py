"""Runs jobs: one batch after another, the job that waited longest first.

A batch's transaction begins by taking the job's row if it is still this worker's, and ends with place and counts, so that two
workers never do the same batch and a dead one leaves nothing half done. The lease says how long a silent worker keeps a job.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import structlog
from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.exc import OperationalError

from crm.kernel.errors import AccessDenied, DomainError, InvalidInput, NotFound
from crm.kernel.i18n import N_, Message
from crm.kernel.wording import read, stored
from crm.records.jobs.kinds import Batch, Run, RunOutside, job_kind
from crm.records.jobs.models import CANCELLED, DONE, FAILED, OPEN_STATES, RUNNING, Job, JobRecord
from crm.security.actors import Actor, system_actor
from crm.security.callers import actor_for
from crm.security.ports import MandateSource, no_mandates

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork, Works

log = structlog.get_logger()

#: How long a worker that says nothing keeps a job.
LEASE: Final = timedelta(seconds=60)
#: Tries of one batch before the job is given up.
MOST_TRIES: Final = 5
_ACTOR: Final[Actor] = system_actor("jobs")
_GONE: Final = N_("The user who ordered it can no longer sign in.")
_UNKNOWN: Final = N_("This kind of job is no longer known.")
_STOPPED: Final = N_("It was stopped in the middle several times, and is not tried again.")
_BROKE: Final = N_("Something went wrong on our side. What was done before is kept, and can be undone.")


class LeaseLost(Exception):
    """Another worker has taken the job: what this one did is rolled back."""


@dataclass
class JobRunner:
    """Does the batches of jobs; one a worker.

    Args:
        works: opens the transactions.
        folder: where the files of jobs lie, a folder a job.
        mandates: reads the seats of the person who ordered a job.
        stopping: says that the worker is asked to stop.
    """

    works: Works
    folder: Path
    mandates: MandateSource = no_mandates
    stopping: Callable[[], bool] = lambda: False
    name: str = field(default_factory=lambda: f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid4().hex[:12]}")
    _looked: bool = field(default=False, init=False)

    def turn(self, seconds: float = 2.0) -> None:
        """Do batches for a while; then other parts of the worker have their turn."""
        if not self._looked:
            self._free_orphans()
            self._looked = True
        deadline = monotonic() + seconds
        while not self.stopping() and self.step() and monotonic() < deadline:
            pass

    def drain(self, most: int = 100_000) -> None:
        """Do batches until no job is ready."""
        for _ in range(most):
            if not self.step():
                return

    def step(self) -> bool:
        """Do one batch of the job that waited longest; False when no job is ready."""
        with self.works.reading(_ACTOR) as uow:
            job = uow.session.scalars(self._ready(uow.now()).limit(1)).first()
        if job is None:
            return False
        if (job.worker != self.name or job.state != RUNNING) and not self._take(job.id):
            return True
        try:
            self._do_batch(job.id)
        except LeaseLost:
            log.info("job_taken_by_another", job_id=job.id)
        except OperationalError as error:
            self._put_off(job.id, error)
        except DomainError as error:
            self._end(job.id, FAILED, _worded(error))
        except Exception:
            reference = uuid4().hex[:8]
            log.exception("job_failed", job_id=job.id, kind=job.kind, reference=reference)
            self._end(job.id, FAILED, _BROKE, reference)
        return True

    def release(self) -> None:
        """Let go of the jobs in hand: another worker goes on with them at once."""
        with self.works.writing(_ACTOR) as uow:
            uow.session.execute(update(Job).where(Job.worker == self.name).values(lease_until=None))

    # -- taking ----------------------------------------------------------------------------------------------------

    def _ready(self, now: datetime) -> Any:
        free = or_(Job.worker == self.name, Job.lease_until.is_(None), Job.lease_until < now)
        due = or_(Job.next_at.is_(None), Job.next_at <= now)
        wanted = select(Job).where(Job.state.in_(OPEN_STATES), free, due)
        return wanted.order_by(func.coalesce(Job.heartbeat_at, Job.created_at), Job.id)

    def _take(self, job_id: int) -> bool:
        """Take a job up; the try is counted before it begins, so that one that kills its worker each time ends."""
        with self.works.writing(_ACTOR) as uow:
            now = uow.now()
            values = {
                "worker": self.name,
                "state": RUNNING,
                "lease_until": now + LEASE,
                "attempts": Job.attempts + 1,
                "started_at": func.coalesce(Job.started_at, bindparam("now", now, type_=Job.__table__.c.started_at.type)),
            }
            free = or_(Job.worker.is_(None), Job.worker == self.name, Job.lease_until.is_(None), Job.lease_until < now)
            done: Any = uow.session.execute(update(Job).where(Job.id == job_id, Job.state.in_(OPEN_STATES), free).values(values))
            if done.rowcount != 1:
                return False
            tries = uow.session.scalar(select(Job.attempts).where(Job.id == job_id)) or 0
        if tries > MOST_TRIES:
            self._end(job_id, FAILED, _STOPPED)
            return False
        return True

    def _free_orphans(self) -> None:
        """Free the jobs of workers of this machine that no longer live, without waiting for their lease to run out."""
        host = self.name.partition(":")[0]
        with self.works.writing(_ACTOR) as uow:
            held = uow.session.scalars(select(Job.worker).where(Job.state == RUNNING, Job.lease_until.is_not(None)).distinct())
            dead = [name for name in held if name is not None and name.startswith(f"{host}:") and not self._lives(name)]
            if dead:
                uow.session.execute(update(Job).where(Job.worker.in_(dead)).values(lease_until=None))

    def _lives(self, name: str) -> bool:
        if name == self.name:
            return True
        pid = name.split(":")[1]
        if not pid.isdecimal() or int(pid) == os.getpid():
            return False
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    # -- one batch -------------------------------------------------------------------------------------------------

    def _do_batch(self, job_id: int) -> None:
        with self.works.reading(_ACTOR) as uow:
            job = uow.session.get_one(Job, job_id)
            actor = self._actor(uow, job)
        try:
            kind = job_kind(job.kind)
        except NotFound:
            self._end(job_id, FAILED, _UNKNOWN)
            return
        if actor is None:
            self._end(job_id, FAILED, _GONE)
        elif job.cancel_at is not None:
            self._end(job_id, CANCELLED, None)
        elif kind.outside is not None:
            self._outside(kind.outside, job, actor)
        elif kind.run is not None:
            self._inside(kind.run, job, actor)

    def _actor(self, uow: UnitOfWork, job: Job) -> Actor | None:
        if job.system is not None:
            return system_actor(job.system)
        try:
            return actor_for(uow.session, job.owner_id or 0, self.mandates)
        except AccessDenied:
            return None

    def _batch(self, job: Job) -> Batch:
        folder = self.folder / str(job.id)
        return Batch(job.id, job.order, job.place, job.total, folder, dict(job.result), read(job.message))

    def _inside(self, run: Run, job: Job, actor: Actor) -> None:
        cause = "person" if job.system is None else "automation"
        with self.works.writing(actor, cause=cause, cause_id=f"job:{job.id}", act_id=job.act_id) as uow:
            held = self._hold(uow, job.id)
            batch = self._batch(held)
            place = run(uow, batch)
            _keep(uow, held, batch, place)

    def _outside(self, run: RunOutside, job: Job, actor: Actor) -> None:
        batch = self._batch(job)
        batch.beat = lambda: self._beat(job.id)
        batch.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = run(self.works, actor, batch)
        with self.works.writing(_ACTOR) as uow:
            _keep(uow, self._hold(uow, job.id), batch, place)

    def _hold(self, uow: UnitOfWork, job_id: int) -> Job:
        """Lock the job's row, if it is still this worker's.

        Raises:
            LeaseLost: it is not, or the job was ended.
        """
        mine = (Job.id == job_id, Job.worker == self.name, Job.state == RUNNING)
        done: Any = uow.session.execute(update(Job).where(*mine).values(lease_until=uow.now() + LEASE))
        if done.rowcount != 1:
            raise LeaseLost
        return uow.session.scalars(select(Job).where(Job.id == job_id).execution_options(populate_existing=True)).one()

    def _beat(self, job_id: int) -> None:
        """Say that a long batch lives; end it if the job was cancelled or taken."""
        with self.works.writing(_ACTOR) as uow:
            self._hold(uow, job_id)

    # -- ends ------------------------------------------------------------------------------------------------------

    def _put_off(self, job_id: int, error: Exception) -> None:
        """The database was busy: try the same batch again a little later, a few times."""
        with self.works.writing(_ACTOR) as uow:
            tries = uow.session.scalar(select(Job.attempts).where(Job.id == job_id, Job.worker == self.name)) or 0
            if tries < MOST_TRIES:
                again = uow.now() + timedelta(seconds=2**tries)
                values = {"next_at": again, "lease_until": None, "worker": None}
                uow.session.execute(update(Job).where(Job.id == job_id, Job.worker == self.name).values(values))
                log.warning("job_put_off", job_id=job_id, tries=tries, error=str(error.orig if hasattr(error, "orig") else error))
                return
        reference = uuid4().hex[:8]
        log.error("job_failed", job_id=job_id, reference=reference, error=str(error))
        self._end(job_id, FAILED, _BROKE, reference)

    def _end(self, job_id: int, state: str, message: Message | None, reference: str | None = None) -> None:
        """End a job that did not come to its end; what its batches did stays."""
        with self.works.writing(_ACTOR) as uow:
            mine = (Job.id == job_id, Job.worker == self.name, Job.state == RUNNING)
            values = {
                "state": state,
                "message": stored(message),
                "error_reference": reference,
                "ended_at": uow.now(),
                "lease_until": None,
                "worker": None,
            }
            uow.session.execute(update(Job).where(*mine).values(values))
        shutil.rmtree(self.folder / str(job_id), ignore_errors=True)


def _keep(uow: UnitOfWork, job: Job, batch: Batch, place: Any) -> None:
    """Write what the batch noted: place, counts, outcomes; without a place to go on from the job is done."""
    _write_outcomes(uow, batch)
    now = uow.now()
    job.place, job.result, job.message, job.total = place, dict(batch.result), stored(batch.message), batch.total
    job.done, job.skipped, job.failed = job.done + batch.done, job.skipped + batch.skipped, job.failed + batch.failed
    job.heartbeat_at, job.attempts, job.next_at = now, 0, None
    if place is None:
        job.state, job.ended_at, job.lease_until, job.worker = DONE, now, None, None
    uow.session.flush()


def _write_outcomes(uow: UnitOfWork, batch: Batch) -> None:
    table: Any = JobRecord.__table__
    if batch.outcomes:
        here = (table.c.job_id == batch.job_id, table.c.position == bindparam("at"))
        changed = update(table).where(*here).values(outcome=bindparam("to"), reason=bindparam("why", type_=table.c.reason.type))
        uow.session.execute(
            changed, [{"at": one["at"], "to": one["outcome"], "why": stored(one["reason"])} for one in batch.outcomes]
        )
    if batch.lines:
        last = uow.session.scalar(select(func.max(table.c.position)).where(table.c.job_id == batch.job_id)) or 0
        lines = [
            {**line, "reason": stored(line["reason"]), "job_id": batch.job_id, "position": last + number}
            for number, line in enumerate(batch.lines, 1)
        ]
        uow.session.execute(insert(table), lines)


def _worded(error: DomainError) -> Message:
    """Give what is shown of a refusal; of several fields the first."""
    if isinstance(error, InvalidInput) and error.fields:
        return next(iter(error.fields.values()))
    return error.message
