"""Tables of the worker: orders of flows, mails to send, and the sign of life.

A flow's row is the truth about it; the flow engine is only its executor and may lose what it knew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.clock import SystemClock
from crm.kernel.db import Base, Json, Moment, long_id
from crm.records import models as record_models  # noqa: F401 - `record` must be known before foreign keys refer to it

WAITING: Final = "waiting"
TRIGGERED: Final = "triggered"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"

#: An order in one of these is still going on.
OPEN_STATES: Final = (WAITING, TRIGGERED, RUNNING)

QUEUED: Final = "queued"
SENDING: Final = "sending"
SENT: Final = "sent"
HELD: Final = "held"


class FlowRequest(Base):
    """One order of a flow: from a button here, or written down by a run that was started in the engine's own screen."""

    __tablename__ = "flow_request"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'triggered', 'running', 'done', 'failed', 'cancelled')", name="state_known"),
        Index("ix_flow_request_state", "state", "next_at"),
        Index("ix_flow_request_record", "record_id", "id"),
    )

    id: Mapped[long_id]
    #: The flow's name, as `meeting-pack`.
    flow: Mapped[str] = mapped_column(String(60))
    #: What the flow is given: ids and switches, never names of people.
    parameters: Mapped[dict[str, Any]] = mapped_column(Json)
    #: The record it is about.
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="SET NULL"))
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    #: `crm` (a button, the worker) or `engine` (started in Prefect, by hand or by schedule).
    source: Mapped[str] = mapped_column(String(10), default="crm")
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    #: The act that ordered it: undo tells of it, or stops it while it waits.
    act_id: Mapped[str | None] = mapped_column(String(32), index=True)
    #: The caller's own "only once": a second order with the same key is the first one.
    once_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    #: What the engine is given so that a repeated trigger starts nothing twice; a new one for each new try.
    idempotency_key: Mapped[str] = mapped_column(String(120), unique=True)
    prefect_run_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    #: Steps in order: `{key, label, state, started, ended, note}`.
    progress: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    #: The last word to people: `{msgid, params}`.
    message: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: The number under which the log holds the details of a failure.
    error_reference: Mapped[str | None] = mapped_column(String(32))
    #: Runs started for it so far; a crashed run is tried again a few times.
    runs: Mapped[int] = mapped_column(default=0)
    #: Triggers that failed in a row, for the back-off.
    trigger_attempts: Mapped[int] = mapped_column(default=0)
    #: Not to be triggered before; None means at once.
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    triggered_at: Mapped[datetime | None] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class MailOutbox(Base):
    """A mail that was decided on in some transaction; the worker sends it afterwards."""

    __tablename__ = "mail_outbox"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'sending', 'sent', 'failed', 'held')", name="state_known"),
        Index("ix_mail_outbox_state", "state", "next_at", "id"),
    )

    id: Mapped[long_id]
    to_address: Mapped[str] = mapped_column(String(320))
    to_name: Mapped[str] = mapped_column(String(200), default="")
    reply_to: Mapped[str | None] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    #: Small ones only: `{name, media_type, content}`, the content in base64.
    attachments: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    #: The act that ordered it: undo tells of it, or stops it while it waits.
    act_id: Mapped[str | None] = mapped_column(String(32), index=True)
    #: The same key never puts a second mail into the outbox.
    once_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    #: The mail's Message-ID, given once, so that a mail sent twice can be seen to be one.
    message_id: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default=QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    #: Deliveries that began and of which nobody knows the end: the sender died. One more is allowed, not two.
    lost: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    #: While it lies ahead, a sender has the mail in hand.
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    #: Why it was held or failed, for the log and the administrator.
    problem: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment, default=SystemClock().now)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class WorkerHeartbeat(Base):
    """When a long-lived process of ours last said that it lives, and what it last met."""

    __tablename__ = "worker_heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    pid: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    #: `engine`: up, down or unknown; since when.
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
