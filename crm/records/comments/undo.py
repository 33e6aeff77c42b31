"""How comments are undone: a new one is deleted, a deleted one comes back, an edited one says what it said before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from crm.kernel.errors import AccessDenied
from crm.kernel.i18n import N_
from crm.records.comments.mentions import TOKEN
from crm.records.comments.models import Comment, CommentVersion
from crm.records.comments.services import delete_comment, put_text_of, restore_comment
from crm.records.undo import Past, Skipped, register_inverse

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def undo_comment(uow: UnitOfWork, past: Past) -> Sequence[Skipped]:
    """Take one change of a comment back."""
    old, new = past.patch.get("comment", (None, None))
    if old is not None and new is not None:
        return _undo_edit(uow, past, int(new))
    comment_id = int(old if new is None else new)
    comment = uow.session.get(Comment, comment_id)
    if comment is None or (comment.deleted_at is None) is (new is None):
        return [Skipped(past.record_id, N_("The comment has been deleted or restored since."))]
    (delete_comment if old is None else restore_comment)(uow, comment_id)
    return ()


def _undo_edit(uow: UnitOfWork, past: Past, comment_id: int) -> Sequence[Skipped]:
    versions = uow.session.scalars(
        select(CommentVersion).where(CommentVersion.comment_id == comment_id).order_by(CommentVersion.id.desc())
    ).all()
    comment = uow.session.get(Comment, comment_id)
    if comment is None or comment.deleted_at is not None or not versions or versions[0].act_id != past.act_id:
        return [Skipped(past.record_id, N_("The comment has been changed since."))]
    if comment.author_id != uow.actor.user_id:
        raise AccessDenied(N_("Only the one who wrote a comment can change it."))
    text = versions[0].text
    put_text_of(uow, comment, text, frozenset(int(user) for user in TOKEN.findall(text)))
    return ()


def install() -> None:
    """Have undo know of comments."""
    register_inverse("comment", undo_comment)
