"""Clears away files that nobody can reach: forms never saved, the trash after 30 days, and bytes that no row names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy import Column, delete, select, update
from sqlalchemy.orm import Session

from crm.kernel.db import Base
from crm.records.files.bytes import FileStore
from crm.records.models import StoredFile

if TYPE_CHECKING:
    from crm.records.work import Works
    from crm.security.actors import Actor

log = structlog.get_logger()

#: An upload and its row are seconds apart; a day is long enough for the slowest transaction and a clock that is off.
UNNAMED_KEPT: Final = timedelta(days=1)
PENDING_KEPT: Final = timedelta(days=1)
TRASH_KEPT: Final = timedelta(days=30)
#: Hashes of one question, and the most that one turn throws away.
_BATCH: Final = 500
_MOST: Final = 5_000


def naming_columns() -> list[Column[str]]:
    """Give every column of every table that names bytes: by their names, so that a new feature's are among them."""
    tables = Base.metadata.tables.values()
    return [column for table in tables for column in table.columns if column.name.endswith("sha256")]


@dataclass(frozen=True)
class FileSweeper:
    """Deletes rows that have run out, then bytes that are older than a day and that no row names."""

    store: FileStore

    def sweep(self, works: Works, actor: Actor) -> int:
        """Clear away; gives how many contents went. The folder is looked through with no transaction open."""
        with works.writing(actor) as uow:
            _forget(uow.session, uow.now())
            moment = (uow.now() - UNNAMED_KEPT).timestamp()
        gone = 0
        for batch in _batches(self.store.older_than(moment)):
            with works.reading(actor) as uow:
                unnamed = sorted(set(batch) - _named(uow.session, batch))
            gone += sum(self._throw_away(works, actor, sha256, moment) for sha256 in unnamed)
            if gone >= _MOST:
                break
        if gone:
            log.info("files_swept", contents=gone)
        return gone

    def _throw_away(self, works: Works, actor: Actor, sha256: str, moment: float) -> bool:
        """Take bytes aside, ask once more, and only then delete: whoever puts the same now either is seen or writes anew."""
        if not self.store.set_aside(sha256, moment):
            return False
        with works.reading(actor) as uow:
            named = _named(uow.session, [sha256])
        if named:
            self.store.bring_back(sha256)
            return False
        self.store.throw_away(sha256)
        return True


def _forget(session: Session, now: datetime) -> None:
    """Delete the rows of forms never saved and of files long in the trash."""
    pending = (StoredFile.record_id.is_(None), StoredFile.created_at < now - PENDING_KEPT)
    session.execute(delete(StoredFile).where(*pending))
    old = select(StoredFile.id).where(StoredFile.deleted_at < now - TRASH_KEPT)
    session.execute(update(StoredFile).where(StoredFile.replaced_by.in_(old)).values(replaced_by=None))
    session.execute(delete(StoredFile).where(StoredFile.deleted_at < now - TRASH_KEPT))


def _named(session: Session, hashes: Iterable[str]) -> set[str]:
    """Give those that any row names."""
    wanted = sorted(set(hashes))
    return {found for column in naming_columns() for found in session.scalars(select(column).where(column.in_(wanted))) if found}


def _batches(hashes: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(hashes, _BATCH)):
        yield batch
