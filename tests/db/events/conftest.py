"""A small world of events, on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from crm.kernel.db import Database
from crm.records.work import Works
from crm.security.actors import Actor
from tests.support.records import SYSTEM, add_actor, works_on


@dataclass(frozen=True, slots=True)
class World:
    """Ids of what was made; today is 1 December 2026."""

    works: Works
    staff: Actor
    nord: int
    aqua: int
    anne: int
    workshop: int
    later: int

    def take_part(self, person: int | None = None, event: int | None = None, **values: object) -> int:
        """Put a person on the list of an event."""
        with self.works.writing(self.staff) as uow:
            who = {"person": person or self.anne, "event": event or self.workshop}
            return uow.records.create("participation", {**who, **values})


@pytest.fixture
def world(database: Database) -> World:
    """Anne was with Nord in Aalborg to 31 October and has been with Aqua in Copenhagen since; the workshop was in between."""
    works = works_on(database)
    with works.writing(SYSTEM) as uow:
        make, link = uow.records.create, uow.records.link
        nord = make("organisation", {"title": "Grøn Energi Nord", "kind": "cluster", "municipality": "0851"})
        aqua = make("organisation", {"title": "Aqua Klyngen", "kind": "cluster", "municipality": "0101"})
        anne = make("person", {"given_name": "Anne", "family_name": "Holm", "email": "anne@nord.example"})
        link(anne, "positions", nord, role="Klyngechef", from_on=date(2024, 1, 1), to_on=date(2026, 10, 31))
        link(anne, "positions", aqua, role="Direktør", from_on=date(2026, 11, 1))
        workshop = make("event", {"title": "Workshop om data", "kind": "workshop", "when": "2026-10-20", "capacity": 2})
        later = make("event", {"title": "Camp 2027", "kind": "camp", "when": {"start": "2027-05-03", "end": "2027-05-04"}})
    return World(works, add_actor(database, "mette", [("*", "*")]), nord, aqua, anne, workshop, later)
