"""Tables of the full-text search: what is looked in, the texts that hang on a record, and how far each type is.

`search_doc` holds folded words only, made by us (`tokens.py`), so that both databases find the same. The index over it is the
database's own and follows it by itself: on SQLite an FTS5 table kept by triggers, on PostgreSQL a generated tsvector with GIN
(migration 0530). Neither is known here.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.kernel.db import Base, Id, Json, long_text

#: Holds the texts that every role with a right to the type may read.
OPEN = 0
#: Holds all texts; there is one only where some role may not read some field of the type.
FULL = 1


class SearchDoc(Base):
    """The words of one record, as one of two documents: `id` is twice the record's id, plus `kind`."""

    __tablename__ = "search_doc"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), index=True)
    type_id: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[long_text]
    body: Mapped[long_text]


class SearchPart(Base):
    """A text that hangs on a record without being one of its values: a comment, a file's name. As written, not folded."""

    __tablename__ = "search_part"

    #: Who keeps it: `comment`, `file`.
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    ref_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), index=True)
    #: The field that holds it, if it is read by that field's right.
    field: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[long_text]


class SearchState(Base):
    """How a type's documents were made. A type without a row has none yet."""

    __tablename__ = "search_state"

    type_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("record_type.id", ondelete="CASCADE"), primary_key=True)
    #: Fields whose text every document of the type holds, or is to hold.
    fields: Mapped[list[str]] = mapped_column(Json)
    #: Fields kept out of each open document: who may not read some other field searches titles only until all are rewritten.
    apart: Mapped[list[str]] = mapped_column(Json)
    #: Fields that are to be kept out once all documents are rewritten.
    wanted: Mapped[list[str]] = mapped_column(Json)
    #: The last record rewritten; null when all are.
    after_id: Mapped[int | None] = mapped_column(Id)
    #: Whether all documents were there once: from then on the index is searched, also while it is rewritten.
    built: Mapped[bool] = mapped_column(default=False)
