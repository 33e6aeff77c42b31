"""Sparrings on the timelines of people and organisations: by the day they were held, each once however the pages are cut."""

from __future__ import annotations

from crm.kernel.db import Database
from crm.records.query import one
from crm.records.work import Works
from crm.sparring.timeline import sparrings_of
from tests.support.records import SYSTEM, add_actor


def test_every_sparring_stands_once_by_its_day_however_the_pages_are_cut(database: Database, works: Works) -> None:
    """Several on a day, logged in no order; the clocks change on 25 October."""
    anna = add_actor(database, "anna", [("*", "*")])
    with works.writing(SYSTEM) as uow:
        cluster = uow.records.create("organisation", {"title": "Fjordklyngen"})
        person = uow.records.create("person", {"given_name": "Anne"})
    days = [f"2026-10-{20 + number * 7 % 10:02}" for number in range(25)] + ["2026-12-01"]
    with works.writing(anna) as uow:
        for number, day in enumerate(days):
            made = uow.records.create("sparring", {"held": day, "person": person if number % 2 else None})
            uow.records.link(made, "organisations", cluster)
    with works.reading(anna) as uow:
        row, found, before = one(uow, cluster), [], None
        while page := sparrings_of(uow, row, before, 4):
            found += page
            before = page[-1].id
        assert len({entry.line.id for entry in found}) == len(days) == len(found)
        held = [entry.line.values["held"].start.isoformat() for entry in found]
        assert held == sorted(days, reverse=True)
        moments = [entry.at for entry in found]
        assert moments == sorted(moments, reverse=True)
        assert len(sparrings_of(uow, one(uow, person), None, 50)) == len(days) // 2
