"""The table of collaborations; title and period are the spine's."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.records.models import Record


class Collaboration(Record):
    """That two organisations work together, in one way and over one period: a statement, with its source and who confirmed it."""

    __tablename__ = "collaboration"
    __table_args__ = (Index("ix_collaboration_one_id", "one_id"), Index("ix_collaboration_other_id", "other_id"))

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    #: The two sides; which of them stands first means nothing.
    one_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    other_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    #: An option of the field `kind`.
    kind_of: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str | None] = mapped_column(String(40))
    #: one to four, or aware.
    intensity: Mapped[str | None] = mapped_column(String(40))
    funding: Mapped[str | None] = mapped_column(String(200))
    #: Who or what says so, and when it was said.
    source: Mapped[str | None] = mapped_column(String(200))
    stated: Mapped[date | None] = mapped_column(Date)
    #: none, one or both of the sides.
    confirmed: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {
        "polymorphic_identity": "collaboration",
        "inherit_condition": id == Record.id,  # noqa: A003 - the column above
    }
