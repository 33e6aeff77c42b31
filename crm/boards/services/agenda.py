"""Moving an item on the agenda."""

from __future__ import annotations

from crm.boards import facts
from crm.boards.models import AgendaItem, Meeting
from crm.kernel.errors import NotFound
from crm.records.store.orders import Update
from crm.records.work import UnitOfWork


def move_item(uow: UnitOfWork, item_id: int, place: int) -> None:
    """Move an item to a place on its meeting's agenda (1 is the first); the others close up.

    Raises:
        NotFound, AccessDenied.
    """
    item = uow.get(AgendaItem, item_id)
    order = [one.id for one in facts.agenda(uow, uow.get(Meeting, item.meeting_id))]
    if item_id not in order:
        raise NotFound
    order.remove(item_id)
    order.insert(max(1, min(place, len(order) + 1)) - 1, item_id)
    uow.records.save_many([Update(one, {"position": position}) for position, one in enumerate(order, 1)])
