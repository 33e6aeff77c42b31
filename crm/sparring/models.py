"""The table of sparrings; title, adviser (owner) and the day (starts_at) are the spine's."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import JsonOrNull
from crm.records.models import Record


class Sparring(Record):
    """Advice given to someone on a day. The organisations it was for are links."""

    __tablename__ = "sparring"
    __table_args__ = (
        Index("ix_sparring_person_id", "person_id"),
        Index("ix_sparring_referred_to_id", "referred_to_id"),
        Index("ix_sparring_next_owner_id", "next_owner_id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    #: Keys of `types.TOPICS`.
    topics: Mapped[list[str] | None] = mapped_column(JsonOrNull)
    #: A key of `types.CHANNELS`.
    channel: Mapped[str | None] = mapped_column(String(20))
    minutes: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str | None] = mapped_column(Text)
    #: What was promised; a task about the sparring says the same.
    next_step: Mapped[str | None] = mapped_column(String(200))
    next_owner_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    next_due: Mapped[date | None] = mapped_column(Date)
    referred_to_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    #: A key of `types.OUTCOMES`.
    led_to: Mapped[str | None] = mapped_column(String(20))
    #: expert or facilitator, at a strategy meeting.
    our_role: Mapped[str | None] = mapped_column(String(20))
    #: For the author, named colleagues and administrators only.
    confidential: Mapped[bool] = mapped_column(default=False)
    #: Ids of the named colleagues.
    shared_with: Mapped[list[int] | None] = mapped_column(JsonOrNull)

    __mapper_args__ = {"polymorphic_identity": "sparring", "inherit_condition": id == Record.id}  # noqa: A003 - the column above
