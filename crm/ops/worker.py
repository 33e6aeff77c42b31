"""The worker: one long-lived process that does what must happen after a commit.

A plain loop over parts, each at its own pace. A part that fails is logged and tried again in its next turn; it never stops
the others, and a stopped engine or mail server never stops the worker.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from time import monotonic
from typing import Final
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session

from crm.ops.dispatcher import Dispatcher
from crm.ops.models import WorkerHeartbeat
from crm.ops.outbox import OutboxSender
from crm.ops.queries import WORKER
from crm.ops.sweeping import sweep
from crm.records.definitions import backfill, fields_to_fill
from crm.records.files import FileSweeper
from crm.records.jobs import JobRunner
from crm.records.merge import MatchFollower
from crm.records.search import SearchFollower
from crm.records.work import Works
from crm.security.actors import Actor, system_actor

log = structlog.get_logger()

ACTOR: Final[Actor] = system_actor("worker")
#: Seconds between two turns of the loop: the longest that an order waits for nothing.
TURN: Final = 0.5
HEARTBEAT: Final = 10.0

#: Deletes what has run out by a moment, in the transaction it is given.
Sweeper = Callable[[Session, datetime], object]


@dataclass
class _Part:
    """Something to do every so many seconds."""

    name: str
    every: float
    run: Callable[[], object]
    due_at: float = 0.0


class Worker:
    """Dispatcher, mail sender, jobs, slot filler, search index, sweepers and heartbeat in one loop."""

    def __init__(
        self,
        works: Works,
        dispatcher: Dispatcher,
        sender: OutboxSender,
        sweepers: Sequence[Sweeper] = (sweep,),
        jobs: JobRunner | None = None,
        files: FileSweeper | None = None,
        further: Sequence[tuple[str, float, Callable[[], object]]] = (),
    ) -> None:
        self._works = works
        self._dispatcher = dispatcher
        self._sender = sender
        self._sweepers = tuple(sweepers)
        self._stop = Event()
        self._started_at: datetime = works.clock.now()
        self._parts = [
            _Part("engine", 3.0, self._look_at_engine),
            _Part("orders", TURN, dispatcher.trigger_waiting),
            _Part("runs", 2.0, dispatcher.follow_open),
            _Part("choices", 10.0, dispatcher.offer_choices),
            _Part("mails", 1.0, self._send_mails),
            _Part("slots", 5.0, self._fill_slots),
            _Part("search", TURN, SearchFollower(works, self._stop.is_set).turn),
            _Part("matching", TURN, MatchFollower(works, self._stop.is_set).turn),
            *(_Part(name, every, run) for name, every, run in further),
            _Part("sweep", 600.0, self._sweep),
            _Part("heartbeat", HEARTBEAT, self.beat),
        ]
        if files is not None:
            self._parts.insert(-1, _Part("files", 3600.0, lambda: files.sweep(works, ACTOR)))
        self._jobs = jobs
        if jobs is not None:
            jobs.stopping = self._stop.is_set
            self._parts.insert(4, _Part("jobs", TURN, jobs.turn))

    def stop(self) -> None:
        """End the loop after what is in hand; may be called from a signal handler."""
        self._stop.set()

    def run(self) -> None:
        """Work until stopped."""
        log.info("worker_started", pid=os.getpid())
        while not self._stop.is_set():
            self.turn(monotonic())
            self._stop.wait(TURN)
        if self._jobs is not None:
            self._jobs.release()
        log.info("worker_stopped", pid=os.getpid())

    def turn(self, moment: float) -> None:
        """Do once whatever is due at a moment of the monotonic clock."""
        for part in self._parts:
            if self._stop.is_set() or part.due_at > moment:
                continue
            part.due_at = moment + part.every
            try:
                part.run()
            except Exception:
                log.exception("worker_part_failed", part=part.name, reference=uuid4().hex[:8])
                part.due_at = moment + max(part.every, 5.0)

    def beat(self) -> None:
        """Say that the worker lives, and how it found the engine."""
        with self._works.writing(ACTOR) as uow:
            row = uow.session.get(WorkerHeartbeat, WORKER)
            if row is None:
                row = WorkerHeartbeat(name=WORKER, pid=os.getpid(), started_at=self._started_at, seen_at=uow.now(), detail={})
                uow.session.add(row)
            row.pid, row.started_at, row.seen_at = os.getpid(), self._started_at, uow.now()
            row.detail = {"engine": self._dispatcher.engine_state}

    def _look_at_engine(self) -> None:
        if self._dispatcher.look():
            self.beat()

    def _send_mails(self) -> None:
        if not self._sender.waiting():
            return
        while not self._stop.is_set() and self._sender.send_one():
            pass

    def _fill_slots(self) -> None:
        """Fill the slots of fields that were added to a type with records: a transaction a batch, so that writers get in."""
        with self._works.reading(ACTOR) as uow:
            filling = fields_to_fill(uow)
        for field_id in filling:
            after: int | None = 0
            while after is not None and not self._stop.is_set():
                with self._works.writing(ACTOR) as uow:
                    after = backfill(uow, field_id, after=after)

    def _sweep(self) -> None:
        with self._works.writing(ACTOR) as uow:
            for sweeper in self._sweepers:
                sweeper(uow.session, uow.now())
