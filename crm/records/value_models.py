"""Tables beside the spine: the single values of fields that hold several, values that only one record may have, counters.

They are copies and guards, written by the store alone; the values themselves lie in `record.data` or the type's own columns.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Id, Key


class RecordValue(Base):
    """One of several values that a record's field holds, by its key: what filters look at."""

    __tablename__ = "record_value"
    __table_args__ = (Index("ix_record_value_record", "record_id", "field"),)

    type_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("record_type.id", ondelete="RESTRICT"), primary_key=True)
    #: The field's storage key (`f12`), or its name for a column of the type's own.
    field: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(Key, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)


class UniqueValue(Base):
    """A value that no other record of the type may have in this field; one in the trash keeps its own, so it can come back."""

    __tablename__ = "unique_value"
    __table_args__ = (Index("ix_unique_value_record", "record_id", "field"),)

    type_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("record_type.id", ondelete="RESTRICT"), primary_key=True)
    field: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(Key, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))


class NumberCounter(Base):
    """The last number given by a field of automatic numbers; its row is locked until the transaction ends."""

    __tablename__ = "number_counter"

    type_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("record_type.id", ondelete="RESTRICT"), primary_key=True)
    field: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int] = mapped_column(Id, default=0)
