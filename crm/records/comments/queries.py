"""Comments as pages show them: those of a record, what is pinned, and where somebody is mentioned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, bindparam, func, select

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
_comment: Final[Any] = Comment.__table__
_mention: Final[Any] = CommentMention.__table__
_above = _comment.alias("above")
_writer, _asker = user_table.alias("writer"), user_table.alias("asker")
# Made once, of plain tables: every record page that has comments asks them, and their rights are the record's.
_LINES: Final = (
    select(
        *(_comment.c[name] for name in ("id", "record_id", "text", "author_id", "created_at", "edited_at", "pinned_at")),
        _writer.c.first_name,
        _writer.c.last_name,
        _above.c.id.label("above_id"),
        func.substr(_above.c.text, 1, _QUOTED + 1).label("above_text"),
        _asker.c.first_name.label("asker_first"),
        _asker.c.last_name.label("asker_last"),
    )
    .select_from(_comment)
    .outerjoin(_writer, _writer.c.id == _comment.c.author_id)
    .outerjoin(_above, (_above.c.id == _comment.c.parent_id) & _above.c.deleted_at.is_(None))
    .outerjoin(_asker, _asker.c.id == _above.c.author_id)
    .where(_comment.c.deleted_at.is_(None))
)
_ON_RECORD: Final = _LINES.where(_comment.c.record_id == bindparam("record_id"))
_OLDER: Final = _ON_RECORD.where(_comment.c.id < bindparam("before")).order_by(_comment.c.id.desc()).limit(bindparam("most"))
_PINNED: Final = (
    _ON_RECORD.where(_comment.c.pinned_at.is_not(None))
    .order_by(_comment.c.pinned_at.desc(), _comment.c.id.desc())
    .limit(bindparam("most"))
)


def comments_of(uow: UnitOfWork, record_id: int, *, before: int | None = None, limit: int = 15) -> list[CommentLine]:
    """Give a record's comments, the newest first: two queries.

    Raises:
        NotFound: the actor may not see the record.
    """
    one(uow, record_id)
    return _read(uow, _OLDER, record_id=record_id, before=MAX_ID if before is None else before, most=limit)


def pinned_on(uow: UnitOfWork, record_id: int, limit: int = 5) -> list[CommentLine]:
    """Give a record's pinned comments, the last pinned first.

    Raises:
        NotFound: the actor may not see the record.
    """
    one(uow, record_id)
    return _read(uow, _PINNED, record_id=record_id, most=limit)


def one_comment(uow: UnitOfWork, comment_id: int) -> CommentLine:
    """Give one comment.

    Raises:
        NotFound: it is gone, or the actor may not see its record.
    """
    found = _read(uow, _LINES.where(_comment.c.id == comment_id)) if 0 < comment_id <= MAX_ID else []
    if not found:
        raise NotFound
    one(uow, found[0].record_id)
    return found[0]


def mentions_of_me(uow: UnitOfWork, limit: int = 5) -> list[Mentioned]:
    """Give where the actor is mentioned and has not settled it, newest first; only on records they may see now."""
    mine = (_mention.c.user_id == uow.actor.user_id, _mention.c.done_at.is_(None))
    statement = _LINES.join(_mention, _mention.c.comment_id == _comment.c.id).where(*mine)
    others = (_comment.c.author_id.is_(None)) | (_comment.c.author_id != uow.actor.user_id)
    lines = _read(uow, statement.where(others).order_by(_comment.c.id.desc()).limit(4 * limit))
    names = titles(uow, [line.record_id for line in lines])
    return [Mentioned(line, names[line.record_id]) for line in lines if line.record_id in names][:limit]


def _read(uow: UnitOfWork, statement: Select[Any], **values: Any) -> list[CommentLine]:
    rows = uow.session.execute(statement, values).all()
    names = _names(uow, [row.text for row in rows] + [row.above_text or "" for row in rows])
    return [
        CommentLine(
            row.id,
            row.record_id,
            row.text,
            row.author_id,
            _name(row.first_name, row.last_name),
            row.author_id is not None and row.author_id == uow.actor.user_id,
            row.created_at,
            row.edited_at,
            row.pinned_at,
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
