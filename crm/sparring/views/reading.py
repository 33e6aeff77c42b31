"""How a line was read, in words: what stands below it while one types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from crm.kernel.i18n import Label
from crm.records.query import titles
from crm.records.work import UnitOfWork
from crm.sparring.line import Known
from crm.sparring.queries.names import Reading
from crm.sparring.types import SPARRING
from crm.sparring.views.form import LogForm

#: So many of those that words may mean are offered.
MOST_OPTIONS: Final = 6


@dataclass(frozen=True, slots=True)
class Told:
    """A thing that was understood: which field, and what it says."""

    name: str
    label: Label
    text: Any


@dataclass(frozen=True, slots=True)
class Offer:
    """One of those that some words may mean."""

    id: int
    is_person: bool
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words that were not understood, or that may mean several."""

    words: str
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """All of it. `may_be_person` says whether unread words may still be somebody new."""

    told: tuple[Told, ...]
    doubts: tuple[Doubt, ...]
    problem: Any
    may_be_person: bool


def reading_lines(uow: UnitOfWork, reading: Reading, form: LogForm, locale: str) -> Lines:
    """Word a reading; the names of what some words may mean are those that the actor may see."""
    quick = reading.quick
    options = [one for unsure in quick.unsure for one in unsure.options[:MOST_OPTIONS]]
    places = titles(uow, {place for one in options for place in one.organisations[:1]})
    unsure = (Doubt(one.words, tuple(_offer(option, places) for option in one.options[:MOST_OPTIONS])) for one in quick.unsure)
    unread = (Doubt(words) for words in quick.unread)
    return Lines(tuple(_told(form, locale)), (*unsure, *unread), reading.problems.get("line"), quick.person is None)


def _offer(known: Known, places: Any) -> Offer:
    place = places.get(known.organisations[0]) if known.organisations else None
    return Offer(known.id, known.is_person, known.name, "" if place is None else place.title)


def _told(form: LogForm, locale: str) -> Iterator[Told]:
    values, fields = form.values, SPARRING.by_name
    if values.get("person"):
        yield Told("person", fields["person"].label, form.names[values["person"]])
    if values.get("organisations"):
        yield Told("organisations", fields["organisations"].label, ", ".join(form.names[one] for one in values["organisations"]))
    if values.get("minutes"):
        yield Told("minutes", fields["minutes"].label, f"{values['minutes']} min.")
    for name in ("channel", "topics"):
        keys = values.get(name) or []
        words = [
            option.label(locale)
            for option in fields[name].options
            if option.key in keys and (name == "topics" or option.key == keys)
        ]
        if words:
            yield Told(name, fields[name].label, ", ".join(words))
    if values.get("held"):
        yield Told("held", fields["held"].label, date.fromisoformat(values["held"]))
    if values.get("note"):
        yield Told("note", fields["note"].label, values["note"])
    if values.get("next_step"):
        yield Told("next_step", fields["next_step"].label, values["next_step"])
        owner = form.users.get(int(values["next_owner"]), ("",))[0]
        yield Told("next_owner", fields["next_owner"].label, owner)
        yield Told("next_due", fields["next_due"].label, date.fromisoformat(values["next_due"]))
