"""Sparrings as lines of the timelines of their person and organisations; each under the reader's rights, field by field.

A file beside the kit: the timeline is a screen of the platform's that a feature adds lines to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, bindparam, literal, or_, select

from crm.kernel.clock import day_start, local_day
from crm.kernel.i18n import N_
from crm.records.models import RecordLink, record_table
from crm.records.query import Row, live, read_row, readable_fields
from crm.records.types import Option
from crm.records.work import UnitOfWork
from crm.screens.present import user_names
from crm.screens.timeline_sources import Entry, register_source
from crm.sparring.models import Sparring
from crm.sparring.types import SPARRING

#: On whose pages sparrings stand.
SHOWN_ON: Final = ("person", "organisation")
#: A place in the source is the day's number and the record's: lines stand by the day on which they were held.
_DAY: Final = 10**10
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC).date()
_sparring: Final[Any] = Sparring.__table__
_link: Final[Any] = RecordLink.__table__


def _concerns(record_id: Any) -> Any:
    """Give the condition of the sparrings with a person, or for an organisation."""
    linked = select(_link.c.from_id).where(_link.c.to_id == record_id, _link.c.field == "organisations")
    return or_(_sparring.c.person_id == record_id, _sparring.c.id.in_(linked))


_SOME: Final = select(literal(1)).select_from(_sparring).where(_concerns(bindparam("record_id"))).exists()


@dataclass(frozen=True, slots=True)
class SparringLine:
    """A sparring on a timeline: what the reader may see of it."""

    row: Row
    topics: tuple[Option, ...]
    channel: Option | None
    adviser: str
    #: The office's day on which it was written down.
    logged_on: date

    @property
    def same_day(self) -> bool:
        """Whether it was logged on the day on which it was held: then its moment tells something."""
        held = self.row.values.get("held")
        return held is None or self.logged_on == held.start

    def value(self, name: str) -> Any:
        """Give a value, or None where the reader may not read it."""
        return self.row.values.get(name)


def sparrings_of(uow: UnitOfWork, row: Row, before: int | None, limit: int) -> Sequence[Entry]:
    """Give the latest sparrings with a person, or for an organisation, that the actor may see."""
    if row.type_key not in SHOWN_ON or not uow.access.may("read", SPARRING.key):
        return []
    record_type, spine = uow.registry.get(SPARRING.key), record_table.c
    fields = readable_fields(uow, record_type)
    statement = uow.registry.storage(SPARRING.key).select(fields).add_columns(spine.starts_at.label("held_at"))
    statement = statement.where(*live(uow, record_type, by_type=False), _concerns(row.id))
    if before is not None:
        day, record_id = divmod(before, _DAY)
        at = day_start(_FIRST + timedelta(days=day), uow.zone)
        statement = statement.where(or_(spine.starts_at < at, and_(spine.starts_at == at, spine.id < record_id)))
    rows = uow.session.execute(statement.order_by(spine.starts_at.desc(), spine.id.desc()).limit(limit)).mappings()
    return [_entry(uow, read_row(uow, record_type, found, fields), found["held_at"]) for found in rows]


def _entry(uow: UnitOfWork, row: Row, held_at: datetime) -> Entry:
    """One logged on its day stands at the moment it was logged; one logged later closes its day."""
    day = local_day(held_at, uow.zone)
    same = local_day(row.created_at, uow.zone) == day
    at = row.created_at if same else day_start(day + timedelta(days=1), uow.zone) - timedelta(seconds=1)
    return Entry((day - _FIRST).days * _DAY + row.id, at, row)


def named(uow: UnitOfWork, _row: Row, entries: Sequence[Entry], _locale: str) -> Sequence[SparringLine]:
    """Put names to the lines of a page: one query."""
    names = user_names(uow, {entry.line.owner_id for entry in entries if entry.line.owner_id is not None})
    return [shown(uow, entry.line, names) for entry in entries]


def shown(uow: UnitOfWork, row: Row, names: dict[int, str]) -> SparringLine:
    """Give a sparring as a line shows it."""
    keys = row.values.get("topics") or ()
    topics = tuple(option for option in SPARRING.by_name["topics"].options if option.key in keys)
    channel = SPARRING.by_name["channel"].option(row.values.get("channel") or "")
    return SparringLine(row, topics, channel, names.get(row.owner_id or 0, ""), local_day(row.created_at, uow.zone))


def install() -> None:
    """Register the lines; called once, when the app is made."""
    register_source(
        "sparring", N_("Sparring"), sparrings_of, template="sparring/_timeline_line.html", present=named, position=10, some=_SOME
    )
