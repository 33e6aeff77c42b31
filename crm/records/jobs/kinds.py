"""The kinds of jobs, and what a kind is given for one batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from crm.kernel.errors import NotFound
from crm.kernel.i18n import Label, Message
from crm.records.jobs.models import DONE, FAILED, SKIPPED, JobRecord

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork, Works
    from crm.security.actors import Actor

#: Seconds after which a batch ends: its transaction holds SQLite's only place for a writer (design: less than one second).
BUDGET: Final = 0.5

#: Does one batch in the transaction it is given, and gives the place to go on from; None when all is done.
Run = Callable[["UnitOfWork", "Batch"], Any]
#: The same without a transaction of its own, for work that must not hold one (files, long reads); it opens what it needs.
RunOutside = Callable[["Works", "Actor", "Batch"], Any]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job. `template` shows its own result on the job's page, given `job` and `result`."""

    key: str
    label: Label | Message
    run: Run | None = None
    outside: RunOutside | None = None
    template: str | None = None


_kinds: dict[str, JobKind] = {}


def register_job(
    key: str, label: Label | Message, run: Run | None = None, *, outside: RunOutside | None = None, template: str | None = None
) -> None:
    """Make a kind of job known to the web and the worker; one of the same key is replaced.

    Args:
        key: how it is ordered, as `bulk-edit`.
        label: how it is called on its page.
        run: does one batch in a write transaction of the one who ordered it.
        outside: instead of `run`, does one batch without a transaction. A batch that died is done again from its place, so
            it must then undo what it half did (cut its file back to the length that its place names).
        template: a template for its own result.
    """
    if (run is None) is (outside is None):
        raise ValueError("a job runs either inside a transaction or outside one")
    _kinds[key] = JobKind(key, label, run, outside, template)


def job_kind(key: str) -> JobKind:
    """Give a kind.

    Raises:
        NotFound: none of this name is registered.
    """
    found = _kinds.get(key)
    if found is None:
        raise NotFound
    return found


def known_kinds() -> list[str]:
    """Give the keys of all kinds."""
    return list(_kinds)


@dataclass
class Batch:
    """One batch of a job: what was ordered, where the last one ended, and what is noted of this one.

    Everything noted here is committed together with what the batch wrote.
    """

    job_id: int
    order: Mapping[str, Any]
    place: Any
    total: int | None
    #: A folder of the job's own, for its file; it goes away with the job.
    folder: Path
    #: What the kind gives back; kept between batches.
    result: dict[str, Any] = field(default_factory=dict)
    #: The last word to people.
    message: Message | None = None
    done: int = 0
    skipped: int = 0
    failed: int = 0
    budget: float = BUDGET
    #: Says that a long batch outside a transaction still lives; set by the runner.
    beat: Callable[[], None] = lambda: None
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    _begun: float = field(default_factory=monotonic)

    def time_is_up(self) -> bool:
        """Whether the batch should end now, so that other writers get in."""
        return monotonic() - self._begun > self.budget

    def waiting(self, uow: UnitOfWork, limit: int = 200) -> list[tuple[int, int]]:
        """Give the next of the job's records without an outcome: (position, record id)."""
        rows = uow.session.execute(
            select(JobRecord.position, JobRecord.record_id)
            .where(JobRecord.job_id == self.job_id, JobRecord.outcome.is_(None))
            .order_by(JobRecord.position)
            .limit(limit)
        )
        return [(row.position, row.record_id) for row in rows]

    def note(self, position: int, outcome: str, reason: Message | None = None) -> None:
        """Note what became of a record of the job: `done`, `skipped` (left alone) or `failed` (refused), and why."""
        self.outcomes.append({"at": position, "outcome": outcome, "reason": reason})
        self._count(outcome)

    def did(self, position: int) -> None:
        """Note that a record of the job is done."""
        self.note(position, DONE)

    def skip(self, position: int, reason: Message) -> None:
        """Note that a record was left alone, and why."""
        self.note(position, SKIPPED, reason)

    def fail(self, position: int, reason: Message) -> None:
        """Note that a record was refused, and why."""
        self.note(position, FAILED, reason)

    def report(self, record_id: int, outcome: str, reason: Message | None = None) -> None:
        """Note an outcome (`done`, `skipped`, `failed`) of a record that was not fixed when the job was ordered."""
        self.lines.append({"record_id": record_id, "outcome": outcome, "reason": reason})
        self._count(outcome)

    def _count(self, outcome: str) -> None:
        self.done += outcome == DONE
        self.skipped += outcome == SKIPPED
        self.failed += outcome == FAILED
