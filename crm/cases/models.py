"""The table of cases; title, state, manager (owner) and due day are the spine's."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import JsonOrNull
from crm.records.models import Record


class Case(Record):
    """Something that the office handles from its beginning to its end. The spine's owner is the case manager."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_organisation_id", "organisation_id"),
        Index("ix_case_kind_of", "kind_of"),
        Index("ix_case_opened_on", "opened_on"),
        Index("ix_case_closed_on", "closed_on"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    #: An option of the field `kind` (the spine's own `kind` is the mapper's discriminator).
    kind_of: Mapped[str | None] = mapped_column(String(40))
    #: Whom it is for.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    opened_on: Mapped[date | None] = mapped_column(Date)
    #: The day it was closed or dropped; empty while it runs.
    closed_on: Mapped[date | None] = mapped_column(Date)
    #: The rows as the field kind `checklist` writes them, and how many are not done.
    checklist: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonOrNull)
    checklist_open: Mapped[int | None]
    description: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "case", "inherit_condition": id == Record.id}  # noqa: A003 - the column above
