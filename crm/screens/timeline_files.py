"""What was done to a record's files, as lines of its timeline: added, a new version, renamed, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, exists, select

from crm.kernel.i18n import N_, Message
from crm.records.models import MAX_ID, Act, Change, ChangeValue, StoredFile
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens.files import FILES, KEY
from crm.screens.timeline import CAUSES, may_undo
from crm.screens.timeline_sources import Entry, register_source
from crm.security.models import user_table

#: The kind of change, and the key of its patch.
KIND: Final = "file"
_change: Final[Any] = Change.__table__
_SOME: Final = exists().where(_change.c.record_id == bindparam("record_id"), _change.c.kind == KIND)
_ADDED: Final = N_("File added")
_DELETED: Final = N_("File deleted")
_RENAMED: Final = N_("File renamed")
_VERSION: Final = N_("New version")


@dataclass(frozen=True, slots=True)
class FileEvent:
    """One thing done to a file; `url` opens it while it is there, `before` is its earlier name."""

    words: Message
    name: str
    before: str
    url: str | None
    who: str
    at: datetime
    cause: Message | None
    act_id: str | None


@dataclass(frozen=True, slots=True)
class _File:
    field: str | None
    there: bool


def _load(uow: UnitOfWork, row: Row, before: int | None, limit: int) -> Sequence[Entry]:
    """Read until there are enough: a file in a field that the actor may not read is left out."""
    found: list[Entry] = []
    end = before or MAX_ID
    while len(found) < limit:
        rows = _rows(uow, row.id, end, limit)
        files = _files(uow, rows)
        readable = uow.access.readable(row.type_key)
        for line in rows:
            event = _event(uow, line, files, readable)
            if event is not None:
                found.append(Entry(line.id, line.at, event))
        if len(rows) < limit:
            break
        end = rows[-1].id
    return found[:limit]


def _rows(uow: UnitOfWork, record_id: int, end: int, limit: int) -> Sequence[Any]:
    columns = (Change.id, Change.at, Change.act_id, Change.actor_id, ChangeValue.patch, Act.cause, Act.system)
    return uow.session.execute(
        select(*columns, user_table.c.first_name, user_table.c.last_name)
        .join(Act, Act.id == Change.act_id)
        .join(ChangeValue, ChangeValue.change_id == Change.id)
        .outerjoin(user_table, user_table.c.id == Change.actor_id)
        .where(Change.record_id == record_id, Change.id < end, Change.kind == KIND)
        .order_by(Change.id.desc())
        .limit(limit)
    ).all()


def _files(uow: UnitOfWork, rows: Sequence[Any]) -> Mapping[int, _File]:
    ids = {side["id"] for row in rows for side in row.patch.get(KIND, ()) if side is not None}
    if not ids:
        return {}
    statement = select(StoredFile.id, StoredFile.field, StoredFile.deleted_at).where(StoredFile.id.in_(sorted(ids)))
    return {row.id: _File(row.field, row.deleted_at is None) for row in uow.session.execute(statement)}


def _event(uow: UnitOfWork, row: Any, files: Mapping[int, _File], readable: frozenset[str] | None) -> FileEvent | None:
    old, new = row.patch.get(KIND, (None, None))
    side = new if new is not None else old
    if side is None:
        return None
    file = files.get(side["id"])
    if readable is not None and (file is None or (file.field is not None and file.field not in readable)):
        return None
    who = f"{row.first_name} {row.last_name}".strip() if row.first_name is not None else f"Klynge ({row.system or row.cause})"
    if old is None or new is None:
        words, before = (_ADDED if old is None else _DELETED), ""
    elif old["id"] == new["id"]:
        words, before = _RENAMED, old["name"]
    else:
        words, before = _VERSION, ""
    url = f"/files/{side['id']}/view" if file is not None and file.there else None
    act_id = row.act_id if may_undo(uow, row.actor_id, row.at) else None
    return FileEvent(words, side["name"], before, url, who, row.at, CAUSES.get(row.cause), act_id)


def install() -> None:
    """Register the lines."""
    register_source(KEY, FILES, _load, template="timeline/_file.html", position=30, log_kinds=(KIND,), some=_SOME)


install()
