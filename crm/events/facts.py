"""What the guards of an event look at beside its own values, and whom a step concerns: one small query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from crm.events.models import Event, Participation
from crm.events.rules import ATTENDED
from crm.kernel.clock import local_day

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def event_facts(uow: UnitOfWork, event_id: int) -> Mapping[str, Any]:
    """Give: held_on, today, attended (a number), unfrozen (ids of participations whose organisation is not written down)."""
    event = uow.get(Event, event_id)
    columns = (Participation.id, Participation.status, Participation.frozen_on)
    rows = uow.session.execute(select(*columns).where(Participation.event_id == event_id).order_by(Participation.id)).all()
    return {
        "held_on": None if event.starts_at is None else local_day(event.starts_at, uow.zone),
        "today": uow.today(),
        "attended": sum(row.status == ATTENDED for row in rows),
        "unfrozen": [row.id for row in rows if row.frozen_on is None],
    }
