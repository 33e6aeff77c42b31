"""An event with one of each of what hangs on it, for tests that need a record of every type."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def make_event(uow: UnitOfWork, person: int) -> int:
    """Make an event of October 2026 with a session, a person who attended, and an answer; gives the event."""
    make = uow.records.create
    event = make("event", {"title": "Workshop om data", "kind": "workshop", "when": "2026-10-20", "place": "Odense"})
    make("session", {"title": "Velkomst", "event": event, "when": "2026-10-20 09:00", "speaker": "Anne Holm"})
    make("participation", {"event": event, "person": person, "status": "attended"})
    make("evaluation", {"event": event, "content": "satisfied", "comment": "Godt program"})
    return event
