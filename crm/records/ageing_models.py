"""When derived values that depend on the day may next be other than they are."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Id


class RecordTurn(Base):
    """The next day on which a record's ageing values may change (`records.ageing`); no row: never again.

    The worker reads those whose day has come by index: however many records there are, only the few that can change.
    """

    __tablename__ = "record_turn"
    __table_args__ = (Index("ix_record_turn_due_on", "due_on", "record_id"),)

    record_id: Mapped[int] = mapped_column(Id, ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    due_on: Mapped[date] = mapped_column(Date)


class AgeingBasis(Base):
    """By which settings and rules a type's ageing values were derived: when these are others, all of them are derived anew."""

    __tablename__ = "ageing_basis"

    type_id: Mapped[int] = mapped_column(ForeignKey("record_type.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    basis: Mapped[str] = mapped_column(String(64))
