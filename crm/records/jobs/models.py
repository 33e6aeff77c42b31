"""The tables of jobs: what was ordered, how far it is, and which records it takes in hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Id, Json, Moment, long_id
from crm.security import models as security_models  # noqa: F401 - `ab_user` must be known before `owner_id` refers to it

WAITING: Final = "waiting"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
#: A job in one of these is still going on.
OPEN_STATES: Final = (WAITING, RUNNING)

#: What became of one record.
SKIPPED: Final = "skipped"


class Job(Base):
    """One piece of work, ordered by a person or by the product itself."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state_known"),
        Index("ix_job_state", "state", "heartbeat_at"),
        Index("ix_job_owner", "owner_id", "id"),
    )

    id: Mapped[long_id]
    #: A registered kind, as `bulk-edit`.
    kind: Mapped[str] = mapped_column(String(40))
    #: What it does, in words: `{msgid, params}`; None leaves it to the kind's name.
    title: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: What the kind is given.
    order: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Who ordered it, and under whose rights it runs.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    #: The name of a part of the product that ordered it; None for a person's.
    system: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    #: Where the last batch ended, as the kind understands it; None before the first.
    place: Mapped[Any] = mapped_column(Json, nullable=True)
    #: How many there are to do, if that is known.
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    #: What the kind gives back: `file` ({name, media_type, size}), and what its own page part shows.
    result: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: The last word to people: `{msgid, params}`.
    message: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: The number under which the log holds the details of a failure.
    error_reference: Mapped[str | None] = mapped_column(String(32))
    #: The act of all its batches: the unit of undo.
    act_id: Mapped[str] = mapped_column(String(32))
    #: The own path that the one who ordered it came from.
    back: Mapped[str | None] = mapped_column(String(2000))
    #: The caller's own "only once": a second order with the same key is the first one.
    once_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    #: Who has it in hand (`host:process:random`), and until when nobody else takes it up.
    worker: Mapped[str | None] = mapped_column(String(120))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    #: When a batch of it last ended: the job that waited longest is next.
    heartbeat_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Not to be tried before; None means at once.
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Tries of the batch in hand, those included whose worker died.
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class JobRecord(Base):
    """A record that a job takes in hand, fixed when it was ordered, and what became of it: None, done, skipped or failed."""

    __tablename__ = "job_record"
    __table_args__ = (Index("ix_job_record_outcome", "job_id", "outcome", "position"),)

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: No foreign key: a report outlives a purged record, and a purge shall not have to look here.
    record_id: Mapped[int] = mapped_column(Id)
    outcome: Mapped[str | None] = mapped_column(String(10))
    #: Why it was skipped or failed: `{msgid, params}`.
    reason: Mapped[dict[str, Any] | None] = mapped_column(Json)
