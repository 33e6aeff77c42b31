"""May the actor do this to this meeting? Asked by every use case before anything else."""

from __future__ import annotations

from sqlalchemy import select

from crm.boards.models import Meeting
from crm.kernel.errors import AccessDenied
from crm.records.models import record_table
from crm.records.work import UnitOfWork


def meeting_for(uow: UnitOfWork, meeting_id: int, act: str) -> Meeting:
    """Give a meeting to act on.

    Raises:
        NotFound: there is none, or the actor may not see it.
        AccessDenied: they may see it, but not do this.
    """
    meeting = uow.get(Meeting, meeting_id)
    record_type = uow.registry.get("meeting")
    uow.access.require(act, record_type.key)
    condition = uow.visible(record_type, act)
    if condition is not None:
        source = uow.registry.storage(record_type.key).source()
        found = uow.session.scalar(select(record_table.c.id).select_from(source).where(record_table.c.id == meeting_id, condition))
        if found is None:
            raise AccessDenied
    return meeting
