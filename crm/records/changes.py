"""The change log: one log, many readers, each with its own cursor.

On PostgreSQL a reader takes rows whose transaction is older than any still running, in the order (txid, id): a row that
commits late is never skipped. On SQLite there is one writer, txid is 0 and the id alone is the order.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, select, text, tuple_, update
from sqlalchemy.orm import Session

from crm.records.models import Act, Change, ChangeCursor, ChangeValue

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

BATCH = 500


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A change to be written: values are `{api_name: [old, new]}` in JSON form."""

    record_id: int
    type_id: int
    version: int
    kind: str
    patch: Mapping[str, Any]


def log(uow: UnitOfWork, entries: Sequence[LogEntry]) -> list[int]:
    """Append changes, in this transaction; the act's row is written with the first of them."""
    if not entries:
        return []
    at = uow.now()
    _begin_act(uow, at)
    head, bodies = [], []
    for entry in entries:
        salt = secrets.token_hex(16)
        body = json.dumps(entry.patch, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        head.append(
            {
                "act_id": uow.act.id,
                "record_id": entry.record_id,
                "type_id": entry.type_id,
                "version": entry.version,
                "at": at,
                "actor_id": uow.actor.user_id,
                "kind": entry.kind,
                "digest": hashlib.sha256(f"{salt}{body}".encode()).hexdigest(),
            }
        )
        bodies.append({"salt": salt, "patch": entry.patch})
    table = Change.__table__
    returned = uow.session.execute(insert(table).returning(table.c.id, sort_by_parameter_order=True), head)  # type: ignore[arg-type]
    ids = [row.id for row in returned]
    uow.session.execute(
        insert(ChangeValue.__table__),  # type: ignore[arg-type]
        [{"change_id": change_id, **body} for change_id, body in zip(ids, bodies, strict=True)],
    )
    return ids


def _begin_act(uow: UnitOfWork, at: datetime) -> None:
    act = uow.act
    if act.written:
        return
    act.written = True
    if act.continues and uow.session.scalar(select(Act.id).where(Act.id == act.id)) is not None:
        return
    uow.session.execute(
        insert(Act.__table__),  # type: ignore[arg-type]
        {
            "id": act.id,
            "at": at,
            "actor_id": uow.actor.user_id,
            "system": uow.actor.system,
            "cause": act.cause,
            "cause_id": act.cause_id,
        },
    )


def read_changes(session: Session, reader: str, limit: int = BATCH) -> list[Change]:
    """Give the next changes for a reader, oldest first; none that a running transaction might still precede."""
    cursor = session.get(ChangeCursor, reader)
    txid, change_id = (cursor.txid, cursor.change_id) if cursor else (0, 0)
    if session.get_bind().dialect.name == "postgresql":
        finished = text("(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)")
        where = and_(tuple_(Change.txid, Change.id) > tuple_(txid, change_id), Change.txid < finished)
    else:
        where = Change.id > change_id
    return list(session.scalars(select(Change).where(where).order_by(Change.txid, Change.id).limit(limit)))


def advance(session: Session, reader: str, last: Change) -> None:
    """Note that a reader has handled everything up to and with `last`; commit together with what it did."""
    values = {"txid": last.txid, "change_id": last.id}
    done: Any = session.execute(update(ChangeCursor).where(ChangeCursor.reader == reader).values(**values))
    if not done.rowcount:
        session.add(ChangeCursor(reader=reader, **values))
        session.flush()


def lag(session: Session, reader: str) -> int:
    """Count the changes that a reader has not handled, up to 10,000."""
    cursor = session.get(ChangeCursor, reader)
    txid, change_id = (cursor.txid, cursor.change_id) if cursor else (0, 0)
    behind = select(Change.id).where(tuple_(Change.txid, Change.id) > tuple_(txid, change_id)).limit(10_000).subquery()
    return session.scalar(select(func.count()).select_from(behind)) or 0
