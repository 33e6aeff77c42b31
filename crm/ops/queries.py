"""How orders and mails stand, in plain words, read from our own tables only: a page never waits for the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.kernel.clock import seconds_between
from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.wording import read
from crm.ops.models import (
    CANCELLED,
    DONE,
    FAILED,
    OPEN_STATES,
    QUEUED,
    RUNNING,
    SENDING,
    TRIGGERED,
    WAITING,
    FlowRequest,
    MailOutbox,
    WorkerHeartbeat,
)
from crm.records.models import MAX_ID
from crm.records.work import UnitOfWork

WORKER: Final = "worker"
#: Silent for longer than this, the worker counts as stopped.
SILENT_AFTER: Final = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an order's progress."""

    key: str
    label: Label
    state: str
    started_at: datetime
    ended_at: datetime | None
    note: Message | None


@dataclass(frozen=True, slots=True)
class FlowStatus:
    """An order as a page shows it."""

    id: int
    flow: str
    state: str
    #: The state as one sentence.
    words: Message
    steps: list[Step]
    requested_by: int | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    is_open: bool
    #: The engine or the worker does not answer, so an open order waits.
    engine_down: bool
    message: Message | None
    error_reference: str | None
    #: The engine's id of the run; the address of its page is made by `FlowEngine.run_url`, for administrators only.
    run_id: str | None

    @property
    def seconds(self) -> int | None:
        """How long it ran, in whole seconds."""
        return seconds_between(self.started_at, self.ended_at)


@dataclass(frozen=True, slots=True)
class OutboxLag:
    """How the outbox stands: mails that wait, how long the oldest has been due, and how many failed for good."""

    waiting: int
    oldest_seconds: int
    failed: int


@dataclass(frozen=True, slots=True)
class WorkerState:
    """Whether our worker lives, and what it last found the engine to be: up, down or unknown."""

    alive: bool
    engine: str


def worker_state(session: Session, now: datetime) -> WorkerState:
    """Tell whether the worker has said that it lives, and how the engine was."""
    row = session.get(WorkerHeartbeat, WORKER)
    if row is None or now - row.seen_at > SILENT_AFTER:
        return WorkerState(alive=False, engine="unknown")
    return WorkerState(alive=True, engine=str(row.detail.get("engine", "unknown")))


def worker_alive(session: Session, now: datetime) -> bool:
    """Tell whether the worker has said lately that it lives."""
    return worker_state(session, now).alive


def latest_flow(uow: UnitOfWork, subject: int, flow: str | None = None) -> FlowStatus | None:
    """Give the newest order about a record."""
    wanted = select(FlowRequest).where(FlowRequest.record_id == subject).order_by(FlowRequest.id.desc()).limit(1)
    if flow is not None:
        wanted = wanted.where(FlowRequest.flow == flow)
    row = uow.session.scalars(wanted).first()
    return None if row is None else _status(row, worker_state(uow.session, uow.now()))


def flows_about(uow: UnitOfWork, subject: int, *, before: int | None = None, limit: int = 15) -> list[FlowStatus]:
    """Give the orders about a record, the newest first: two queries."""
    wanted = select(FlowRequest).where(FlowRequest.record_id == subject, FlowRequest.id < (before or MAX_ID))
    rows = uow.session.scalars(wanted.order_by(FlowRequest.id.desc()).limit(limit)).all()
    if not rows:
        return []
    worker = worker_state(uow.session, uow.now())
    return [_status(row, worker) for row in rows]


def flow_status(uow: UnitOfWork, request_id: int) -> FlowStatus:
    """Give one order.

    Raises:
        NotFound: there is no such order.
    """
    row = uow.session.get(FlowRequest, request_id)
    if row is None:
        raise NotFound
    return _status(row, worker_state(uow.session, uow.now()))


def _status(row: FlowRequest, worker: WorkerState) -> FlowStatus:
    is_open = row.state in OPEN_STATES
    return FlowStatus(
        id=row.id,
        flow=row.flow,
        state=row.state,
        words=_words(row, worker),
        steps=[_step(line) for line in row.progress or []],
        requested_by=row.requested_by,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        is_open=is_open,
        engine_down=is_open and (not worker.alive or worker.engine == "down"),
        message=read(row.message),
        error_reference=row.error_reference,
        run_id=row.prefect_run_id,
    )


def _step(line: dict[str, object]) -> Step:
    note = line.get("note")
    ended = line.get("ended")
    return Step(
        key=str(line["key"]),
        label=Label.of(line["label"]),  # type: ignore[arg-type] # JSON: what `report_progress` wrote
        state=str(line["state"]),
        started_at=datetime.fromisoformat(str(line["started"])),
        ended_at=datetime.fromisoformat(str(ended)) if ended else None,
        note=read(note) if isinstance(note, dict) else None,
    )


def _words(row: FlowRequest, worker: WorkerState) -> Message:
    if row.state in OPEN_STATES and row.state != RUNNING:
        if not worker.alive:
            return N_("The background work is stopped. The order waits and is done when it runs again.")
        if worker.engine == "down":
            return N_("Prefect is stopped. The order waits and is done when it runs again.")
    return {
        WAITING: N_("Waits to be started"),
        TRIGGERED: N_("Is about to start"),
        RUNNING: N_("In progress"),
        DONE: N_("Done"),
        FAILED: N_("Failed"),
        CANCELLED: N_("Cancelled"),
    }[row.state]


def outbox_lag(session: Session, now: datetime) -> OutboxLag:
    """Tell how many mails wait, and since when the oldest of them should have gone."""
    due = (MailOutbox.state.in_((QUEUED, SENDING))) & ((MailOutbox.next_at.is_(None)) | (MailOutbox.next_at <= now))
    waiting = session.scalar(select(func.count()).select_from(MailOutbox).where(due)) or 0
    oldest = session.scalar(select(func.min(MailOutbox.created_at)).where(due))
    failed = session.scalar(select(func.count()).select_from(MailOutbox).where(MailOutbox.state == FAILED)) or 0
    return OutboxLag(waiting, round((now - oldest).total_seconds()) if oldest is not None else 0, failed)
