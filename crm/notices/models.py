"""Who follows what, and what each person was told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Json, Moment, long_id
from crm.records import models as record_models  # noqa: F401 - `record` and `change` must be known before foreign keys refer to them


class Follow(Base):
    """A person follows a record, or wants to hear nothing of it (`muted`: creating or commenting does not make them follow)."""

    __tablename__ = "follow"
    __table_args__ = (Index("ix_follow_record_id", "record_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    muted: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Moment)


class Notice(Base):
    """Something a person was told: about which record, by whom, and whether they have seen it.

    No text and no value is kept: what a notice says is worded when it is shown, under the reader's rights of that moment.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("kind in ('assigned', 'mentioned', 'commented', 'changed', 'moved', 'due')", name="kind_known"),
        UniqueConstraint("user_id", "once_key"),
        Index("ix_notice_user", "user_id", "id"),
        Index("ix_notice_record_id", "record_id"),
    )

    id: Mapped[long_id]
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    #: The change it tells of, the latest one when it tells of several; none for a date that has come.
    change_id: Mapped[int | None] = mapped_column(ForeignKey("change.id", ondelete="SET NULL"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    #: How many changes it stands for: several of one person's to one record are one notice until it is read.
    times: Mapped[int] = mapped_column(default=1)
    #: The same key never tells a person twice.
    once_key: Mapped[str] = mapped_column(String(80))
    #: `state`: where a record was moved to.
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
