"""Tables of what the office makes for others: publications and tools; titles and days are the spine's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import JsonOrNull
from crm.records.models import Record


class Publication(Record):
    """Something that the office has published. The spine's start is the day it came out."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    #: An option of the field `kind`.
    kind_of: Mapped[str | None] = mapped_column(String(40))
    link: Mapped[str | None] = mapped_column(String(500))
    files: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonOrNull)
    summary: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "publication", "inherit_condition": id == Record.id}  # noqa: A003 - the column above


class Tool(Record):
    """Something that clusters work with: a template, a guide, a method."""

    __tablename__ = "tool"

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    #: An option of the field `kind`.
    kind_of: Mapped[str | None] = mapped_column(String(40))
    link: Mapped[str | None] = mapped_column(String(500))
    files: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonOrNull)
    description: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "tool", "inherit_condition": id == Record.id}  # noqa: A003 - the column above
