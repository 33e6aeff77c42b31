"""What is "board" and what is "own": which records of the meeting work a member may see."""

from __future__ import annotations

from datetime import date, timedelta

from crm.boards import lifecycle
from crm.filters import All, Any_, Condition, Filter
from crm.filters.tree import NOTHING
from crm.security.actors import Actor


def meetings_of(actor: Actor, today: date, path: str = "") -> Filter:
    """Give the filter of the meetings that a member may see: sent or later, of a board where they sit, or sat that day.

    `path` steps over to the meeting from what hangs on it: `meeting.`, `agenda_item.meeting.`.
    """
    seats: list[Filter] = []
    for seat in actor.mandates:
        parts: list[Filter] = [Condition(f"{path}board", "is", seat.board_id)]
        if not seat.active(today):
            if seat.from_on is not None:
                parts.append(Condition(f"{path}when", "ge", seat.from_on))
            if seat.to_on is not None:
                parts.append(Condition(f"{path}when", "lt", seat.to_on + timedelta(days=1)))
        seats.append(All(tuple(parts)))
    if not seats:
        return NOTHING
    return All((Condition(f"{path}state", "in", lifecycle.PUBLIC_STATES), Any_(tuple(seats))))


def boards_of(actor: Actor, _today: date) -> Filter:
    """Give the filter of the boards where the actor sits or sat."""
    ids = tuple(sorted({seat.board_id for seat in actor.mandates}))
    return Condition("id", "in", ids) if ids else NOTHING


def items_of(actor: Actor, today: date) -> Filter:
    """Give the filter of agenda items: those of the meetings they may see."""
    return meetings_of(actor, today, "meeting.")


def decisions_of(actor: Actor, today: date) -> Filter:
    """Give the filter of decisions: those of the meetings they may see."""
    return meetings_of(actor, today, "agenda_item.meeting.")


def own_follow_ups(actor: Actor, _today: date) -> Filter:
    """Give the filter of the follow-ups that the actor's person took on."""
    return NOTHING if actor.person_id is None else Condition("responsible", "is", actor.person_id)
