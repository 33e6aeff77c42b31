"""Tables of events beside the spine: what was held, its sessions, who took part as what, and how it was rated."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import JsonOrNull
from crm.records.models import Record


def _pk() -> Mapped[int]:
    return mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)


def _to(*, null: bool = False) -> Mapped[Any]:
    """A single-valued relation: the other record must not vanish under it."""
    return mapped_column(ForeignKey("record.id", ondelete="RESTRICT"), nullable=null, index=True)


class Event(Record):
    """Something people come together for. The spine holds its name, when it is, its state and who answers for it."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_kind_of", "kind_of"),)

    id: Mapped[int] = _pk()
    #: An option of the field `kind` (the spine's own `kind` is the mapper's discriminator).
    kind_of: Mapped[str] = mapped_column(String(30), default="other")
    place: Mapped[str | None] = mapped_column(String(200))
    #: Where it was held, four digits; and the key of the region that the municipality lay in on its day.
    municipality_code: Mapped[str | None] = mapped_column(String(4))
    region: Mapped[str | None] = mapped_column(String(20))
    host_id: Mapped[int | None] = _to(null=True)
    capacity: Mapped[int | None]
    #: What the office was there as: organiser, expert, facilitator or participant.
    our_role: Mapped[str | None] = mapped_column(String(20))
    description: Mapped[str | None] = mapped_column(Text)
    #: Figures of events whose participants are no records.
    people_count: Mapped[int | None]
    cluster_count: Mapped[int | None]
    country_count: Mapped[int | None]
    meeting_count: Mapped[int | None]

    __mapper_args__ = {"polymorphic_identity": "event", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class EventSession(Record):
    """A part of an event with a time of its own: a talk, a workshop, a visit."""

    __tablename__ = "session"

    id: Mapped[int] = _pk()
    event_id: Mapped[int] = _to()
    speaker: Mapped[str | None] = mapped_column(String(200))
    place: Mapped[str | None] = mapped_column(String(200))

    __mapper_args__ = {"polymorphic_identity": "session", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class Participation(Record):
    """That a person is on the list of an event, and as what: organisation, position and region are those of the event's day."""

    __tablename__ = "participation"
    __table_args__ = (Index("ix_participation_status", "event_id", "status"),)

    id: Mapped[int] = _pk()
    event_id: Mapped[int] = _to()
    person_id: Mapped[int] = _to()
    #: registered, attended, absent or cancelled.
    status: Mapped[str] = mapped_column(String(20), default="registered")
    #: participant, speaker or host.
    role_at_event: Mapped[str] = mapped_column(String(20), default="participant")
    organisation_id: Mapped[int | None] = _to(null=True)
    position: Mapped[str | None] = mapped_column(String(200))
    #: Key of the region that counts, and of all regions where the organisation counts in equal parts.
    region: Mapped[str | None] = mapped_column(String(20))
    regions: Mapped[list[str] | None] = mapped_column(JsonOrNull)
    #: The day whose organisation, position and region were written down; empty until then.
    frozen_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "participation", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class Evaluation(Record):
    """One answer to an event's evaluation; it names nobody."""

    __tablename__ = "evaluation"

    id: Mapped[int] = _pk()
    event_id: Mapped[int] = _to()
    answered: Mapped[date | None] = mapped_column(Date)
    content: Mapped[str | None] = mapped_column(String(20))
    practical: Mapped[str | None] = mapped_column(String(20))
    benefit: Mapped[str | None] = mapped_column(String(20))
    comment: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "evaluation", "inherit_condition": id == Record.id}  # noqa: A003 - the column above
