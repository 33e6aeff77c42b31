"""Gathers an event's papers from its list, under the actor's rights."""

from __future__ import annotations

from crm.events import lifecycle, rules
from crm.events.models import Event
from crm.events.papers import EventPaper, Guest, roles_of
from crm.events.participants import read_participants
from crm.events.participation_type import ROLES
from crm.kernel import format as fmt
from crm.kernel.clock import local_day
from crm.kernel.i18n import N_
from crm.records.work import UnitOfWork


def paper_of(uow: UnitOfWork, event: Event, locale: str, office: str) -> EventPaper:
    """Give what an event's papers are drawn from: who attended, once it is held; before that who signed up, regrets left out.

    Raises:
        AccessDenied: participations may not be read.
    """
    held = event.state == lifecycle.HELD
    people = read_participants(uow, event, statuses=(rules.ATTENDED,) if held else (rules.REGISTERED, rules.ATTENDED))
    words = roles_of([(one.key, one.label) for one in ROLES], locale)
    guests = tuple(
        Guest(one.name, one.organisation.title if one.organisation else "", one.position, words.get(one.role, ""))
        for one in people
        if one.name
    )
    number, day = len(guests), fmt.day(uow.today(), locale)
    note = N_("%(number)s attended.", number=number) if held else N_("%(number)s signed up by %(day)s.", number=number, day=day)
    first = None if event.starts_at is None else local_day(event.starts_at, uow.zone)
    place = event.place if _may(uow, "place") else None
    facts = tuple(part for part in (_when(uow, event, locale), place) if part)
    return EventPaper(event.title, facts, guests, note(locale), office, tick=not held, locale=locale, day=first)


def _may(uow: UnitOfWork, name: str) -> bool:
    readable = uow.access.readable("event")
    return readable is None or name in readable


def _when(uow: UnitOfWork, event: Event, locale: str) -> str:
    if event.starts_at is None or not _may(uow, "when"):
        return ""
    if not event.all_day:
        return fmt.span(event.starts_at, event.ends_at, locale, zone=uow.zone)
    last = None if event.ends_at is None else local_day(event.ends_at, uow.zone)
    return fmt.day_span(local_day(event.starts_at, uow.zone), last, locale, "full")
