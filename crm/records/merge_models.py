"""Tables of duplicates: by which keys a record is found again, which was merged into which, and which pairs are none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Id, Json, Key, Moment
from crm.records import models as record_models  # noqa: F401 - `record` must be known before foreign keys refer to it


class MatchKey(Base):
    """A key of a record, drawn out of its values by the type's `matching`; written by the store alone."""

    __tablename__ = "match_key"
    __table_args__ = (Index("ix_match_key_record_id", "record_id"),)

    type_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("record_type.id", ondelete="RESTRICT"), primary_key=True)
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(Key, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)


class MergedRecord(Base):
    """A record that was merged into another: its address leads there, for ever.

    `moved` holds what undo needs and no change tells: ids of what hangs on a record, by table.
    """

    __tablename__ = "merged_record"
    __table_args__ = (Index("ix_merged_record_survivor_id", "survivor_id"), Index("ix_merged_record_act_id", "act_id"))

    #: No foreign key: the address outlives the record.
    old_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    survivor_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    act_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    moved: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class NotDuplicate(Base):
    """A pair that somebody looked at and found to be two."""

    __tablename__ = "not_duplicate"
    __table_args__ = (Index("ix_not_duplicate_high_id", "high_id"),)

    low_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    high_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
