"""The papers of an event as plain data: the list of participants, and the name badges. Renderers draw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from crm.kernel.i18n import Label
from crm.kernel.text import clean

NAME: Final = Label(da="Navn", en="Name")
ORGANISATION: Final = Label(da="Organisation", en="Organisation")
POSITION: Final = Label(da="Stilling", en="Position")
PRESENT: Final = Label(da="Mødt", en="Here")
LIST_TITLE: Final = Label(da="Deltagerliste", en="List of participants")
BADGES_TITLE: Final = Label(da="Navneskilte", en="Name badges")
PAGE: Final = Label(da="Side", en="Page")
OF: Final = Label(da="af", en="of")
NOBODY: Final = Label(da="Der er ingen på listen.", en="There is nobody on the list.")


@dataclass(frozen=True, slots=True)
class Guest:
    """A person as a paper names them; `role` is empty for plain participants."""

    name: str
    organisation: str = ""
    position: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class EventPaper:
    """What both papers are drawn from.

    Attributes:
        title: the event's name.
        facts: lines under it: when, where.
        guests: in the order in which they are printed.
        note: how many there are, and who is meant by them.
        office: who made it.
        tick: whether the list has a box to tick for each who comes.
        locale: the language of the paper's own words.
        day: the event's first day, for the file's name.
    """

    title: str
    facts: tuple[str, ...]
    guests: tuple[Guest, ...]
    note: str
    office: str
    tick: bool = True
    locale: str = "da"
    day: date | None = None

    def file_name(self, kind: Label, suffix: str) -> str:
        """Give the name of a paper's file: 2026-10-20 Workshop om data deltagerliste.docx."""
        parts = (
            "" if self.day is None else self.day.isoformat(),
            clean(self.title).replace("/", "-")[:120],
            kind(self.locale).lower(),
        )
        return f"{' '.join(part for part in parts if part)}.{suffix}"

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the list's columns."""
        words = (NAME, ORGANISATION, POSITION, *((PRESENT,) if self.tick else ()))
        return tuple(one(self.locale) for one in words)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows of the list."""
        box = ("☐",) if self.tick else ()
        return tuple((_named(one), one.organisation, one.position, *box) for one in self.guests)


def _named(guest: Guest) -> str:
    return f"{guest.name} ({guest.role.lower()})" if guest.role else guest.name


def roles_of(options: Sequence[tuple[str, Label]], locale: str) -> Mapping[str, str]:
    """Give the words for roles that a paper names: a plain participant has none."""
    return {key: "" if key == "participant" else label(locale) for key, label in options}
