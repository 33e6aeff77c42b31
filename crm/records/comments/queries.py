"""Comments as pages show them: those of a record, what is pinned, and where somebody is mentioned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from crm.kernel.errors import NotFound
from crm.records.comments.mentions import TOKEN
from crm.records.comments.models import Comment, CommentMention
from crm.records.models import MAX_ID
from crm.records.query import Title, one, titles
from crm.security.models import user_table

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment as it is read: `text` holds mentions as tokens, `names` whom they mean, by id.

    Attributes:
        author: the name of the one who wrote it; empty when they are gone.
        mine: whether the one who reads wrote it.
        answers: the beginning of what it answers, and who said that; None when it answers nothing that is still there.
    """

    id: int
    record_id: int
    text: str
    author_id: int | None
    author: str
    mine: bool
    created_at: datetime
    edited_at: datetime | None
    pinned_at: datetime | None
    answers: Answered | None
    names: dict[int, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a comment answers."""

    id: int
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Where somebody is mentioned: the comment, and the record it stands on."""

    comment: CommentLine
    title: Title


#: So much of what is answered is quoted.
_QUOTED: Final = 120
_above = aliased(Comment)
_writer, _asker = user_table.alias("writer"), user_table.alias("asker")


def _lines() -> Select[Any]:
    return (
        select(
            Comment,
            _writer.c.first_name,
            _writer.c.last_name,
            _above.id.label("above_id"),
            func.substr(_above.text, 1, _QUOTED + 1).label("above_text"),
            _asker.c.first_name.label("asker_first"),
            _asker.c.last_name.label("asker_last"),
        )
        .outerjoin(_writer, _writer.c.id == Comment.author_id)
        .outerjoin(_above, (_above.id == Comment.parent_id) & _above.deleted_at.is_(None))
        .outerjoin(_asker, _asker.c.id == _above.author_id)
        .where(Comment.deleted_at.is_(None))
    )


def comments_of(uow: UnitOfWork, record_id: int, *, before: int | None = None, limit: int = 15) -> list[CommentLine]:
    """Give a record's comments, the newest first: two queries.

    Raises:
        NotFound: the actor may not see the record.
    """
    one(uow, record_id)
    end = MAX_ID if before is None else before
    return _read(uow, _lines().where(Comment.record_id == record_id, Comment.id < end).order_by(Comment.id.desc()).limit(limit))


def pinned_on(uow: UnitOfWork, record_id: int, limit: int = 5) -> list[CommentLine]:
    """Give a record's pinned comments, the last pinned first.

    Raises:
        NotFound: the actor may not see the record.
    """
    one(uow, record_id)
    pinned = _lines().where(Comment.record_id == record_id, Comment.pinned_at.is_not(None))
    return _read(uow, pinned.order_by(Comment.pinned_at.desc(), Comment.id.desc()).limit(limit))


def one_comment(uow: UnitOfWork, comment_id: int) -> CommentLine:
    """Give one comment.

    Raises:
        NotFound: it is gone, or the actor may not see its record.
    """
    found = _read(uow, _lines().where(Comment.id == comment_id)) if 0 < comment_id <= MAX_ID else []
    if not found:
        raise NotFound
    one(uow, found[0].record_id)
    return found[0]


def mentions_of_me(uow: UnitOfWork, limit: int = 5) -> list[Mentioned]:
    """Give where the actor is mentioned and has not settled it, newest first; only on records they may see now."""
    mine = (CommentMention.user_id == uow.actor.user_id, CommentMention.done_at.is_(None))
    statement = _lines().join(CommentMention, CommentMention.comment_id == Comment.id).where(*mine)
    others = (Comment.author_id.is_(None)) | (Comment.author_id != uow.actor.user_id)
    lines = _read(uow, statement.where(others).order_by(Comment.id.desc()).limit(4 * limit))
    names = titles(uow, [line.record_id for line in lines])
    return [Mentioned(line, names[line.record_id]) for line in lines if line.record_id in names][:limit]


def _read(uow: UnitOfWork, statement: Select[Any]) -> list[CommentLine]:
    rows = uow.session.execute(statement).all()
    names = _names(uow, [row.Comment.text for row in rows] + [row.above_text or "" for row in rows])
    return [
        CommentLine(
            row.Comment.id,
            row.Comment.record_id,
            row.Comment.text,
            row.Comment.author_id,
            _name(row.first_name, row.last_name),
            row.Comment.author_id is not None and row.Comment.author_id == uow.actor.user_id,
            row.Comment.created_at,
            row.Comment.edited_at,
            row.Comment.pinned_at,
            _answered(row),
            names,
        )
        for row in rows
    ]


def _answered(row: Any) -> Answered | None:
    if row.above_id is None:
        return None
    text = row.above_text if len(row.above_text) <= _QUOTED else row.above_text[:_QUOTED].rsplit(" ", 1)[0] + " …"
    return Answered(row.above_id, _name(row.asker_first, row.asker_last), text)


def _name(first: str | None, last: str | None) -> str:
    return f"{first or ''} {last or ''}".strip()


def _names(uow: UnitOfWork, texts: Sequence[str]) -> dict[int, str]:
    """Give the names of all who are mentioned in some texts: one query, or none."""
    ids = {int(user) for text in texts for user in TOKEN.findall(text)}
    if not ids:
        return {}
    rows = uow.session.execute(
        select(user_table.c.id, user_table.c.first_name, user_table.c.last_name).where(user_table.c.id.in_(ids))
    )
    return {row.id: _name(row.first_name, row.last_name) for row in rows}
