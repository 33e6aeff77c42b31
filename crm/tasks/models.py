"""The table of tasks; title, state, assignee (owner) and due are the spine's."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.records.models import Record


class Task(Record):
    """Something that someone is to do, about a record or about nothing in particular. The spine's owner is the assignee."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_about_id", "about_id"), Index("ix_task_remind_on", "remind_on"))

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    #: The record it is about: its rights are the task's too, so it must not vanish from under it.
    about_id: Mapped[int | None] = mapped_column(ForeignKey("record.id", ondelete="RESTRICT"))
    #: low, normal or high.
    priority: Mapped[str] = mapped_column(String(10), default="normal")
    #: For the assignee and the one who wrote it only.
    private: Mapped[bool] = mapped_column(default=False)
    #: The day on which the assignee is reminded.
    remind_on: Mapped[date | None] = mapped_column(Date)
    #: How often it comes again once it is done: a key of `rules.REPEATS`.
    repeats: Mapped[str | None] = mapped_column(String(20))
    #: The last day on which it may come again.
    repeat_until: Mapped[date | None] = mapped_column(Date)
    description: Mapped[str | None] = mapped_column(Text)

    __mapper_args__ = {"polymorphic_identity": "task", "inherit_condition": id == Record.id}  # noqa: A003 - the column above
