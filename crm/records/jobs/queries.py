"""How jobs stand, as pages show them: in plain words, with the titles that the one who looks may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from crm.kernel.clock import seconds_between
from crm.kernel.errors import AccessDenied, NotFound
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.wording import read
from crm.records.jobs.kinds import job_kind, known_kinds
from crm.records.jobs.models import CANCELLED, DONE, FAILED, OPEN_STATES, RUNNING, WAITING, Job, JobRecord
from crm.records.jobs.orders import own_job
from crm.records.models import Act
from crm.records.query import Title, titles
from crm.records.undo.past import is_undone
from crm.security.models import user_table

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

_WORDS: Final[Mapping[str, Message]] = {
    WAITING: N_("Waits for its turn"),
    RUNNING: N_("Is being done"),
    DONE: N_("Done"),
    FAILED: N_("Did not succeed"),
    CANCELLED: N_("Stopped"),
}
_STOPPING: Final = N_("Is being stopped")


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job as its page shows it."""

    id: int
    kind: str
    title: Message | Label
    state: str
    #: The state as a word.
    words: Message
    is_open: bool
    is_mine: bool
    done: int
    skipped: int
    failed: int
    total: int | None
    message: Message | None
    error_reference: str | None
    result: Mapping[str, Any]
    back: str | None
    #: Who ordered it, by name; "" for the product itself.
    owner: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    may_cancel: bool
    #: The act that it wrote; None when nothing was written.
    act_id: str | None = None
    #: Whether that act is undone now.
    is_undone: bool = False
    template: str | None = None

    @property
    def handled(self) -> int:
        """How many are done with, one way or another."""
        return self.done + self.skipped + self.failed

    @property
    def percent(self) -> int | None:
        """How far it is, in whole per cent; None while that is not known."""
        if self.state == DONE:
            return 100
        return min(99, self.handled * 100 // self.total) if self.total else None

    @property
    def file(self) -> Mapping[str, Any] | None:
        """Its file: name, media_type, size; None when it has none, or none any more."""
        found = self.result.get("file")
        return found if isinstance(found, Mapping) and self.state == DONE else None

    @property
    def seconds(self) -> int | None:
        """How long it took, in whole seconds."""
        return seconds_between(self.started_at, self.ended_at)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What became of one record; `title` is None when it is gone or may not be seen."""

    position: int
    record_id: int
    title: Title | None
    outcome: str
    reason: Message | None


@dataclass(frozen=True, slots=True)
class Report:
    """A page of the lines of one outcome."""

    lines: tuple[ReportLine, ...] = field(default=())
    #: The position to go on after; None at the end.
    after: int | None = None


def job_status(uow: UnitOfWork, job_id: int) -> JobStatus:
    """Give one job.

    Raises:
        NotFound: there is none, or it is not theirs to see.
    """
    job = own_job(uow, job_id)
    name = _names(uow, {job.owner_id}).get(job.owner_id or 0, "")
    written = uow.session.scalar(select(Act.id).where(Act.id == job.act_id)) is not None
    undone = written and job.state not in OPEN_STATES and is_undone(uow, job.act_id)
    return replace(_status(uow, job, name), act_id=job.act_id if written else None, is_undone=undone)


def latest_jobs(uow: UnitOfWork, limit: int = 100) -> list[JobStatus]:
    """Give the actor's own jobs, newest first; all jobs to administrators."""
    statement = select(Job).order_by(Job.id.desc()).limit(limit)
    if not uow.access.may_use("@admin"):
        statement = statement.where(Job.owner_id == uow.actor.user_id)
    jobs = uow.session.scalars(statement).all()
    names = _names(uow, {job.owner_id for job in jobs})
    return [_status(uow, job, names.get(job.owner_id or 0, "")) for job in jobs]


def _names(uow: UnitOfWork, ids: set[int | None]) -> dict[int, str]:
    wanted = sorted(one for one in ids if one is not None)
    if not wanted:
        return {}
    columns = (user_table.c.id, user_table.c.first_name, user_table.c.last_name)
    rows = uow.session.execute(select(*columns).where(user_table.c.id.in_(wanted)))
    return {row.id: f"{row.first_name} {row.last_name}".strip() for row in rows}


def _status(uow: UnitOfWork, job: Job, owner: str) -> JobStatus:
    is_open = job.state in OPEN_STATES
    mine = job.owner_id is not None and job.owner_id == uow.actor.user_id
    kind = job_kind(job.kind) if job.kind in known_kinds() else None
    return JobStatus(
        id=job.id,
        kind=job.kind,
        title=read(job.title) or (kind.label if kind else Label(job.kind)),
        state=job.state,
        words=_STOPPING if is_open and job.cancel_at is not None else _WORDS[job.state],
        is_open=is_open,
        is_mine=mine,
        done=job.done,
        skipped=job.skipped,
        failed=job.failed,
        total=job.total,
        message=read(job.message),
        error_reference=job.error_reference,
        result=job.result,
        back=job.back,
        owner=owner,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        may_cancel=is_open and job.cancel_at is None,
        template=kind.template if kind else None,
    )


def job_report(uow: UnitOfWork, job_id: int, outcome: str, *, after: int = 0, limit: int = 100) -> Report:
    """Give what became of the job's records, of one outcome, in their order.

    Raises:
        NotFound: there is no such job, or it is not theirs to see.
    """
    own_job(uow, job_id)
    rows = uow.session.scalars(
        select(JobRecord)
        .where(JobRecord.job_id == job_id, JobRecord.outcome == outcome, JobRecord.position > after)
        .order_by(JobRecord.position)
        .limit(limit + 1)
    ).all()
    page = rows[:limit]
    known = titles(uow, (row.record_id for row in page))
    lines = tuple(ReportLine(row.position, row.record_id, known.get(row.record_id), outcome, read(row.reason)) for row in page)
    return Report(lines, page[-1].position if len(rows) > limit else None)


@dataclass(frozen=True, slots=True)
class JobFile:
    """The file that a job made: its name to people, and its name in the job's folder."""

    name: str
    stored: str
    media_type: str


def job_file(uow: UnitOfWork, job_id: int) -> JobFile:
    """Give a job's file to the one who ordered it, if they may still read all that stands in it.

    A kind that makes a file of records says in its result what it took: `type`, and `fields` by name.

    Raises:
        NotFound: there is none, or it is not theirs.
        AccessDenied: they may no longer read it.
    """
    job = own_job(uow, job_id)
    facts = job.result.get("file")
    if job.owner_id is None or job.owner_id != uow.actor.user_id or job.state != DONE or not isinstance(facts, Mapping):
        raise NotFound
    type_key = facts.get("type")
    if type_key is not None:
        uow.access.require("read", type_key)
        readable = uow.access.readable(type_key)
        now = uow.access.scopes("read", type_key)
        narrower = "all" not in now and now != frozenset(facts.get("scopes", ()))
        if narrower or (readable is not None and not set(facts.get("fields", ())) <= readable):
            raise AccessDenied(N_("You may no longer read all that stands in this file. Order it again."))
    return JobFile(facts["name"], facts["stored"], facts["media_type"])
