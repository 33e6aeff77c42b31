"""What fails or waits behind the screen, for the one who keeps the product running: read from our own tables and folders only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from crm.ops.models import FAILED, HELD, OPEN_STATES, QUEUED, SENDING, FlowRequest, MailOutbox
from crm.ops.queries import WorkerState, worker_state
from crm.records.jobs import models as jobs
from crm.records.jobs.models import Job
from crm.records.work import UnitOfWork

#: A failure is news for so long; after that it is history.
NEWS: Final = timedelta(days=14)
#: What has waited longer than this for its turn is stuck.
PATIENCE: Final = timedelta(minutes=15)
#: A backup older than this is missed: one a night, and two hours for it.
BACKUP_AGE: Final = timedelta(hours=26)
#: So many of a kind stand on the page of what fails and waits.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Trouble:
    """How many of each kind fail or wait, how the processes are, and when the last backup was made (None: there is none)."""

    flows_failed: int
    flows_waiting: int
    jobs_failed: int
    jobs_waiting: int
    mails_failed: int
    mails_held: int
    mails_waiting: int
    worker: WorkerState
    backup_at: datetime | None
    backup_is_old: bool


def _conditions(now: datetime) -> dict[str, tuple[Any, ColumnElement[bool]]]:
    """Give what counts as what, by the names of `Trouble`: the number beside a word and the list that it leads to are one."""
    since, stuck = now - NEWS, now - PATIENCE
    due = or_(MailOutbox.next_at.is_(None), MailOutbox.next_at <= now)
    return {
        "flows_failed": (FlowRequest, and_(FlowRequest.state == FAILED, FlowRequest.ended_at >= since)),
        "flows_waiting": (FlowRequest, and_(FlowRequest.state.in_(OPEN_STATES), FlowRequest.created_at < stuck)),
        "jobs_failed": (Job, and_(Job.state == jobs.FAILED, Job.ended_at >= since)),
        "jobs_waiting": (Job, and_(Job.state == jobs.WAITING, Job.created_at < stuck)),
        "mails_failed": (MailOutbox, and_(MailOutbox.state == FAILED, MailOutbox.created_at >= since)),
        "mails_held": (MailOutbox, MailOutbox.state == HELD),
        "mails_waiting": (
            MailOutbox,
            and_(MailOutbox.state.in_((QUEUED, SENDING)), due, MailOutbox.created_at < stuck),
        ),
    }


def trouble(uow: UnitOfWork, home: Path) -> Trouble:
    """Read how everything is: two queries, and a look into the folder of backups."""
    now = uow.now()
    counts = [
        select(func.count()).select_from(table).where(condition).scalar_subquery().label(name)
        for name, (table, condition) in _conditions(now).items()
    ]
    row = uow.session.execute(select(*counts)).one()
    backup = newest_backup(home)
    old = backup is None or now - backup > BACKUP_AGE
    return Trouble(**row._asdict(), worker=worker_state(uow.session, now), backup_at=backup, backup_is_old=old)


def troubled(uow: UnitOfWork) -> dict[str, Sequence[Any]]:
    """Give the rows themselves, by the names of `Trouble`, the newest first; kinds without any are left out."""
    found: dict[str, Sequence[Any]] = {}
    for name, (table, condition) in _conditions(uow.now()).items():
        rows = uow.session.scalars(select(table).where(condition).order_by(table.id.desc()).limit(MOST)).all()
        if rows:
            found[name] = rows
    return found


def newest_backup(home: Path) -> datetime | None:
    """Give when the newest file under `backups` was written, in UTC; None when there is none."""
    folder = home / "backups"
    files = (path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else iter(())
    newest = max((path.stat().st_mtime for path in files), default=None)
    return None if newest is None else datetime.fromtimestamp(newest, UTC)
