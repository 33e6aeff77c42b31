"""Keeping the index right: it follows the change log, so that whatever writes a record is found, however it was written.

One follower writes at a time (the cursor's row is locked), in short transactions. What it has not come to yet is still found by
its title (`reading.py`). A type whose fields or rights have changed is rewritten from the first record to the last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, literal, select, text, tuple_, update
from sqlalchemy.orm import Session

from crm.records.changes import BATCH, advance, lag, read_changes
from crm.records.models import Change, ChangeCursor, StoredFile, record_table
from crm.records.search.models import SearchPart, SearchState
from crm.records.search.shape import shapes
from crm.records.search.writing import index_records
from crm.security.actors import Actor, system_actor
from crm.security.models import PlatformState

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork, Works

READER: Final = "search"
ACTOR: Final[Actor] = system_actor("search")


def _never() -> bool:
    return False


class SearchFollower:
    """Follows the log, and rewrites types whose shape has changed; one per process that does so (the worker, a command)."""

    def __init__(self, works: Works, stopped: Callable[[], bool] = _never) -> None:
        self._works = works
        self._stopped = stopped
        #: The epochs that the types' shapes were last compared under.
        self._seen: tuple[int, int] | None = None

    def turn(self) -> int:
        """Do all there is to do; gives how many records were written. Costs two small reads when there is nothing."""
        self._look_at_types()
        done = self._catch_up()
        while not self._stopped() and (number := self._rewrite_some()):
            done += number + self._catch_up()
        return done

    def rewrite_all(self) -> None:
        """Have every type rewritten from its first record on; the next turns do it."""
        with self._works.writing(ACTOR) as uow:
            uow.session.execute(update(SearchState).values(after_id=0))

    def tidy(self) -> None:
        """Let SQLite's index forget for good the words of what was changed or purged: until then its file may still hold them.

        PostgreSQL does so by its own vacuum. Takes a second or two for 100,000 records, in which nobody else writes.
        """
        if self._works.database.is_sqlite:
            with self._works.writing(ACTOR) as uow:
                uow.session.execute(text("INSERT INTO search_fts (search_fts) VALUES ('optimize')"))

    def _look_at_types(self) -> None:
        with self._works.reading(ACTOR) as uow:
            epochs = uow.session.execute(select(PlatformState.registry_epoch, PlatformState.security_epoch)).one()
        if tuple(epochs) == self._seen:
            return
        with self._works.writing(ACTOR) as uow:
            _hold(uow)
            note_shapes(uow)
        self._seen = (epochs.registry_epoch, epochs.security_epoch)

    def _catch_up(self) -> int:
        done = 0
        while not self._stopped():
            with self._works.reading(ACTOR) as uow:
                if not read_changes(uow.session, READER, 1):
                    break
            with self._works.writing(ACTOR) as uow:
                _hold(uow)
                changes = read_changes(uow.session, READER, BATCH)
                if not changes:
                    break
                ids = sorted({change.record_id for change in changes})
                index_records(uow, shapes(uow.session, uow.registry), ids)
                advance(uow.session, READER, changes[-1])
                done += len(ids)
        return done

    def _rewrite_some(self) -> int:
        """Rewrite the next records of a type that is to be; gives how many, 0 when no type waits."""
        with self._works.reading(ACTOR) as uow:
            waiting = uow.session.scalar(select(SearchState.type_id).where(SearchState.after_id.is_not(None)).limit(1))
        if waiting is None:
            return 0
        with self._works.writing(ACTOR) as uow:
            _hold(uow)
            state = uow.session.get(SearchState, waiting)
            if state is None or state.after_id is None:
                return 1
            ids = _next_ids(uow, state)
            if not ids:
                state.after_id, state.apart, state.built = None, state.wanted, True
                return 1
            if not state.built:
                _take_file_names(uow, ids)
            index_records(uow, shapes(uow.session, uow.registry), ids)
            state.after_id = ids[-1]
            return len(ids)


def _hold(uow: UnitOfWork) -> None:
    """Lock the cursor against other followers; at the very first, begin it at the end of what is finished."""
    if uow.session.get(ChangeCursor, READER, with_for_update=True) is not None:
        return
    finished = select(Change.txid, Change.id).order_by(Change.txid.desc(), Change.id.desc()).limit(1)
    if uow.session.get_bind().dialect.name == "postgresql":
        finished = finished.where(Change.txid < text("(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)"))
    last = uow.session.execute(finished).one_or_none() or (0, 0)
    uow.session.add(ChangeCursor(reader=READER, txid=last[0], change_id=last[1]))
    uow.session.flush()


def note_shapes(uow: UnitOfWork) -> None:
    """Compare how each type's documents were made with how they are to be made now, and order what must be rewritten."""
    known = {state.type_id: state for state in uow.session.scalars(select(SearchState))}
    for key, shape in shapes(uow.session, uow.registry).items():
        type_id = uow.registry.get(key).id
        state = known.get(type_id)
        fields, apart = list(shape.fields), list(shape.apart)
        if state is None:
            uow.session.add(SearchState(type_id=type_id, fields=fields, apart=apart, wanted=apart, after_id=0, built=False))
        elif state.fields != fields or state.wanted != apart:
            state.fields, state.wanted, state.after_id = fields, apart, 0
            # Until all is rewritten, an open document may be an old one or a new one: only what both leave out is left out.
            state.apart = sorted(set(state.apart) & set(apart))


def _next_ids(uow: UnitOfWork, state: SearchState) -> list[int]:
    after = record_table.c.id > (state.after_id or 0)
    statement = select(record_table.c.id).where(record_table.c.type_id == state.type_id, after)
    return list(uow.session.scalars(statement.order_by(record_table.c.id).limit(BATCH)))


def _take_file_names(uow: UnitOfWork, ids: list[int]) -> None:
    """The first time: files that were there before the search was are found by their names too."""
    columns = (literal("file"), StoredFile.id, StoredFile.record_id, StoredFile.name, StoredFile.field)
    there = select(SearchPart.ref_id).where(SearchPart.source == "file", SearchPart.ref_id == StoredFile.id).exists()
    current = (StoredFile.replaced_by.is_(None), StoredFile.deleted_at.is_(None))
    names = select(*columns).where(StoredFile.record_id.in_(ids), *current, ~there)
    table: Any = SearchPart.__table__
    uow.session.execute(insert(table).from_select(["source", "ref_id", "record_id", "text", "field"], names))


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the index is behind: changes not read yet (up to 10,000), types not yet rewritten, and the first such moment."""

    changes: int
    types: int
    since: datetime


def waits_since(session: Session) -> Lag | None:
    """Say what the index has not come to yet; None when it knows everything."""
    known = session.scalar(select(func.count()).select_from(SearchState)) or 0
    waiting = session.scalar(select(func.count()).select_from(SearchState).where(SearchState.after_id.is_not(None))) or 0
    changes = lag(session, READER)
    cursor = session.get(ChangeCursor, READER)
    unread = select(func.min(Change.at))
    if cursor is not None:
        unread = unread.where(tuple_(Change.txid, Change.id) > tuple_(cursor.txid, cursor.change_id))
    elif not known:
        waiting = 1
    oldest = session.scalar(unread)
    if waiting and oldest is None:
        oldest = session.scalar(select(func.max(Change.at)))
    return None if oldest is None else Lag(changes if known else 0, waiting, oldest)
