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
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import CTE, ColumnElement, Table, and_, bindparam, func, insert, select, text, tuple_, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from crm.kernel.db import adding, insert_rows
from crm.records.models import Act, Change, ChangeCursor, ChangeValue

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

BATCH = 500
_LINE: Final = ("act_id", "record_id", "type_id", "version", "at", "actor_id", "kind", "digest")
#: The cause of an act that undoes another; its cause id names that one.
UNDO: Final = "undo"
_ACT: Final = ("id", "at", "actor_id", "system", "cause", "cause_id")


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
    if len(entries) == 1 and uow.session.get_bind().dialect.name == "postgresql":
        return [_append_one(uow, entries[0], at)]
    _begin_act(uow, at)
    head, bodies = [], []
    for entry in entries:
        line, body = _rows(uow, entry, at)
        head.append(line)
        bodies.append(body)
    ids = insert_rows(uow.session, cast("Table", Change.__table__), head)
    values = [{"change_id": change_id, **body} for change_id, body in zip(ids, bodies, strict=True)]
    uow.session.connection().execute(adding(cast("Table", ChangeValue.__table__)), values)
    return ids


def _rows(uow: UnitOfWork, entry: LogEntry, at: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the columns of a change, and those of its values."""
    salt = secrets.token_hex(16)
    body = json.dumps(entry.patch, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    line = {
        "act_id": uow.act.id,
        "record_id": entry.record_id,
        "type_id": entry.type_id,
        "version": entry.version,
        "at": at,
        "actor_id": uow.actor.user_id,
        "kind": entry.kind,
        "digest": hashlib.sha256(f"{salt}{body}".encode()).hexdigest(),
    }
    return line, {"salt": salt, "patch": entry.patch}


def _append_one(uow: UnitOfWork, entry: LogEntry, at: datetime) -> int:
    """Append one change as one statement: on PostgreSQL each further one is a further round trip, and most acts are one change."""
    values, with_act = values_of_one(uow, entry, at)
    change_id: int = uow.session.connection().execute(_one_statement(with_act), values).scalar_one()
    return change_id


def values_of_one(uow: UnitOfWork, entry: LogEntry, at: datetime) -> tuple[dict[str, Any], bool]:
    """Give what `appending` binds for a change, and whether it writes the act too."""
    with_act = _act_is_new(uow)
    line, body = _rows(uow, entry, at)
    values = {f"c_{name}": value for name, value in line.items()} | {f"v_{name}": value for name, value in body.items()}
    if with_act:
        values |= {f"a_{name}": value for name, value in _act_row(uow, at).items()}
    return values, with_act


@cache
def _one_statement(with_act: bool) -> ReturningInsert[Any]:  # noqa: FBT001 - a key of the cache
    return appending(None, with_act=with_act)


def appending(record: CTE | None, *, with_act: bool) -> ReturningInsert[Any]:
    """Give PostgreSQL's statement that appends one change, and gives its id, and the record's where a part made it.

    Args:
        record: a part of the same statement whose one row has the record's id, or none and then nothing is appended; None when
            the id is bound.
        with_act: write the act's row too.
    """

    def bound(table: Any, prefix: str, names: Sequence[str]) -> dict[str, ColumnElement[Any]]:
        return {name: bindparam(f"{prefix}_{name}", type_=table.c[name].type) for name in names}

    change, value, act = Change.__table__, ChangeValue.__table__, Act.__table__
    columns = bound(change, "c", _LINE)
    if record is not None:
        columns["record_id"] = record.c.id
    line = insert(change).from_select(list(columns), select(*columns.values())).returning(change.c.id).cte("line")  # type: ignore[arg-type]
    body = bound(value, "v", ("salt", "patch"))
    statement = insert(value).from_select(["change_id", *body], select(line.c.id, *body.values()))  # type: ignore[arg-type]
    if with_act:
        statement = statement.add_cte(insert(act).values(bound(act, "a", _ACT)).cte("act"))  # type: ignore[arg-type]
    return statement.returning(value.c.change_id, *(() if record is None else (select(record.c.id).scalar_subquery(),)))


def _act_is_new(uow: UnitOfWork) -> bool:
    """Say whether the act has no row yet; it has one from now on."""
    act = uow.act
    if act.written:
        return False
    act.written = True
    return not (act.continues and uow.session.scalar(select(Act.id).where(Act.id == act.id)) is not None)


def _act_row(uow: UnitOfWork, at: datetime) -> dict[str, Any]:
    act, actor = uow.act, uow.actor
    values = (act.id, at, actor.user_id, actor.system, act.cause, act.cause_id)
    return dict(zip(_ACT, values, strict=True))


def _begin_act(uow: UnitOfWork, at: datetime) -> None:
    if _act_is_new(uow):
        uow.session.connection().execute(adding(cast("Table", Act.__table__)), _act_row(uow, at))


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
    sqlite = session.get_bind().dialect.name == "sqlite"  # there txid is 0, and the pair would walk the whole log
    after = Change.id > change_id if sqlite else tuple_(Change.txid, Change.id) > tuple_(txid, change_id)
    behind = select(Change.id).where(after).limit(10_000).subquery()
    return session.scalar(select(func.count()).select_from(behind)) or 0
