"""Emptying the trash for good: after the days that the setting gives, or at once by an administrator.

Nothing but removal is written. A record that something still points at stays, and so does one that the database itself keeps
(a meeting whose material was sent); each is named in the report, and what went is noted in the security log by number.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from crm.kernel.errors import AccessDenied
from crm.kernel.i18n import N_, Message
from crm.records.merge_models import MergedRecord
from crm.records.models import MAX_ID, record_table
from crm.security.actors import Actor, system_actor
from crm.security.events import By, log_event

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork, Works

log = structlog.get_logger()

ACTOR: Final[Actor] = system_actor("trash")
BATCH: Final = 50
#: Something beside the record must be kept, and the database with it keeps the record.
_HELD: Final = N_("Something that must be kept belongs to it.")


@dataclass(slots=True)
class PurgeReport:
    """What went for good, and what stayed and why, by id."""

    gone: list[int] = field(default_factory=list)
    kept: dict[int, Message] = field(default_factory=dict)


def due(uow: UnitOfWork, before: datetime, *, below: int = MAX_ID, limit: int = BATCH) -> list[int]:
    """Give the ids of records that lie in the trash since before a moment, the newest first: they may point at older ones.

    What was merged into another stays as long as that: its history is a part of it.
    """
    ripe = (record_table.c.deleted_at.is_not(None), record_table.c.deleted_at < before, record_table.c.id < below)
    known = record_table.c.type_id.in_(sorted(uow.registry.by_id))
    merged = record_table.c.id.in_(select(MergedRecord.old_id))
    statement = select(record_table.c.id).where(known, *ripe, ~merged).order_by(record_table.c.id.desc()).limit(limit)
    return list(uow.session.scalars(statement))


def purge(uow: UnitOfWork, ids: Collection[int]) -> PurgeReport:
    """Remove records in the trash for good; what others among them point at goes after those.

    Args:
        uow: a write transaction.
        ids: the records; those that are not in the trash are left alone.

    Raises:
        AccessDenied: only administrators, and the product itself, may.
    """
    if not uow.access.everything and not uow.access.may_use("@admin"):
        raise AccessDenied
    report = PurgeReport()
    waiting = _in_trash(uow, ids)
    pointed: dict[int, str] = {}
    while waiting:
        pointed = _pointed_at(uow, waiting)
        free = sorted(waiting - pointed.keys())
        if not free:
            break
        for record_id in free:
            if _remove(uow, record_id):
                report.gone.append(record_id)
            else:
                report.kept[record_id] = _HELD
        waiting -= set(free)
    for record_id in waiting:
        report.kept[record_id] = N_("“%(title)s” still points at it.", title=pointed[record_id])
    if report.gone:
        log_event(uow.session, "records_purged", By(uow.now(), uow.actor.user_id), records=sorted(report.gone))
    return report


def _in_trash(uow: UnitOfWork, ids: Iterable[int]) -> set[int]:
    """Give those of some records that lie in the trash, locked until the commit."""
    members = sorted(one for one in ids if 0 < one <= MAX_ID)
    statement = select(record_table.c.id).where(record_table.c.id.in_(members), record_table.c.deleted_at.is_not(None))
    return set(uow.session.scalars(statement.order_by(record_table.c.id).with_for_update()))


def _pointed_at(uow: UnitOfWork, ids: Collection[int]) -> dict[int, str]:
    """Give those of some records that a relation field of another record, live or in the trash, points at, and a name of one."""
    found: dict[int, str] = {}
    for record_type in uow.registry.types.values():
        storage = uow.registry.storage(record_type.key)
        for item in record_type.fields:
            column = storage.key_column(item, record_table, storage.own) if item.kind == "relation" else None
            if column is None:
                continue
            statement = (
                select(column.label("target"), record_table.c.title)
                .select_from(storage.source())
                .where(record_table.c.type_id == record_type.id, column.in_(sorted(ids)), record_table.c.id != column)
            )
            found.update({row.target: row.title for row in uow.session.execute(statement)})
    return found


def _remove(uow: UnitOfWork, record_id: int) -> bool:
    """Delete a record with all that hangs on it; False when the database keeps it."""
    try:
        with uow.session.begin_nested():
            uow.session.execute(delete(record_table).where(record_table.c.id == record_id))
    except IntegrityError:
        return False
    return True


@dataclass
class TrashPurger:
    """The worker's part: removes what has lain in the trash for long enough, a transaction a batch.

    Args:
        works: opens the transactions.
        kept_for: how long the trash keeps a record.
        stopping: says that the worker is asked to stop.
    """

    works: Works
    kept_for: timedelta
    stopping: Callable[[], bool] = lambda: False

    def turn(self) -> None:
        """Go once through all that is due; what must stay is tried again in the next turn."""
        below, gone, kept = MAX_ID, 0, 0
        while not self.stopping():
            with self.works.reading(ACTOR) as uow:
                ids = due(uow, uow.now() - self.kept_for, below=below)
            if not ids:
                break
            with self.works.writing(ACTOR) as uow:
                report = purge(uow, ids)
            gone, kept, below = gone + len(report.gone), kept + len(report.kept), min(ids)
        if gone or kept:
            log.info("trash_purged", gone=gone, kept=kept)
