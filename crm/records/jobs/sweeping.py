"""Clears away what is left of jobs: their files after a week, and they themselves after a season."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm.records.jobs.models import OPEN_STATES, Job

#: An export is personal data outside the product's rights: long enough to fetch it, no longer.
FILES_KEPT: Final = timedelta(days=7)
JOBS_KEPT: Final = timedelta(days=90)
#: What a request that died left half written.
LEFT_OVER: Final = timedelta(days=1)


@dataclass(frozen=True)
class JobSweeper:
    """Deletes what has run out; `folder` is where the files of jobs lie, a folder a job."""

    folder: Path

    def __call__(self, session: Session, now: datetime) -> None:
        """Delete old jobs, old files, and folders that no job knows."""
        session.execute(delete(Job).where(Job.state.not_in(OPEN_STATES), Job.ended_at < now - JOBS_KEPT))
        if not self.folder.is_dir():
            return
        held = {path.name: path for path in self.folder.iterdir() if path.name.isdecimal()}
        for path in self.folder.iterdir():
            if path.name not in held and path.stat().st_mtime < (now - LEFT_OVER).timestamp():
                shutil.rmtree(path, ignore_errors=True)
        if not held:
            return
        rows = session.execute(select(Job.id, Job.state, Job.ended_at).where(Job.id.in_([int(name) for name in held])))
        kept = {str(row.id) for row in rows if row.state in OPEN_STATES or (row.ended_at or now) >= now - FILES_KEPT}
        for name, path in held.items():
            if name not in kept:
                shutil.rmtree(path, ignore_errors=True)
