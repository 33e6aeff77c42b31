"""Tables of memberships and of the catalogue; titles and periods are the spine's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Fixed4
from crm.records.models import Record


def _pk() -> Mapped[int]:
    return mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)


def _to(*, null: bool = False) -> Mapped[Any]:
    """A single-valued relation: the other record must not vanish under it."""
    return mapped_column(ForeignKey("record.id", ondelete="RESTRICT"), nullable=null)


class MembershipType(Record):
    """What kinds of membership a secretariat offers: how long, for how much, and how patiently. Its name is the spine's title."""

    __tablename__ = "membership_type"

    id: Mapped[int] = _pk()
    #: rolling (from the day it begins) or fixed (to the end of the calendar year).
    period_kind: Mapped[str] = mapped_column(String(10), default="rolling")
    #: Length of a rolling period; none: it runs until it is cancelled.
    months: Mapped[int | None]
    fee_amount: Mapped[Decimal | None] = mapped_column(Fixed4)
    fee_currency: Mapped[str | None] = mapped_column(String(3))
    #: So long after joining a member counts as new, and so long after the end one still counts as a member.
    new_days: Mapped[int | None]
    grace_days: Mapped[int | None]
    description: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "membership_type", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class Membership(Record):
    """One period of an organisation's membership. The spine holds its days; a renewal is a membership of its own."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_organisation_id", "organisation_id"),
        Index("ix_membership_secretariat_id", "secretariat_id"),
        Index("ix_membership_membership_type_id", "membership_type_id"),
        Index("ix_membership_status", "status"),
    )

    id: Mapped[int] = _pk()
    organisation_id: Mapped[int] = _to()
    #: Of which secretariat; none: our own.
    secretariat_id: Mapped[int | None] = _to(null=True)
    membership_type_id: Mapped[int] = _to()
    #: The first day of the first of the periods that follow each other.
    joined: Mapped[date | None] = mapped_column(Date)
    fee_amount: Mapped[Decimal | None] = mapped_column(Fixed4)
    fee_currency: Mapped[str | None] = mapped_column(String(3))
    #: The first day on which it no longer holds.
    cancelled: Mapped[date | None] = mapped_column(Date)
    #: What the rules of the day say (`rules.status_on`), or what was set by hand.
    status: Mapped[str | None] = mapped_column(String(10))
    override: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "membership", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class CatalogueEntry(Record):
    """That an organisation stands in the catalogue, from one day to another (the spine's)."""

    __tablename__ = "catalogue_entry"
    __table_args__ = (
        Index("ix_catalogue_entry_organisation_id", "organisation_id"),
        Index("ix_catalogue_entry_decided_at_id", "decided_at_id"),
        Index("ix_catalogue_entry_contact_id", "contact_id"),
    )

    id: Mapped[int] = _pk()
    organisation_id: Mapped[int] = _to()
    #: The meeting that took it in.
    decided_at_id: Mapped[int | None] = _to(null=True)
    contact_id: Mapped[int | None] = _to(null=True)
    text_da: Mapped[str | None] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "catalogue_entry", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class CatalogueCriterion(Record):
    """One of the numbered criteria that an entry is judged by; its wording is the secretariat's to write."""

    __tablename__ = "catalogue_criterion"

    id: Mapped[int] = _pk()
    number: Mapped[int]
    text: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "catalogue_criterion", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class CatalogueAnswer(Record):
    """How an entry meets a criterion. Its rights are the entry's."""

    __tablename__ = "catalogue_answer"
    __table_args__ = (
        Index("ix_catalogue_answer_entry_id", "entry_id"),
        Index("ix_catalogue_answer_criterion_id", "criterion_id"),
    )

    id: Mapped[int] = _pk()
    entry_id: Mapped[int] = _to()
    criterion_id: Mapped[int] = _to()
    #: met, partly or no.
    answer: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "catalogue_answer", "inherit_condition": id == Record.id}  # noqa: A003 - the column above
