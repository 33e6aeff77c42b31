"""What somebody took part in: the events of a person, or of the people who came from an organisation, the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, select

from crm.events.models import Event, Participation
from crm.filters import Condition
from crm.kernel.i18n import Label
from crm.records.fields import KINDS, DateValue
from crm.records.models import record_table
from crm.records.query import Title, matching_ids, titles
from crm.records.work import UnitOfWork

#: So many stand on the page.
MOST: Final = 200
_part: Final[Any] = Participation.__table__
_event: Final[Any] = Event.__table__


@dataclass(frozen=True, slots=True)
class TakenPart:
    """An event that somebody was on the list of. `other` is the other side: a person's organisation, an organisation's person."""

    participation_id: int
    event: Title
    kind: Label | None
    when: DateValue | None
    status: str
    role: str
    other: Title | None
    position: str


def count_taken_part(uow: UnitOfWork, type_key: str, record_id: int) -> int:
    """Count them: one query."""
    ids = _of(uow, type_key, record_id)
    return uow.session.scalar(select(func.count()).select_from(_part).where(_part.c.id.in_(ids))) or 0


def _of(uow: UnitOfWork, type_key: str, record_id: int) -> Select[Any]:
    return matching_ids(uow, "participation", Condition(type_key, "is", record_id))


def _days(when: DateValue, zone: str) -> DateValue:
    """Give the days without the time of day: in a list of years it says nothing."""
    first, last = when.first_day(zone), when.last_day(zone)
    return DateValue(first, None if last == first else last)


def taken_part(uow: UnitOfWork, type_key: str, record_id: int) -> list[TakenPart]:
    """Give the events of a person or organisation, by the participations that the actor may see.

    Raises:
        AccessDenied: participations may not be read.
        InvalidInput: the field that leads there may not be read.
    """
    other = "organisation" if type_key == "person" else "person"
    readable = uow.access.readable("participation")

    def may(name: str) -> bool:
        return readable is None or name in readable

    columns = (_part.c.id, _part.c.event_id, _part.c.status, _part.c.role_at_event, _part.c.position)
    others = _part.c[f"{other}_id"].label("other_id")
    spine = (record_table.c.starts_at, record_table.c.ends_at, record_table.c.all_day)
    source = _part.join(_event, _event.c.id == _part.c.event_id).join(record_table, record_table.c.id == _part.c.event_id)
    statement = select(*columns, others, _event.c.kind_of, *spine).select_from(source)
    statement = statement.where(_part.c.id.in_(_of(uow, type_key, record_id)))
    rows = uow.session.execute(statement.order_by(record_table.c.starts_at.desc(), _part.c.id.desc()).limit(MOST)).all()
    named = titles(uow, [one for row in rows for one in (row.event_id, row.other_id) if one])
    event_type = uow.registry.get("event")
    sees = uow.access.readable("event")
    kinds = {option.key: option.label for option in event_type.by_name["kind"].options}
    when = event_type.by_name["when"]
    found = []
    for row in rows:
        event = named.get(row.event_id)
        if event is None or not may("event"):
            continue
        held = KINDS["date"].from_columns(when, (row.starts_at, row.ends_at, row.all_day), uow.zone)
        found.append(
            TakenPart(
                row.id,
                event,
                kinds.get(row.kind_of) if sees is None or "kind" in sees else None,
                None if held is None or not (sees is None or "when" in sees) else _days(held, uow.zone),
                row.status if may("status") else "",
                row.role_at_event if may("role_at_event") else "",
                named.get(row.other_id or 0) if may(other) else None,
                (row.position or "") if may("position") else "",
            )
        )
    return found
