"""Writing, editing, deleting and pinning comments. Each is a line of the change log, so history, undo and notices know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, update

from crm.kernel.errors import AccessDenied, InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.records.changes import LogEntry, log
from crm.records.comments.mentions import Found, find_mentions, typed_again
from crm.records.comments.models import Comment, CommentMention, CommentVersion
from crm.records.models import MAX_ID
from crm.records.readers import active_people, readers_among
from crm.records.search import drop_text, put_text
from crm.records.store.context import read_values
from crm.records.store.references import visible_ids
from crm.security.ports import MandateSource, no_mandates

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

MAX_LENGTH: Final = 10_000
#: The name under which comments stand in the search.
SOURCE: Final = "comment"


def write_comment(
    uow: UnitOfWork, record_id: int, text: str, *, answers: int | None = None, mandates: MandateSource = no_mandates
) -> int:
    """Say something about a record; gives the comment's id.

    Args:
        uow: a write transaction.
        record_id: a live record that the actor may read, and comment on or change.
        text: plain text; `@Anne Holm` mentions a user, who must be one that may read the record.
        answers: the comment that this one answers; an answer to an answer stands beside it.
        mandates: reads the seats of those who are mentioned, for rights that hang on a board.

    Raises:
        NotFound, AccessDenied.
        InvalidInput: `text` is empty or too long, or mentions somebody who may not read the record.
    """
    _require(uow, record_id)
    parent = None
    if answers is not None:
        above = _live(uow, answers)
        if above.record_id != record_id:
            raise NotFound
        parent = above.parent_id or above.id
    found = _read(uow, record_id, text, mandates)
    values = {
        "record_id": record_id,
        "parent_id": parent,
        "author_id": uow.actor.user_id,
        "text": found.text,
        "created_at": uow.now(),
    }
    table: Any = Comment.__table__
    comment_id: int = uow.session.execute(insert(table).returning(table.c.id), values).scalar_one()
    _mention(uow, comment_id, found)
    _note(uow, record_id, None, comment_id)
    _index(uow, record_id, comment_id, found.text)
    return comment_id


def edit_comment(uow: UnitOfWork, comment_id: int, text: str, *, mandates: MandateSource = no_mandates) -> None:
    """Change what one said; the earlier text is kept, so that it can be undone.

    Raises:
        NotFound, AccessDenied: it is somebody else's.
        InvalidInput: as `write_comment`.
    """
    comment = _live(uow, comment_id)
    if comment.author_id is None or comment.author_id != uow.actor.user_id:
        raise AccessDenied(N_("Only the one who wrote a comment can change it."))
    _require(uow, comment.record_id)
    found = _read(uow, comment.record_id, text, mandates)
    if found.text != comment.text:
        put_text_of(uow, comment, found.text, found.users)


def put_text_of(uow: UnitOfWork, comment: Comment, text: str, users: frozenset[int]) -> None:
    """Give a comment another text, keep the earlier one, and note the change: for `edit_comment` and its undo."""
    version = CommentVersion(comment_id=comment.id, act_id=uow.act.id, at=uow.now(), text=comment.text)
    uow.session.add(version)
    comment.text, comment.edited_at = text, uow.now()
    uow.session.flush()
    _mention(uow, comment.id, Found(text, users, ()))
    _note(uow, comment.record_id, comment.id, comment.id)
    _index(uow, comment.record_id, comment.id, text)


def delete_comment(uow: UnitOfWork, comment_id: int) -> None:
    """Take a comment off the record: one's own; administrators any. It can be undone.

    Raises:
        NotFound, AccessDenied: it is somebody else's.
    """
    comment = _live(uow, comment_id)
    mine = comment.author_id is not None and comment.author_id == uow.actor.user_id
    if not mine and not uow.access.may_use("@admin"):
        raise AccessDenied(N_("Only the one who wrote a comment, or an administrator, can delete it."))
    comment.deleted_at, comment.deleted_by = uow.now(), uow.actor.user_id
    uow.session.flush()
    _note(uow, comment.record_id, comment.id, None)
    drop_text(uow, SOURCE, comment.id)


def restore_comment(uow: UnitOfWork, comment_id: int) -> None:
    """Bring a deleted comment back, for those who might delete it: the undo of `delete_comment`.

    Raises:
        NotFound, AccessDenied.
    """
    comment = _any(uow, comment_id)
    mine = comment.author_id is not None and comment.author_id == uow.actor.user_id
    if not mine and not uow.access.may_use("@admin"):
        raise AccessDenied
    comment.deleted_at = comment.deleted_by = None
    uow.session.flush()
    _note(uow, comment.record_id, None, comment.id)
    _index(uow, comment.record_id, comment.id, comment.text)


def pin_comment(uow: UnitOfWork, comment_id: int, *, pinned: bool) -> None:
    """Let a comment stand above the timeline, or no longer.

    Raises:
        NotFound, AccessDenied.
    """
    comment = _live(uow, comment_id)
    _require(uow, comment.record_id)
    comment.pinned_at, comment.pinned_by = (uow.now(), uow.actor.user_id) if pinned else (None, None)
    uow.session.flush()


def settle_mention(uow: UnitOfWork, comment_id: int) -> None:
    """Take a mention of the actor off their front page."""
    mine = (CommentMention.comment_id == comment_id, CommentMention.user_id == uow.actor.user_id)
    if 0 < comment_id <= MAX_ID:
        uow.session.execute(update(CommentMention).where(*mine).values(done_at=uow.now()))


def _require(uow: UnitOfWork, record_id: int) -> None:
    """Refuse who may not see the record, or neither comment on it nor change it."""
    stored = read_values(uow, [record_id])
    if record_id not in visible_ids(uow, stored):
        raise NotFound
    if record_id not in visible_ids(uow, stored, "comment") | visible_ids(uow, stored, "update"):
        raise AccessDenied


def _any(uow: UnitOfWork, comment_id: int) -> Comment:
    """Give a comment, deleted or not, on a live record that the actor may see; locked until the commit."""
    statement = select(Comment).where(Comment.id == comment_id).with_for_update()
    comment = uow.session.scalars(statement).one_or_none() if 0 < comment_id <= MAX_ID else None
    if comment is None or comment.record_id not in visible_ids(uow, read_values(uow, [comment.record_id])):
        raise NotFound
    return comment


def _live(uow: UnitOfWork, comment_id: int) -> Comment:
    comment = _any(uow, comment_id)
    if comment.deleted_at is not None:
        raise NotFound
    return comment


def _read(uow: UnitOfWork, record_id: int, raw: str, mandates: MandateSource) -> Found:
    text = clean(raw[: 4 * MAX_LENGTH], multiline=True)
    if not text:
        raise InvalidInput({"text": N_("Write something first.")})
    if len(text) > MAX_LENGTH:
        raise InvalidInput({"text": N_("At most %(limit)s characters; this is %(length)s.", limit=MAX_LENGTH, length=len(text))})
    people = active_people(uow) if "@" in text else []
    found = find_mentions(text, people)
    if found.doubtful:
        raise InvalidInput({"text": N_("There are several called %(name)s. Choose from the list.", name=found.doubtful[0])})
    allowed = readers_among(uow, record_id, found.users, mandates) if found.users else frozenset()
    for person in people:
        if person.user_id in found.users - allowed:
            raise InvalidInput({"text": N_("%(name)s does not have access to this, and cannot be mentioned.", name=person.name)})
    return found


def _mention(uow: UnitOfWork, comment_id: int, found: Found) -> None:
    """Write down who is mentioned; who was before keeps what they settled."""
    table: Any = CommentMention.__table__
    before = set(uow.session.scalars(select(table.c.user_id).where(table.c.comment_id == comment_id)))
    gone, new = before - found.users, found.users - before
    if gone:
        uow.session.execute(delete(table).where(table.c.comment_id == comment_id, table.c.user_id.in_(sorted(gone))))
    if new:
        uow.session.execute(insert(table), [{"comment_id": comment_id, "user_id": user_id} for user_id in sorted(new)])


def _note(uow: UnitOfWork, record_id: int, old: int | None, new: int | None) -> None:
    """Write the change: ids only, so that erasing a comment leaves nothing in the log; the record's version stays."""
    values = read_values(uow, [record_id], with_trash=True)[record_id]
    type_id = uow.registry.get(values["type"]).id
    log(uow, [LogEntry(record_id, type_id, values["version"], "comment", {"comment": [old, new]})])


def _index(uow: UnitOfWork, record_id: int, comment_id: int, text: str) -> None:
    called = {person.user_id: person.name for person in active_people(uow)} if "@[" in text else {}
    put_text(uow, SOURCE, comment_id, record_id, typed_again(text, called))
