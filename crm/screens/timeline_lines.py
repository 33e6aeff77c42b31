"""The timeline's own sources: changes of the log, and comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from markupsafe import Markup
from sqlalchemy import bindparam, exists

from crm.kernel.i18n import N_
from crm.records.comments import CommentLine, comments_of, mentions_of_me
from crm.records.comments.models import Comment
from crm.records.query import Row, Title
from crm.records.related import history
from crm.records.work import UnitOfWork
from crm.screens.comment_text import comment_html, comment_plain
from crm.screens.present import Presenter
from crm.screens.timeline import timeline
from crm.screens.timeline_sources import Entry, register_source, shown_elsewhere

CHANGES: Final = "changes"
COMMENTS: Final = "comments"
_comment: Final[Any] = Comment.__table__
_SOME: Final = exists().where(_comment.c.record_id == bindparam("record_id"), _comment.c.deleted_at.is_(None))


@dataclass(frozen=True, slots=True)
class CommentShown:
    """A comment, ready for the page: its text as HTML, what it answers as plain words, and what the reader may do with it."""

    line: CommentLine
    html: Markup
    quote: str
    may_delete: bool


def _changes(uow: UnitOfWork, row: Row, before: int | None, limit: int) -> Sequence[Entry]:
    lines = history(uow, row.id, before=before, limit=limit, without=shown_elsewhere())
    return [Entry(line.id, line.at, line) for line in lines]


def _worded_changes(uow: UnitOfWork, row: Row, entries: Sequence[Entry], locale: str) -> Sequence[Any]:
    return timeline(Presenter(uow, locale), uow.registry.get(row.type_key), [entry.line for entry in entries])


def _comments(uow: UnitOfWork, row: Row, before: int | None, limit: int) -> Sequence[Entry]:
    return [Entry(line.id, line.created_at, line) for line in comments_of(uow, row.id, before=before, limit=limit)]


def _worded_comments(uow: UnitOfWork, _row: Row, entries: Sequence[Entry], locale: str) -> Sequence[CommentShown]:
    return [show_comment(uow, entry.line, locale) for entry in entries]


def show_comment(uow: UnitOfWork, line: CommentLine, locale: str) -> CommentShown:
    """Make a comment ready for a page; asks the database for nothing."""
    quote = comment_plain(line.answers.text, line.names, locale) if line.answers is not None else ""
    html = comment_html(line.text, line.names, locale, uow.actor.user_id)
    return CommentShown(line, html, quote, line.mine or uow.access.may_use("@admin"))


@dataclass(frozen=True, slots=True)
class MentionShown:
    """Where somebody is mentioned, for their front page."""

    id: int
    author: str
    at: datetime
    text: str
    title: Title


def mentions_for(uow: UnitOfWork, locale: str) -> list[MentionShown]:
    """Give where the actor is mentioned, newest first, as plain words: two queries, and a third when there are any."""
    return [
        MentionShown(
            found.comment.id,
            found.comment.author or N_("former user")(locale),
            found.comment.created_at,
            comment_plain(found.comment.text, found.comment.names, locale),
            found.title,
        )
        for found in mentions_of_me(uow)
    ]


def install() -> None:
    """Register both."""
    register_source(CHANGES, N_("Changes"), _changes, template="timeline/_change.html", present=_worded_changes, position=20)
    register_source(
        COMMENTS,
        N_("Comments"),
        _comments,
        template="timeline/_comment.html",
        present=_worded_comments,
        position=10,
        log_kinds=("comment",),
        some=_SOME,
    )


install()
