"""The list of an event as people look at it: who, from where, and how they stand. Names as far as the actor may see them.

Of who is not written down yet, it shows where they are by their positions on the event's day as they are known today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, func, select

from crm.directory.models import Organisation
from crm.events import rules
from crm.events.models import Event, Participation
from crm.events.places import regions_on
from crm.events.rules import Seats
from crm.events.tallies import Facts, Line, PartFact
from crm.filters import Condition
from crm.kernel.clock import local_day
from crm.kernel.text import sort_key
from crm.records.models import RecordLink, record_table
from crm.records.query import Title, matching_ids, titles
from crm.records.types import LinkFacts
from crm.records.work import UnitOfWork

_link: Final[Any] = RecordLink.__table__
_part: Final[Any] = Participation.__table__


@dataclass(frozen=True, slots=True)
class Participant:
    """A person on an event's list. `is_frozen`: what stands here is that of the day; else it is how it looks today."""

    id: int
    person: Title | None
    status: str
    role: str
    organisation: Title | None = None
    position: str = ""
    regions: tuple[str, ...] = ()
    is_frozen: bool = False
    is_cluster: bool = False
    region_rule: str | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """The person's name; empty where the actor may not see who it is."""
        return "" if self.person is None else self.person.title


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of an event's list have each status."""

    numbers: dict[str, int]
    seats: Seats

    @property
    def total(self) -> int:
        """How many there are on the list."""
        return sum(self.numbers.values())


def standing_of(uow: UnitOfWork, event_id: int, capacity: int | None) -> Standing:
    """Count an event's list by status: one query.

    Raises:
        AccessDenied: participations may not be read.
    """
    ids = _of_event(uow, event_id)
    counted = select(_part.c.status, func.count().label("number")).where(_part.c.id.in_(ids)).group_by(_part.c.status)
    numbers = {row.status: row.number for row in uow.session.execute(counted)}
    return Standing(numbers, Seats(sum(numbers.get(status, 0) for status in rules.SIGNED_UP), capacity))


def count_list(uow: UnitOfWork, event_id: int) -> int:
    """Count who is on an event's list, those who sent regrets left out."""
    ids = _of_event(uow, event_id)
    counted = select(func.count()).select_from(_part).where(_part.c.id.in_(ids), _part.c.status != rules.SENT_REGRETS)
    return uow.session.scalar(counted) or 0


def _of_event(uow: UnitOfWork, event_id: int) -> Select[Any]:
    return matching_ids(uow, "participation", Condition("event", "is", event_id))


def read_participants(uow: UnitOfWork, event: Event, *, statuses: Sequence[str] = ()) -> list[Participant]:
    """Give an event's list in the order of the names, Danish letters last; of some statuses, or all.

    Raises:
        AccessDenied: participations may not be read.
    """
    readable = uow.access.readable("participation")
    statement = select(_part).where(_part.c.id.in_(_of_event(uow, event.id)))
    if statuses:
        statement = statement.where(_part.c.status.in_(statuses))
    rows = uow.session.execute(statement).mappings().all()
    day = uow.today() if event.starts_at is None else local_day(event.starts_at, uow.zone)
    work = _positions(uow, [row["person_id"] for row in rows if row["frozen_on"] is None], day)
    where = {row["id"]: row["organisation_id"] or _to(work.get(row["person_id"]), row) for row in rows}
    named = titles(uow, [*(row["person_id"] for row in rows), *(one for one in where.values() if one)])
    homes = _homes(uow, {one for one in where.values() if one})
    found = []
    for row in rows:
        home, held = where[row["id"]], work.get(row["person_id"])
        coverage = homes.get(home or 0, {})
        values = _shown(row, readable)
        frozen = row["frozen_on"] is not None
        position = values["position"] or (held.role if not frozen and held is not None and held.to_id == home else "")
        regions = tuple(values["regions"] or ([values["region"]] if values["region"] else []))
        found.append(
            Participant(
                row["id"],
                named.get(values["person_id"]) if values["person_id"] else None,
                values["status"] or "",
                values["role_at_event"] or "",
                named.get(home) if home and _may(readable, "organisation") else None,
                position if _may(readable, "position") else "",
                regions or (() if frozen or not _may(readable, "region") else regions_on(coverage, day)),
                frozen,
                coverage.get("kind") == "cluster",
                coverage.get("region_rule") if coverage.get("kind") == "cluster" else None,
                values["note"] or "",
            )
        )
    return sorted(found, key=lambda one: (sort_key(one.name), one.id))


def _may(readable: Any, name: str) -> bool:
    return readable is None or name in readable


def _shown(row: Any, readable: Any) -> dict[str, Any]:
    """Give the values that the actor may read, the others empty."""
    columns = {"person_id": "person", "organisation_id": "organisation"}
    return {name: value if _may(readable, columns.get(name, name)) else None for name, value in row.items()}


def _to(held: LinkFacts | None, row: Any) -> int | None:
    return held.to_id if held is not None and row["frozen_on"] is None else None


def _positions(uow: UnitOfWork, people: Iterable[int], day: date) -> dict[int, LinkFacts]:
    """Give the position of each person on a day, where positions may be read."""
    ids = sorted(set(people))
    readable = uow.access.readable("person") if uow.access.may("read", "person") else frozenset()
    if not ids or not _may(readable, "positions"):
        return {}
    columns = (_link.c.from_id, _link.c.to_id, _link.c.role, _link.c.from_on, _link.c.to_on)
    seen = matching_ids(uow, "person").where(record_table.c.id.in_(ids))
    held: dict[int, list[LinkFacts]] = {}
    statement = select(*columns).where(_link.c.from_id.in_(seen), _link.c.field == "positions").order_by(_link.c.id)
    for row in uow.session.execute(statement):
        held.setdefault(row.from_id, []).append(LinkFacts(row.to_id, row.role, row.from_on, row.to_on))
    found = {person: rules.position_on(links, day) for person, links in held.items()}
    return {person: one for person, one in found.items() if one is not None}


def _homes(uow: UnitOfWork, ids: set[int]) -> dict[int, dict[str, Any]]:
    """Give what decides the region of organisations; nothing to whoever may not read where they lie."""
    readable = uow.access.readable("organisation") if uow.access.may("read", "organisation") else frozenset()
    if not ids or not (
        readable is None or readable.issuperset({"kind", "municipality", "primary_region", "regions", "region_rule"})
    ):
        return {}
    columns = (
        Organisation.id,
        Organisation.kind_of,
        Organisation.municipality_code,
        Organisation.primary_region,
        Organisation.regions,
        Organisation.region_rule,
    )
    rows = uow.session.execute(select(*columns).where(Organisation.id.in_(sorted(ids))))
    return {
        row.id: {
            "kind": row.kind_of,
            "municipality": row.municipality_code,
            "primary_region": row.primary_region,
            "regions": row.regions,
            "region_rule": row.region_rule,
        }
        for row in rows
    }


def by_region(participants: Sequence[Participant], keys: Sequence[str]) -> list[Line]:
    """Sum up those who signed up, sent regrets left out, by region; each region of `keys` has a line."""
    counted = [one for one in participants if one.status != rules.SENT_REGRETS]
    parts = [
        PartFact(0, 1, one.organisation.id if one.organisation else None, one.is_cluster, one.regions, one.region_rule)
        for one in counted
    ]
    return Facts((), parts).by_region(keys)
