"""Reading files: the ones of a record with their earlier versions, and the bytes of one, under the record's rights each time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from crm.kernel.errors import NotFound
from crm.records.file_formats import PDF, PICTURES, TEXTS
from crm.records.files.bytes import FileStore
from crm.records.models import MAX_ID, StoredFile
from crm.records.query import Row, one
from crm.security.models import user_table

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: In force: no later version, not deleted.
CURRENT: Final = and_(StoredFile.replaced_by.is_(None), StoredFile.deleted_at.is_(None))
#: A text longer than this is fetched rather than shown.
SHOWN_TEXT: Final = 200_000
#: Up to here a file is held in memory while it is sent.
SMALL: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileLine:
    """A version of a file, as a list shows it; the one in force has the earlier ones, newest first."""

    id: int
    first_id: int
    record_id: int
    name: str
    media_type: str
    size: int
    version: int
    description: str
    field: str | None
    at: datetime
    who: str
    earlier: tuple[FileLine, ...] = ()

    @property
    def shows_as(self) -> str:
        """How the product shows it itself: picture, pdf, text, or "" when it can only be fetched."""
        if self.media_type in PICTURES:
            return "picture"
        if self.media_type == PDF:
            return "pdf"
        return "text" if self.media_type in TEXTS and self.size <= SHOWN_TEXT else ""


def files_of(uow: UnitOfWork, record_id: int) -> list[FileLine]:
    """Give the files of a record that the actor may read, newest first, each with its earlier versions: one query.

    Raises:
        NotFound: the record does not exist or may not be seen.
    """
    row = one(uow, record_id)
    wanted = _lines().where(StoredFile.record_id == record_id, StoredFile.deleted_at.is_(None), _readable(uow, row))
    groups: dict[int, list[FileLine]] = {}
    for found in uow.session.execute(wanted.order_by(StoredFile.version.desc(), StoredFile.id.desc())):
        line = _line(found)
        groups.setdefault(line.first_id, []).append(line)
    newest = [replace(lines[0], earlier=tuple(lines[1:])) for lines in groups.values()]
    return sorted(newest, key=lambda line: line.first_id, reverse=True)


def count_files(uow: UnitOfWork, row: Row) -> int:
    """Count a record's files that the actor may read; the record was read by its rights."""
    wanted = select(func.count()).where(StoredFile.record_id == row.id, CURRENT, _readable(uow, row))
    return uow.session.scalar(wanted) or 0


def _lines() -> Any:
    return select(
        StoredFile.id,
        StoredFile.first_id,
        StoredFile.record_id,
        StoredFile.name,
        StoredFile.media_type,
        StoredFile.size,
        StoredFile.version,
        StoredFile.description,
        StoredFile.field,
        StoredFile.created_at,
        user_table.c.first_name,
        user_table.c.last_name,
    ).join_from(StoredFile, user_table, user_table.c.id == StoredFile.created_by, isouter=True)


def _line(found: Any) -> FileLine:
    who = f"{found.first_name or ''} {found.last_name or ''}".strip()
    first, record_id = found.first_id or found.id, found.record_id or 0
    return FileLine(
        found.id,
        first,
        record_id,
        found.name,
        found.media_type,
        found.size,
        found.version,
        found.description or "",
        found.field,
        found.created_at,
        who,
    )


def _readable(uow: UnitOfWork, row: Row) -> ColumnElement[bool]:
    """A file in a field is read by that field's right."""
    readable = uow.access.readable(row.type_key)
    if readable is None:
        return StoredFile.id.is_not(None)
    return or_(StoredFile.field.is_(None), StoredFile.field.in_(sorted(readable)))


def file_row(uow: UnitOfWork, file_id: int) -> StoredFile:
    """Give a version of a file, if the actor may read it; one that waits for its record only to who sent it.

    Raises:
        NotFound: there is none, it was deleted, or it is not theirs to see.
    """
    row = uow.session.get(StoredFile, file_id) if 0 < file_id <= MAX_ID else None
    if row is None or row.deleted_at is not None:
        raise NotFound
    if row.record_id is None:
        if row.created_by is None or row.created_by != uow.actor.user_id:
            raise NotFound
        return row
    readable = uow.access.readable(one(uow, row.record_id).type_key)
    if row.field is not None and readable is not None and row.field not in readable:
        raise NotFound
    return row


def current_file(uow: UnitOfWork, first_id: int) -> StoredFile:
    """Give the version in force of a file, named by its first version.

    Raises:
        NotFound: as `file_row`.
    """
    wanted = select(StoredFile.id).where(or_(StoredFile.first_id == first_id, StoredFile.id == first_id), CURRENT)
    found = uow.session.scalar(wanted.order_by(StoredFile.id.desc()).limit(1)) if 0 < first_id <= MAX_ID else None
    if found is None:
        raise NotFound
    return file_row(uow, found)


def open_file(uow: UnitOfWork, store: FileStore, file_id: int) -> tuple[StoredFile, bytes]:
    """Give a file and its bytes, if the actor may see its record.

    Raises:
        NotFound: there is none, it is not theirs to see, or its bytes are damaged.
    """
    row = file_row(uow, file_id)
    return row, store.get(row.sha256)


def stream_file(uow: UnitOfWork, store: FileStore, file_id: int) -> tuple[StoredFile, BinaryIO]:
    """Give a file and a stream of its bytes; as `open_file`, without holding them in memory."""
    row = file_row(uow, file_id)
    return row, stream(store, row)


def stream(store: FileStore, row: StoredFile) -> BinaryIO:
    """Give the bytes of a version to read: a small one whole, so that no file stays open for a slow reader."""
    return BytesIO(store.get(row.sha256)) if row.size <= SMALL else store.open(row.sha256)
