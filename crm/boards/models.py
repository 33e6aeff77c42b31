"""Tables of the meeting work: boards, mandates, meetings, items, decisions, follow-ups; and packs, their builds, and codes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Id, Json, JsonOrNull, Moment, long_id
from crm.records.models import Record


def _pk() -> Mapped[int]:
    return mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)


def _to(*, null: bool = False) -> Mapped[Any]:
    """A single-valued relation: the other record must not vanish under it."""
    return mapped_column(ForeignKey("record.id", ondelete="RESTRICT"), nullable=null, index=True)


class Board(Record):
    """A body that meets: a steering group, an advisory board, a committee. Its settings shape its meetings."""

    __tablename__ = "board"

    id: Mapped[int] = _pk()
    #: steering, advisory or committee.
    kind_of: Mapped[str] = mapped_column(String(20), default="steering")
    #: What one of its meetings is called: Styregruppemøde.
    meeting_name: Mapped[str | None] = mapped_column(String(100))
    purpose: Mapped[str | None] = mapped_column(Text)
    #: Where it usually meets.
    place: Mapped[str | None] = mapped_column(String(200))
    #: `meeting`: items are numbered from 1 in each meeting; `year`: they run on over the year.
    item_numbering: Mapped[str] = mapped_column(String(10), default="meeting")
    #: Deadlines in calendar days: before the meeting (items, draft, pack), after it (minutes), after the minutes (comments).
    items_days: Mapped[int] = mapped_column(default=21)
    draft_days: Mapped[int] = mapped_column(default=14)
    dispatch_days: Mapped[int] = mapped_column(default=7)
    minutes_days: Mapped[int] = mapped_column(default=7)
    comments_days: Mapped[int] = mapped_column(default=5)
    #: Whether packs name the clusters in their figures; an advisory board *is* the clusters, so it does not.
    names_clusters: Mapped[bool] = mapped_column(default=True)

    __mapper_args__ = {"polymorphic_identity": "board", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class Mandate(Record):
    """A seat of a person in a board. Its days are the spine's start and end; both may be open."""

    __tablename__ = "mandate"

    id: Mapped[int] = _pk()
    board_id: Mapped[int] = _to()
    person_id: Mapped[int] = _to()
    #: Whom the person speaks for.
    organisation_id: Mapped[int | None] = _to(null=True)
    #: chair, deputy, member, substitute or secretary.
    role: Mapped[str] = mapped_column(String(20), default="member")

    __mapper_args__ = {"polymorphic_identity": "mandate", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class Meeting(Record):
    """A dated gathering of a board. The spine holds when; the owner is who prepares it."""

    __tablename__ = "meeting"

    id: Mapped[int] = _pk()
    board_id: Mapped[int] = _to()
    place: Mapped[str | None] = mapped_column(String(200))
    #: Its number among the board's meetings of the year.
    number: Mapped[int | None]
    year: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "meeting", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class AgendaItem(Record):
    """A point of a meeting's agenda, with the texts of its sheet."""

    __tablename__ = "agenda_item"

    id: Mapped[int] = _pk()
    meeting_id: Mapped[int] = _to()
    #: Order on the agenda, from 1; the printed number follows from it and from the board's numbering.
    position: Mapped[int | None]
    #: decision, discussion or orientation; it decides the headings.
    item_type: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int | None]
    presenter: Mapped[str | None] = mapped_column(String(200))
    recommendation: Mapped[str | None] = mapped_column(Text)
    background: Mapped[str | None] = mapped_column(Text)
    presentation: Mapped[str | None] = mapped_column(Text)
    finances: Mapped[str | None] = mapped_column(Text)
    #: A standing item needs no text.
    standing: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[bool] = mapped_column(default=False)
    #: What the pack draws under the item from the records: blocks in order, `{key, remark}`; the remarks stay over rebuilds.
    blocks: Mapped[list[dict[str, str]] | None] = mapped_column(JsonOrNull)
    #: The secretariat's remark to the item as a whole.
    secretariat_note: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "agenda_item", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class Decision(Record):
    """What a board decided under an item."""

    __tablename__ = "decision"

    id: Mapped[int] = _pk()
    agenda_item_id: Mapped[int] = _to()
    text: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date | None] = mapped_column(Date)

    __mapper_args__ = {"polymorphic_identity": "decision", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class FollowUp(Record):
    """A task from a meeting, with the person who took it on; due on the spine's day."""

    __tablename__ = "follow_up"

    id: Mapped[int] = _pk()
    meeting_id: Mapped[int] = _to()
    agenda_item_id: Mapped[int | None] = _to(null=True)
    responsible_id: Mapped[int | None] = _to(null=True)
    note: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "follow_up", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


ORDERED: Final = "ordered"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"


class PackBuild(Base):
    """One assembling of a pack, with its steps as they are done: what the meeting's page shows while it waits."""

    __tablename__ = "pack_build"
    __table_args__ = (
        CheckConstraint("state in ('ordered', 'running', 'done', 'failed')", name="state_known"),
        Index("ix_pack_build_meeting", "meeting_id", "id"),
    )

    id: Mapped[long_id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10), default=ORDERED)
    ordered_at: Mapped[datetime] = mapped_column(Moment)
    ordered_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    #: The run that carries it out, when a flow does.
    cause_id: Mapped[str | None] = mapped_column(String(80))
    #: The document between the steps; emptied when the version is kept.
    document: Mapped[dict[str, Any] | None] = mapped_column(Json)
    word_sha256: Mapped[str | None] = mapped_column(String(64))
    word_size: Mapped[int | None]
    word_suffix: Mapped[str | None] = mapped_column(String(10))
    media_type: Mapped[str | None] = mapped_column(String(120))
    #: Steps done: `{key, detail: {msgid, params}, seconds}`.
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("pack_version.id", ondelete="SET NULL"))
    #: Why it failed, for people: `{msgid, params}`.
    message: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: What it changed in the version that it replaced, as lines in the pack's language; None: it replaced none.
    changes: Mapped[list[str] | None] = mapped_column(JsonOrNull)


class PackVersion(Base):
    """A numbered pack of a meeting. Until it is published a new build overwrites it; then it never changes again.

    A trigger refuses every update and delete of a published row: `document` and the Word file's hash are what was sent.
    """

    __tablename__ = "pack_version"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: Mapped[long_id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    #: SHA-256 of the document: what an approval is bound to.
    digest: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(255))
    word_sha256: Mapped[str] = mapped_column(String(64))
    word_size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(120))
    built_at: Mapped[datetime] = mapped_column(Moment)
    built_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    #: `crm` or `code` (in Prefect).
    approved_via: Mapped[str | None] = mapped_column(String(10))
    #: Whether publishing sends the mails.
    send_mails: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    mails_sent: Mapped[int] = mapped_column(default=0)


class ApprovalCode(Base):
    """A one-time code that lets its owner's approval be given in Prefect. Only a salted, slow hash is kept."""

    __tablename__ = "approval_code"
    __table_args__ = (Index("ix_approval_code_meeting", "meeting_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    salt: Mapped[str] = mapped_column(String(32))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(ForeignKey("pack_version.id", ondelete="CASCADE"))
    #: Digest of what the person saw; a pack assembled again needs a new code.
    digest: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Wrong guesses at the meeting's codes while this one was good.
    failures: Mapped[int] = mapped_column(default=0)
