"""Reads of the work abroad: who was helped where in a period, and what concerns one organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, or_, select

from crm.international.countries import countries
from crm.international.models import InternationalActivity, OutsideSeat
from crm.international.rules import ActivityFacts, EenTotals, totals
from crm.kernel.clock import day_start
from crm.kernel.errors import AccessDenied
from crm.records import query
from crm.records.models import RecordLink, record_table
from crm.records.query import Row, Title, titles

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

KEY: Final = "international_activity"
SEAT_KEY: Final = "outside_seat"
#: What must be readable for any number to be told.
COUNTED: Final = frozenset({"cluster", "companies", "company_count", "country", "held"})
_activity: Final[Any] = InternationalActivity.__table__
_seat: Final[Any] = OutsideSeat.__table__
_link: Final[Any] = RecordLink.__table__
#: So many activities stand on an organisation's page; the list has the rest.
MOST: Final = 50


def een_between(uow: UnitOfWork, first: date | None, last: date | None) -> EenTotals:
    """Count who was helped abroad in a period, by country: two queries, and one for the organisations that may be seen.

    Clusters and companies count once, in each country and over all; organisations that the actor may not see count not at all.

    Args:
        uow: the transaction.
        first: the first day; None begins with the first activity.
        last: the last day, included; None has no end. Activities without a date count only where both are None.

    Raises:
        AccessDenied: activities, or one of the fields that are counted, may not be read.
    """
    inside = _within(uow, first, last)
    cluster = record_table.alias()  # one in the trash is none
    wanted = (record_table.c.id, _activity.c.country, cluster.c.id.label("cluster_id"), _activity.c.company_count)
    statement = _live(uow, select(*wanted), cluster).where(*inside)
    rows = uow.session.execute(statement).all()
    links = uow.session.execute(_linked(uow, inside)).all()
    seen = visible_organisations(uow, {*(row.cluster_id for row in rows if row.cluster_id), *(row.to_id for row in links)})
    companies: dict[int, set[int]] = {}
    for row in links:
        if row.to_id in seen:
            companies.setdefault(row.from_id, set()).add(row.to_id)
    facts = (
        ActivityFacts(row.id, row.country, row.cluster_id if row.cluster_id in seen else None, row.company_count or 0)
        for row in rows
    )
    return totals(facts, companies, {option.key: place for place, option in enumerate(countries())})


def visible_organisations(uow: UnitOfWork, ids: set[int]) -> set[int]:
    """Give those of some organisations that the actor may see: nothing is asked when they may see all."""
    record_type = uow.registry.get("organisation")
    if not uow.access.may("read", record_type.key):
        return set()
    visible = uow.visible(record_type)
    if not ids or visible is None:
        return ids
    source = uow.registry.storage(record_type.key).source()
    found: set[int] = set()
    listed = sorted(ids)
    for start in range(0, len(listed), 500):
        statement = select(record_table.c.id).select_from(source).where(visible, record_table.c.id.in_(listed[start : start + 500]))
        found.update(uow.session.scalars(statement))
    return found


def _live(uow: UnitOfWork, statement: Select[Any], cluster: FromClause | None = None) -> Select[Any]:
    """Narrow a select to the activities that the actor may see.

    Raises:
        AccessDenied: none, or not what is counted of them.
    """
    readable = uow.access.readable(KEY)
    if readable is not None and not readable >= COUNTED:
        raise AccessDenied
    source: FromClause = record_table.join(_activity, _activity.c.id == record_table.c.id)
    if cluster is not None:
        source = source.outerjoin(cluster, and_(cluster.c.id == _activity.c.cluster_id, cluster.c.deleted_at.is_(None)))
    return statement.select_from(source).where(*query.live(uow, uow.registry.get(KEY)))


def _within(uow: UnitOfWork, first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    held = record_table.c.starts_at
    found: list[ColumnElement[bool]] = []
    if first is not None:
        found.append(held >= day_start(first, uow.zone))
    if last is not None:
        found.append(held < day_start(last + timedelta(days=1), uow.zone))
    return found


def _linked(uow: UnitOfWork, inside: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Select the companies of the activities of a period; records in the trash are none."""
    ids = _live(uow, select(record_table.c.id)).where(*inside)
    other = record_table.alias()
    return (
        select(_link.c.from_id, _link.c.to_id)
        .join(other, and_(other.c.id == _link.c.to_id, other.c.deleted_at.is_(None)))
        .where(_link.c.field == "companies", _link.c.from_id.in_(ids))
    )


@dataclass(frozen=True, slots=True)
class Helped:
    """An organisation that was helped, and in how many activities."""

    title: Title
    activities: int


def helped_between(uow: UnitOfWork, who: str, country: str | None, first: date | None, last: date | None) -> list[Helped]:
    """Give the organisations behind a number of the totals, by name: the clusters, or the companies that are records.

    Args:
        uow: the transaction.
        who: `clusters` or `companies`.
        country: two letters; "" for activities without one; None for all.
        first: the first day, or None.
        last: the last day, included, or None.
    """
    inside = _within(uow, first, last)
    if country is not None:
        inside.append(_activity.c.country == country if country else _activity.c.country.is_(None))
    if who == "clusters":
        statement = _live(uow, select(_activity.c.cluster_id.label("id"), func.count().label("number")))
        statement = statement.where(*inside, _activity.c.cluster_id.is_not(None)).group_by(_activity.c.cluster_id)
    else:
        pairs = _linked(uow, inside).subquery()
        number = func.count(func.distinct(pairs.c.from_id)).label("number")
        statement = select(pairs.c.to_id.label("id"), number).group_by(pairs.c.to_id)
    numbers: Mapping[int, int] = {row.id: row.number for row in uow.session.execute(statement)}
    known = titles(uow, numbers)
    return sorted((Helped(title, numbers[key]) for key, title in known.items()), key=lambda one: one.title.title.casefold())


def about_organisation(uow: UnitOfWork, record_id: int) -> list[Row]:
    """Give the activities of a cluster or company, the latest first. Ask only about organisations that may be read."""
    record_type = uow.registry.get(KEY)
    wanted = query.readable_fields(uow, record_type)
    statement = uow.registry.storage(KEY).select(wanted).where(*_concerning(uow, record_id))
    rows = uow.session.execute(statement.order_by(record_table.c.starts_at.desc(), record_table.c.id.desc()).limit(MOST))
    return [query.read_row(uow, record_type, row, wanted) for row in rows.mappings()]


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of ours in an organisation's board, and who holds it."""

    row: Row
    person: Title | None


def seats_in(uow: UnitOfWork, record_id: int) -> list[Seat]:
    """Give our seats in an organisation, the latest first; none where the actor may not read which organisation one is in."""
    readable = uow.access.readable(SEAT_KEY)
    if not uow.access.may("read", SEAT_KEY) or (readable is not None and "organisation" not in readable):
        return []
    record_type = uow.registry.get(SEAT_KEY)
    wanted = query.readable_fields(uow, record_type)
    statement = uow.registry.storage(SEAT_KEY).select(wanted).where(*query.live(uow, record_type, by_type=False))
    statement = statement.where(_seat.c.organisation_id == record_id).order_by(record_table.c.starts_at.desc(), record_table.c.id)
    rows = [query.read_row(uow, record_type, row, wanted) for row in uow.session.execute(statement).mappings()]
    people = titles(uow, [row.values["person"] for row in rows if row.values.get("person")])
    return [Seat(row, people.get(row.values.get("person") or 0)) for row in rows]


def count_about(uow: UnitOfWork, record_id: int) -> int:
    """Count them."""
    source = uow.registry.storage(KEY).source()
    return uow.session.scalar(select(func.count()).select_from(source).where(*_concerning(uow, record_id))) or 0


def _concerning(uow: UnitOfWork, record_id: int) -> list[ColumnElement[bool]]:
    """Give the conditions; a side that the actor may not read of activities does not count."""
    readable = uow.access.readable(KEY)
    sides: list[ColumnElement[bool]] = []
    if readable is None or "cluster" in readable:
        sides.append(_activity.c.cluster_id == record_id)
    if readable is None or "companies" in readable:
        linked = select(_link.c.from_id).where(_link.c.to_id == record_id, _link.c.field == "companies")
        sides.append(_activity.c.id.in_(linked))
    return [*query.live(uow, uow.registry.get(KEY), by_type=False), or_(False, *sides)]
