"""Lets what points at a record point at another: relation fields of any type, and links at either end.

It is done by the house: who may merge two records need not be able to change all that points at them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select, update

from crm.kernel.errors import InvalidInput, RuleViolation
from crm.kernel.i18n import N_
from crm.records.changes import LogEntry, log
from crm.records.fields import KINDS
from crm.records.models import RecordLink, record_table
from crm.records.store.context import read_values
from crm.records.store.orders import Update
from crm.records.store.writes import touch
from crm.records.types import Field, Links, RecordType
from crm.security.policies import EVERYTHING_ALLOWED

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

_link: Final[Any] = RecordLink.__table__


@contextmanager
def the_house(uow: UnitOfWork) -> Iterator[None]:
    """Act without the actor's bounds, on their behalf: the log still names them."""
    own = uow.access
    uow.access = EVERYTHING_ALLOWED
    try:
        yield
    finally:
        uow.access = own


def repoint_relations(uow: UnitOfWork, record_type: RecordType, from_id: int, to_id: int, but: Sequence[int]) -> None:
    """Change every relation field that holds one record to the other, through the store: rules run, each has its line.

    Records in the trash are changed too, past their rules, so that they can come back.

    Args:
        uow: a write transaction.
        record_type: the type of both.
        from_id: the record that is merged.
        to_id: the one it is merged into.
        but: records that are being merged themselves.

    Raises:
        RuleViolation: a record may not point at the other by its own type's rules; named with the reason.
    """
    for other, item in uow.registry.pointing_at(record_type.key):
        storage = uow.registry.storage(other.key)
        column = None if isinstance(item.place, Links) else storage.key_column(item, record_table, storage.own)
        if column is None:
            continue
        columns = (record_table.c.id, record_table.c.title, record_table.c.deleted_at)
        found = select(*columns).select_from(storage.source()).where(record_table.c.type_id == other.id, column == from_id)
        rows = [row for row in uow.session.execute(found.order_by(record_table.c.id)).all() if row.id not in but]
        names = {row.id: row.title for row in rows if row.deleted_at is None}
        _update_live(uow, item, names, to_id)
        _update_trashed(uow, other, item, [row.id for row in rows if row.deleted_at is not None], to_id)


def _update_live(uow: UnitOfWork, item: Field, names: dict[int, str], to_id: int) -> None:
    if item.read_only:
        return  # worked out by a rule, which runs when what it is worked out of changes
    for record_id, title in names.items():
        try:
            uow.records.save_many([Update(record_id, {item.api_name: to_id})])
        except (InvalidInput, RuleViolation) as error:
            reason = next(iter(error.fields.values())) if isinstance(error, InvalidInput) and error.fields else error.message
            raise RuleViolation(N_("“%(title)s” stands in the way: %(reason)s", title=title, reason=reason)) from error


def _update_trashed(uow: UnitOfWork, other: RecordType, item: Field, ids: Sequence[int], to_id: int) -> None:
    storage, kind = uow.registry.storage(other.key), KINDS[item.kind]
    entries = []
    for record_id, values in read_values(uow, ids, with_trash=True).items():
        written = storage.write({item.api_name: to_id}, uow.zone)
        version = values["version"] + 1
        spine = {**written.spine, "version": version, "updated_at": uow.now(), "updated_by": uow.actor.user_id}
        if written.data:
            spine["data"] = {**values["_data"], **written.data}
        touch(uow, record_id, values["version"], spine)
        if written.own and storage.own is not None:
            uow.session.execute(update(storage.own).where(storage.own.c.id == record_id).values(**written.own))
        pair = [kind.to_json(item, values[item.api_name]), kind.to_json(item, to_id)]
        entries.append(LogEntry(record_id, other.id, version, "update", {item.api_name: pair}))
    log(uow, entries)


def repoint_links(uow: UnitOfWork, from_id: int, to_id: int) -> list[list[Any]]:
    """Give the links of one record to the other, at either end; a link between the two goes.

    Links whose other end lies in the trash are changed without a line, so that it can come back with them; gives their ids and
    which end was changed.
    """
    ends = or_(_link.c.from_id == from_id, _link.c.to_id == from_id)
    rows = uow.session.execute(select(_link).where(ends).order_by(_link.c.id)).mappings().all()
    others = {row["to_id"] if row["from_id"] == from_id else row["from_id"] for row in rows}
    present = set(read_values(uow, sorted(others))) if others else set()
    silent: list[list[Any]] = []
    for row in rows:
        holder = to_id if row["from_id"] == from_id else row["from_id"]
        target = to_id if row["to_id"] == from_id else row["to_id"]
        other = row["to_id"] if row["from_id"] == from_id else row["from_id"]
        if other not in present and other != from_id:
            end = "from_id" if row["from_id"] == from_id else "to_id"
            if not _there(uow, row, holder, target):
                uow.session.execute(update(_link).where(_link.c.id == row["id"]).values({end: to_id}))
                silent.append([row["id"], end])
            continue
        uow.records.unlink(row["id"])
        if holder != target and not _there(uow, row, holder, target):
            facts = {name: row[name] for name in ("role", "from_on", "to_on", "note")}
            uow.records.link(holder, row["field"], target, **facts)
    return silent


def _there(uow: UnitOfWork, row: Any, holder: int, target: int) -> bool:
    """Say whether the same link is there already; its note and its end do not tell it from another."""
    same = [_link.c.from_id == holder, _link.c.to_id == target, _link.c.field == row["field"], _link.c.role == row["role"]]
    same.append(_link.c.from_on.is_(None) if row["from_on"] is None else _link.c.from_on == row["from_on"])
    return uow.session.execute(select(_link.c.id).where(*same)).first() is not None


def links_back(uow: UnitOfWork, silent: Sequence[Sequence[Any]], from_id: int, to_id: int) -> None:
    """Give links that were changed without a line back."""
    for link_id, end in silent:
        if end in {"from_id", "to_id"}:
            uow.session.execute(update(_link).where(_link.c.id == link_id, _link.c[end] == from_id).values({end: to_id}))
