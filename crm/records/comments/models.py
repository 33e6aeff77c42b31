"""Comments on records: what people say, whom they mention, and what an edited comment said before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Moment, long_id
from crm.records import models as record_models  # noqa: F401 - `record` must be known before foreign keys refer to it


class Comment(Base):
    """What somebody said about a record; its rights are the record's. A mention stands in the text as `@[7]`."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_record", "record_id", "id"),)

    id: Mapped[long_id]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    #: The comment that it answers: always one that answers none itself.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)
    deleted_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    pinned_at: Mapped[datetime | None] = mapped_column(Moment)
    pinned_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))


class CommentMention(Base):
    """A user whom a comment mentions; `done_at` takes it off their front page."""

    __tablename__ = "comment_mention"
    __table_args__ = (Index("ix_comment_mention_user", "user_id", "comment_id"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    done_at: Mapped[datetime | None] = mapped_column(Moment)


class CommentVersion(Base):
    """What a comment said before an act edited it."""

    __tablename__ = "comment_version"
    __table_args__ = (Index("ix_comment_version_comment", "comment_id", "id"),)

    id: Mapped[long_id]
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    act_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    text: Mapped[str] = mapped_column(Text)
