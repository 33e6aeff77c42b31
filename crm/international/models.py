"""Tables of the work abroad: activities, and seats in outside boards; titles, advisers and days are the spine's."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.records.models import Record


class InternationalActivity(Record):
    """What a cluster and companies were helped with abroad. The spine's owner is the adviser, its start the day it was held."""

    __tablename__ = "international_activity"
    __table_args__ = (
        Index("ix_international_activity_cluster_id", "cluster_id"),
        Index("ix_international_activity_country", "country"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    #: An option of the field `kind`.
    kind_of: Mapped[str | None] = mapped_column(String(40))
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    #: Companies that were helped and are not records; those that are stand as links.
    company_count: Mapped[int | None]
    #: Two letters, ISO 3166-1.
    country: Mapped[str | None] = mapped_column(String(2))
    een_partner: Mapped[str | None] = mapped_column(String(200))
    result: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(40))
    documentation: Mapped[str | None] = mapped_column(String(500))

    __mapper_args__ = {
        "polymorphic_identity": "international_activity",
        "inherit_condition": id == Record.id,  # noqa: A003 - the column above
    }


class OutsideSeat(Record):
    """A seat that one of the office's people holds in an outside board, over a period."""

    __tablename__ = "outside_seat"
    __table_args__ = (
        Index("ix_outside_seat_organisation_id", "organisation_id"),
        Index("ix_outside_seat_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    role: Mapped[str | None] = mapped_column(String(200))

    __mapper_args__ = {
        "polymorphic_identity": "outside_seat",
        "inherit_condition": id == Record.id,  # noqa: A003 - the column above
    }
