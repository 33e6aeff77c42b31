"""Puts the plan together: the world is filled part by part, the written stories are laid in, and all of it is sorted by time."""

from __future__ import annotations

from datetime import date

from crm.demo.batches import Batch
from crm.demo.plan.boards import add_boards
from crm.demo.plan.cases import add_cases, add_tasks
from crm.demo.plan.catalogue import add_catalogue
from crm.demo.plan.certificates import add_certificates
from crm.demo.plan.details import add_details
from crm.demo.plan.events import add_events
from crm.demo.plan.names import Inventor
from crm.demo.plan.organisations import add_organisations
from crm.demo.plan.outreach import add_activities, add_collaborations, add_library
from crm.demo.plan.people import add_people
from crm.demo.plan.sizes import Size
from crm.demo.plan.talks import add_talks
from crm.demo.plan.world import World
from crm.demo.stories import read_stories


def make_plan(load_day: date, size: Size, zone: str) -> list[Batch]:
    """Give all batches in the order of time: the same for the same day and size."""
    world = World(load_day, size, zone)
    inventor = Inventor(world.dice("names"))
    add_organisations(world, inventor)
    add_people(world, inventor)
    add_boards(world)
    add_certificates(world)
    add_catalogue(world)
    add_events(world)
    add_talks(world)
    add_cases(world)
    add_tasks(world)
    add_activities(world)
    add_collaborations(world)
    add_library(world)
    add_details(world, inventor)
    return sorted([*world.batches(), *read_stories(load_day, zone)], key=lambda batch: batch.moment)
