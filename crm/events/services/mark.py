"""Marking who came: one or many participations of an event at once, as one act that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from crm.events.models import Event, Participation
from crm.events.participation_type import STATUSES
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.records.models import MAX_ID
from crm.records.store.orders import Update
from crm.records.work import UnitOfWork

#: More than a list on a page has boxes.
MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of it: how many were changed, and the words for it."""

    changed: int
    message: Message


def mark_attendance(uow: UnitOfWork, event_id: int, ids: Sequence[int], status: str) -> Marked:
    """Give participations of an event a status; those that have it already are left alone.

    Raises:
        NotFound: there is no such event.
        AccessDenied: the actor may not change one of them.
        InvalidInput: nobody is chosen, there is no such status, or the status does not fit the event (its day has not come).
    """
    event = uow.get(Event, event_id)
    option = next((one for one in STATUSES if one.key == status), None)
    if option is None:
        raise InvalidInput({"status": N_("Choose a status.")})
    wanted = sorted({one for one in ids if 0 < one <= MAX_ID})
    if not wanted:
        raise InvalidInput({"ids": N_("Choose some participants first.")})
    if len(wanted) > MOST:
        raise InvalidInput({"ids": N_("At most %(most)s participants at once.", most=MOST)})
    rows = select(Participation.id, Participation.status, Participation.title)
    rows = rows.where(Participation.event_id == event.id, Participation.id.in_(wanted)).order_by(Participation.id)
    found = [row for row in uow.session.execute(rows) if row.status != status]
    if found:
        uow.records.save_many([Update(row.id, {"status": status}) for row in found])
    if not found:
        return Marked(0, N_("Nothing was changed: it was so already."))
    if len(found) == 1:
        return Marked(1, N_("“%(title)s” is marked as “%(status)s”.", title=found[0].title, status=option.label))
    return Marked(len(found), N_("%(number)s participants are marked as “%(status)s”.", number=len(found), status=option.label))
