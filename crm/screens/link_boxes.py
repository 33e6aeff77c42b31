"""Links of a record, seen from one side: with role, period and note, each of which can be changed where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.kernel.i18n import Label
from crm.records.query import Row
from crm.records.related import LinkLine, links
from crm.records.relations import LinkSide
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.forms import LinkForm
from crm.screens.timeline import period


@dataclass(frozen=True, slots=True)
class LinkedLine:
    """A link and its period in words; `form` stands open when a change was refused."""

    link: LinkLine
    period: str
    current: bool
    form: LinkForm | None = None

    @property
    def typed(self) -> LinkForm:
        """Give the link as one would type it."""
        first, last = (one.strftime("%d.%m.%Y") if one is not None else "" for one in (self.link.from_on, self.link.to_on))
        other, note = str(self.link.other.id), self.link.note or ""
        return LinkForm(self.link.field.api_name, self.link.outgoing, other, self.link.role, first, last, note)


@dataclass(frozen=True, slots=True)
class LinkBox:
    """Links of one field, seen from one side."""

    side: LinkSide
    lines: tuple[LinkedLine, ...]
    may_change: bool
    #: The types to choose the other end from.
    targets: tuple[str, ...]
    form: LinkForm

    @property
    def key(self) -> str:
        """A name for this box on the page."""
        return self.side.key

    @property
    def field(self) -> Field:
        """The field of links."""
        return self.side.field

    @property
    def holder(self) -> RecordType:
        """The type that holds the field."""
        return self.side.type

    @property
    def label(self) -> Label:
        """How the record calls them."""
        return self.side.label

    @property
    def outgoing(self) -> bool:
        """Whether the record itself holds the links."""
        return self.side.outgoing


def load_boxes(
    uow: UnitOfWork,
    row: Row,
    sides: Sequence[LinkSide],
    locale: str,
    *,
    may_edit: bool,
    given: LinkForm | None = None,
    day: date | None = None,
) -> list[LinkBox]:
    """Give a box for each side: at most three queries for all. `given` is a refused form, as it was typed.

    With a `day` those links alone that held on it, and nothing to change.
    """
    lines = [line for line in links(uow, row.id) if day is None or line.current(day)] if sides else []
    today = day or uow.today()
    boxes = []
    for side in sides:
        own = [line for line in lines if _is_of(line, side)]
        mine = given if given is not None and (given.field, given.outgoing) == (side.field.api_name, side.outgoing) else None
        linked = [
            LinkedLine(
                line,
                period(line.from_on, line.to_on, locale),
                line.current(today),
                mine if mine is not None and mine.link_id == line.id else None,
            )
            for line in own
        ]
        boxes.append(
            LinkBox(
                side,
                tuple(linked),
                day is None and (may_edit if side.outgoing else uow.access.may("update", side.type.key)),
                side.field.targets if side.outgoing else (side.type.key,),
                mine if mine is not None and mine.link_id is None else LinkForm(side.field.api_name, side.outgoing),
            )
        )
    return boxes


def _is_of(line: LinkLine, side: LinkSide) -> bool:
    same = line.field.api_name == side.field.api_name and line.outgoing is side.outgoing
    return same and (side.outgoing or line.other.type_key == side.type.key)
