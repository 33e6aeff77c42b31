"""Files of records: bytes by hash under the home folder, a row in the database, the record's rights each time."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from crm.kernel.errors import AccessDenied, NotFound
from crm.kernel.text import clean
from crm.records.models import MAX_ID, StoredFile
from crm.records.query import one
from crm.records.store.references import visible_ids

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


class FileStore(Protocol):
    """Where bytes lie: a disk now, object storage later."""

    def put(self, content: bytes) -> str:
        """Keep bytes and give their SHA-256."""
        ...

    def get(self, sha256: str) -> bytes:
        """Give bytes.

        Raises:
            NotFound: they are gone.
        """
        ...


class DiskFileStore:
    """Bytes in a folder that no web server serves, named by their hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Write beside, flush to the disk, rename: bytes are there whole or not at all."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if path.exists():
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).rename(path)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Read them."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound from None


def attach(uow: UnitOfWork, store: FileStore, record_id: int, name: str, media_type: str, content: bytes) -> StoredFile:
    """Keep a file on a record that the actor may change; the bytes are durable before the row is.

    Raises:
        NotFound, AccessDenied.
    """
    found = {record_id: {"type": one(uow, record_id).type_key}}
    if not visible_ids(uow, found, "update"):
        raise AccessDenied
    row = StoredFile(
        record_id=record_id,
        sha256=store.put(content),
        size=len(content),
        media_type=clean(media_type)[:120],
        name=clean(name)[:255] or "fil",
        created_at=uow.now(),
        created_by=uow.actor.user_id,
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def open_file(uow: UnitOfWork, store: FileStore, file_id: int) -> tuple[StoredFile, bytes]:
    """Give a file if the actor may see its record.

    Raises:
        NotFound: there is none, or it is not theirs to see.
    """
    row = uow.session.get(StoredFile, file_id) if 0 < file_id <= MAX_ID else None
    if row is None or row.record_id is None:
        raise NotFound
    one(uow, row.record_id)
    return row, store.get(row.sha256)
