"""Keeps the keys of duplicates: follows the change log, and draws keys anew where a type's rules have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import Table, delete, exists, func, insert, select, tuple_

from crm.records.changes import BATCH, advance, read_changes
from crm.records.matching import Keys, Matching, keys_of
from crm.records.merge_models import MatchKey
from crm.records.models import Change, ChangeCursor, record_table
from crm.records.store.context import read_values
from crm.records.types import RecordType
from crm.security.actors import Actor, system_actor

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork, Works

READER: Final = "matching"
ACTOR: Final[Actor] = system_actor("matching")
#: Each record has one key of this part: by which rules its keys were drawn.
RULES: Final = "rules"
#: So many records that the follower has not come to yet are looked at one by one.
UNREAD: Final = 300
_table: Final = cast("Table", MatchKey.__table__)


def _never() -> bool:
    return False


def matched_types(uow: UnitOfWork) -> list[RecordType]:
    """Give the types whose duplicates are looked for."""
    return [item for item in uow.registry.types.values() if item.matching is not None]


def fingerprint(matching: Matching) -> str:
    """Give a short sign of the keys' definition: keys drawn by another are drawn anew."""
    text = repr([(key.part, key.fields, key.draw.__name__) for key in matching.keys])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class MatchFollower:
    """Follows the log; one process does so (the worker). Two would do the same twice, and no harm."""

    def __init__(self, works: Works, stopped: Callable[[], bool] = _never) -> None:
        self._works = works
        self._stopped = stopped
        self._looked_at: int | None = None

    def turn(self) -> int:
        """Do all there is to do; gives how many records were looked at. One small read when there is nothing."""
        done = 0
        while not self._stopped() and (number := self._catch_up()):
            done += number
        with self._works.reading(ACTOR) as uow:
            epoch = uow.registry.epoch
        if epoch != self._looked_at:
            while not self._stopped() and (number := self._draw_missing()):
                done += number
            self._looked_at = epoch
        return done

    def _catch_up(self) -> int:
        with self._works.reading(ACTOR) as uow:
            if not read_changes(uow.session, READER, 1):
                return 0
        with self._works.writing(ACTOR) as uow:
            changes = read_changes(uow.session, READER, BATCH)
            if not changes:
                return 0
            types = {item.id for item in matched_types(uow)}
            draw_keys(uow, sorted({change.record_id for change in changes if change.type_id in types}))
            advance(uow.session, READER, changes[-1])
            return len(changes)

    def _draw_missing(self) -> int:
        """Draw the keys of the next records that have none by today's rules."""
        with self._works.writing(ACTOR) as uow:
            for record_type in matched_types(uow):
                ids = missing(uow, record_type, BATCH)
                if ids:
                    draw_keys(uow, ids)
                    return len(ids)
        return 0


def missing(uow: UnitOfWork, record_type: RecordType, limit: int) -> Sequence[int]:
    """Give live records of a type that have no keys by today's rules."""
    if record_type.matching is None:
        return ()
    mark = (_table.c.type_id == record_type.id, _table.c.part == RULES, _table.c.key == fingerprint(record_type.matching))
    drawn = exists().where(*mark, _table.c.record_id == record_table.c.id)
    live = (record_table.c.type_id == record_type.id, record_table.c.deleted_at.is_(None))
    return uow.session.scalars(select(record_table.c.id).where(*live, ~drawn).order_by(record_table.c.id).limit(limit)).all()


def draw_keys(uow: UnitOfWork, ids: Sequence[int]) -> None:
    """Write the keys of records anew; those in the trash have none."""
    if not ids:
        return
    uow.session.execute(delete(_table).where(_table.c.record_id.in_(ids)))
    rows = []
    for record_id, keys in keys_now(uow, ids).items():
        record_type, drawn = keys
        rows += [
            {"type_id": record_type.id, "part": part, "key": key, "record_id": record_id}
            for part, key in sorted({*drawn, (RULES, fingerprint(cast("Matching", record_type.matching)))})
        ]
    if rows:
        uow.session.execute(insert(_table), rows)


def keys_now(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, tuple[RecordType, Keys]]:
    """Draw the keys of live records out of their values as they are now; two queries and one a type."""
    found = {}
    for record_id, values in read_values(uow, sorted(ids)).items():
        record_type = uow.registry.get(values["type"])
        if record_type.matching is not None:
            found[record_id] = (record_type, keys_of(record_type.matching, values["title"], values))
    return found


def unread(uow: UnitOfWork, record_type: RecordType) -> set[int]:
    """Give the records of a type that changed since the follower was there, the latest first, at most `UNREAD`."""
    cursor = uow.session.get(ChangeCursor, READER)
    after = (0, 0) if cursor is None else (cursor.txid, cursor.change_id)
    newer = tuple_(Change.txid, Change.id) > after if after != (0, 0) else Change.id > 0
    statement = select(Change.record_id).where(newer, Change.type_id == record_type.id).group_by(Change.record_id)
    return set(uow.session.scalars(statement.order_by(func.max(Change.id).desc()).limit(UNREAD)))
