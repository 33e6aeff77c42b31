"""The table of certificates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Fixed4
from crm.records.models import Record


class Certificate(Record):
    """A dated award of a label to one organisation, by one version of the scheme. Its title is made of both."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index("ix_certificate_organisation_id", "organisation_id"),
        Index("ix_certificate_replaces_id", "replaces_id"),
        Index("ix_certificate_valid_until", "valid_until"),
        Index("ix_certificate_status", "status"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    #: bronze, silver or gold.
    level: Mapped[str] = mapped_column(String(10))
    #: By whose rules (`schemes`): follows from the day of assessment.
    scheme_version: Mapped[str | None] = mapped_column(String(20))
    assessed: Mapped[date] = mapped_column(Date)
    #: First and last day, both included.
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    #: The last day on which an assessment still renews it.
    renew_by: Mapped[date | None] = mapped_column(Date)
    #: The first day on which another certificate stands in its place.
    superseded_on: Mapped[date | None] = mapped_column(Date)
    #: Per cent.
    score: Mapped[Decimal | None] = mapped_column(Fixed4)
    #: Opaque: the assessor's number of the report.
    report_id: Mapped[str | None] = mapped_column(String(60))
    fee_amount: Mapped[Decimal | None] = mapped_column(Fixed4)
    fee_currency: Mapped[str | None] = mapped_column(String(3))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    #: What the rules of the day say (`rules.status_on`).
    status: Mapped[str | None] = mapped_column(String(12))
    note: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "certificate", "inherit_condition": id == Record.id}  # noqa: A003 - the column above
