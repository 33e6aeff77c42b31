"""Comments on any record: what people say about it, whom they mention, and how that is undone."""

from crm.records.comments.mentions import find_mentions, typed_again
from crm.records.comments.queries import CommentLine, Mentioned, comments_of, mentions_of_me, one_comment, pinned_on
from crm.records.comments.services import (
    MAX_LENGTH,
    delete_comment,
    edit_comment,
    pin_comment,
    settle_mention,
    write_comment,
)
from crm.records.comments.undo import install

__all__ = [
    "MAX_LENGTH",
    "CommentLine",
    "Mentioned",
    "comments_of",
    "delete_comment",
    "edit_comment",
    "find_mentions",
    "install",
    "mentions_of_me",
    "one_comment",
    "pin_comment",
    "pinned_on",
    "settle_mention",
    "typed_again",
    "write_comment",
]
