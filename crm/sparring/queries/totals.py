"""Totals of sparrings: how many and how long, by organisation, topic, adviser, region and period. Counted in SQL, exact.

Only sparrings, organisations and fields that the actor may read are counted; the number of queries does not grow with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, or_, select, union_all

from crm.directory.models import Organisation
from crm.directory.regions import NOWHERE, Coverage, region_map, weights_on
from crm.filters import All, Condition, Filter
from crm.kernel.clock import day_start, local_day
from crm.kernel.errors import AccessDenied
from crm.kernel.i18n import Label
from crm.records.bounds import row_condition
from crm.records.models import RecordLink, record_table
from crm.records.query import live
from crm.records.storage import field_key
from crm.records.value_models import RecordValue
from crm.records.work import UnitOfWork
from crm.screens.present import user_names
from crm.sparring.models import Sparring
from crm.sparring.rules import Bucket, buckets_between
from crm.sparring.types import SPARRING, TOPICS

#: What totals go by, and the field that each needs.
DIMENSIONS: Final = {"organisation": "organisations", "topic": "topics", "adviser": "owner", "region": "organisations"}
#: What an organisation of the public catalogue has as its origin.
CATALOGUE: Final = "catalogue"
#: So many lines of a table at most; the largest first.
MOST_LINES: Final = 1000
#: So many ids a link to a list can name.
MOST_IDS: Final = 300
_sparring: Final[Any] = Sparring.__table__
_organisation: Final[Any] = Organisation.__table__
_link: Final[Any] = RecordLink.__table__
_COVERAGE: Final = ("municipality", "primary_region", "regions", "region_rule")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be counted: both days are included."""

    by: str
    unit: str
    first: date
    last: date
    with_catalogue: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table. `where` is the list that it counts (None: there is no such list); `record_id` is what it is about."""

    name: str | Label
    number: Fraction | int
    minutes: Fraction | int
    where: Filter | None = None
    record_id: int | None = None
    bucket: Bucket | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """All of it. `rules` are those by which clusters count in regions; `more` says that there are lines beyond the last."""

    asked: Asked
    total: Line
    organisations: int | None
    lines: tuple[Line, ...]
    periods: tuple[Line, ...]
    rules: tuple[str | None, ...] = ()
    more: bool = False
    shows_minutes: bool = True


def dimensions(uow: UnitOfWork) -> list[str]:
    """Give what the actor may count by."""
    readable = uow.access.readable(SPARRING.key)
    return [name for name, item in DIMENSIONS.items() if readable is None or item in readable]


def totals(uow: UnitOfWork, asked: Asked) -> Totals:
    """Count.

    Raises:
        AccessDenied: the actor may not read sparrings, or not what they are to be counted by.
    """
    uow.access.require("read", SPARRING.key)
    readable = uow.access.readable(SPARRING.key)
    if asked.by not in dimensions(uow) or (readable is not None and "held" not in readable):
        raise AccessDenied
    counter = _Counter(uow, asked, shows_minutes=readable is None or "minutes" in readable)
    lines, rules = counter.by_region() if asked.by == "region" else (_LINES[asked.by](counter), ())
    found = Totals(asked, counter.total(), counter.organisations(), tuple(lines[:MOST_LINES]), tuple(counter.by_period()), rules)
    return replace(found, more=len(lines) > MOST_LINES, shows_minutes=counter.shows_minutes)


class _Counter:
    """Counts one question; each method is one query or two."""

    def __init__(self, uow: UnitOfWork, asked: Asked, *, shows_minutes: bool) -> None:
        self.uow = uow
        self.asked = asked
        self.shows_minutes = shows_minutes
        self.type = uow.registry.get(SPARRING.key)
        self.source = uow.registry.storage(SPARRING.key).source()
        held = record_table.c.starts_at
        begin, end = day_start(asked.first, uow.zone), day_start(asked.last + timedelta(days=1), uow.zone)
        within = [*live(uow, self.type), held >= begin, held < end]
        self.conditions = within if asked.with_catalogue else [*within, not_(_of_catalogue_only())]
        self.left_out = [] if asked.with_catalogue else self._ids(within, _of_catalogue_only())

    def _ids(self, within: Sequence[ColumnElement[bool]], also: ColumnElement[bool]) -> list[int]:
        statement = select(record_table.c.id).select_from(self.source).where(*within, also)
        return list(self.uow.session.scalars(statement.order_by(record_table.c.id).limit(MOST_IDS + 1)))

    def where(self, *parts: Filter, first: date | None = None, last: date | None = None) -> Filter | None:
        """Give the filter of the list that a number counts; None where a list cannot say it."""
        if len(self.left_out) > MOST_IDS:
            return None
        out = (Condition("id", "not_in", tuple(self.left_out)),) if self.left_out else ()
        days = (
            Condition("held", "ge", (first or self.asked.first).isoformat()),
            Condition("held", "le", (last or self.asked.last).isoformat()),
        )
        return All((*days, *parts, *out))

    def measures(self) -> list[ColumnElement[Any]]:
        minutes = func.coalesce(func.sum(_sparring.c.minutes), 0) if self.shows_minutes else literal(0)
        return [func.count().label("number"), minutes.label("minutes")]

    def grouped(self, source: Any, *keys: ColumnElement[Any]) -> Select[Any]:
        statement = select(*keys, *self.measures()).select_from(source).where(*self.conditions).group_by(*keys)
        return statement.order_by(func.count().desc(), *keys).limit(MOST_LINES + 1)

    def total(self) -> Line:
        row = self.uow.session.execute(select(*self.measures()).select_from(self.source).where(*self.conditions)).one()
        return Line("", row.number, int(row.minutes), self.where())

    def organisations(self) -> int | None:
        """Count the organisations that had any; None where the actor may not read which."""
        if "organisation" not in dimensions(self.uow):
            return None
        source, spine, seen = self._with_organisations()
        statement = select(func.count(spine.c.id.distinct())).select_from(source).where(*self.conditions, *seen)
        return self.uow.session.scalar(statement) or 0

    def _with_organisations(self) -> tuple[Any, Any, list[ColumnElement[bool]]]:
        """Give the tables joined with the organisations of each sparring, and what the actor may see of those."""
        uow, spine, own, item = (
            self.uow,
            record_table.alias("org"),
            _organisation.alias("own_org"),
            self.uow.registry.get("organisation"),
        )
        linked = and_(_link.c.from_id == record_table.c.id, _link.c.field == "organisations")
        source = self.source.join(_link, linked).join(spine, spine.c.id == _link.c.to_id).join(own, own.c.id == spine.c.id)
        seen: list[ColumnElement[bool]] = [spine.c.type_id == item.id, spine.c.deleted_at.is_(None)]
        bound = row_condition(uow, item, "read", spine, own)
        if not uow.access.may("read", item.key):
            raise AccessDenied
        if bound is not None:
            seen.append(bound)
        if not self.asked.with_catalogue:
            seen.append(or_(own.c.origin.is_(None), own.c.origin != CATALOGUE))
        return source, spine, seen

    def by_organisation(self) -> list[Line]:
        source, spine, seen = self._with_organisations()
        rows = self.uow.session.execute(self.grouped(source, spine.c.id.label("key"), spine.c.title.label("name")).where(*seen))
        return [
            Line(row.name, row.number, int(row.minutes), self.where(Condition("organisations", "is", row.key)), row.key)
            for row in rows
        ]

    def by_topic(self) -> list[Line]:
        value, item = RecordValue.__table__, self.type.by_name["topics"]
        key = and_(value.c.record_id == record_table.c.id, value.c.type_id == self.type.id, value.c.field == field_key(item))
        rows = self.uow.session.execute(self.grouped(self.source.outerjoin(value, key), value.c.key)).all()
        names = {option.key: option.label for option in TOPICS}
        none = Label(da="Uden emne", en="No topic")
        return [
            Line(
                names.get(row.key, none) if row.key else none,
                row.number,
                int(row.minutes),
                self.where(Condition("topics", "has", row.key) if row.key else Condition("topics", "empty")),
            )
            for row in rows
        ]

    def by_adviser(self) -> list[Line]:
        rows = self.uow.session.execute(self.grouped(self.source, record_table.c.owner_id.label("key"))).all()
        names = user_names(self.uow, [row.key for row in rows if row.key is not None])
        none = Label(da="Uden rådgiver", en="No adviser")
        return [
            Line(
                names.get(row.key, none) if row.key is not None else none,
                row.number,
                int(row.minutes),
                self.where(Condition("owner", "is", row.key) if row.key is not None else Condition("owner", "empty")),
            )
            for row in rows
        ]

    def by_period(self) -> list[Line]:
        """Count by month, quarter or year: the database counts by day, since a day begins at another moment in summer."""
        keys = record_table.c.starts_at
        statement = select(keys, *self.measures()).select_from(self.source).where(*self.conditions).group_by(keys)
        days: dict[date, tuple[int, int]] = {}
        for at, number, minutes in self.uow.session.execute(statement):
            day = local_day(at, self.uow.zone) if isinstance(at, datetime) else at
            before = days.get(day, (0, 0))
            days[day] = before[0] + number, before[1] + int(minutes)
        found = []
        for bucket in buckets_between(self.asked.first, self.asked.last, self.asked.unit):
            inside = [sums for day, sums in days.items() if bucket.first <= day <= bucket.last]
            number, minutes = sum(one[0] for one in inside), sum(one[1] for one in inside)
            found.append(Line("", number, minutes, self.where(first=bucket.first, last=bucket.last), bucket=bucket))
        return found

    def by_region(self) -> tuple[list[Line], tuple[str | None, ...]]:
        """Count by the regions of the last day: whole organisations once a region, split ones by their share."""
        source, spine, seen = self._with_organisations()
        fields = tuple(self.uow.registry.get("organisation").by_name[name] for name in _COVERAGE)
        inside = select(spine.c.id).select_from(source).where(*self.conditions, *seen)
        storage = self.uow.registry.storage("organisation")
        rows = self.uow.session.execute(storage.select(fields).where(record_table.c.id.in_(inside))).mappings()
        places = {row["id"]: Coverage.of(storage.read(row, self.uow.zone, fields)) for row in rows}
        shares = {one: weights_on(coverage, self.asked.last) for one, coverage in places.items()}
        whole: dict[str | None, list[int]] = {}
        for one, weights in shares.items():
            if len(weights) < 2:
                whole.setdefault(next(iter(weights), None), []).append(one)
        split = {one: weights for one, weights in shares.items() if len(weights) > 1}
        counted = self._of_groups(
            {**{("whole", key): ids for key, ids in whole.items()}, **{("split", one): [one] for one in split}}
        )
        return self._region_lines(whole, split, counted), tuple(coverage.rule for coverage in places.values() if coverage.covered)

    def _of_groups(self, groups: dict[tuple[str, Any], list[int]]) -> dict[tuple[str, Any], tuple[int, int]]:
        """Count the sparrings of each group of organisations, each sparring once a group: one query."""
        if not groups:
            return {}
        numbered = list(groups.items())
        parts = []
        for place, (_key, ids) in enumerate(numbered):
            linked = select(_link.c.from_id).where(_link.c.field == "organisations", _link.c.to_id.in_(ids))
            part = select(literal(place).label("place"), *self.measures()).select_from(self.source)
            parts.append(part.where(*self.conditions, record_table.c.id.in_(linked)))
        rows = self.uow.session.execute(union_all(*parts))
        return {numbered[row.place][0]: (row.number, int(row.minutes)) for row in rows}

    def _region_lines(self, whole: Any, split: Any, counted: Any) -> list[Line]:
        found: dict[str | None, Line] = {}
        names = region_map().names
        for key, ids in whole.items():
            number, minutes = counted["whole", key]
            where = self.where(Condition("organisations", "in", tuple(ids))) if len(ids) <= MOST_IDS else None
            found[key] = Line(NOWHERE if key is None else names.get(key, key), number, minutes, where)
        for one, weights in split.items():
            number, minutes = counted["split", one]
            for key, share in weights.items():
                line = found.get(key, Line(names.get(key, key), 0, 0))
                # A share of a sparring stands in no list: the number is plain text.
                found[key] = replace(line, number=line.number + share * number, minutes=line.minutes + share * minutes, where=None)
        return sorted(found.values(), key=lambda line: (line.name == NOWHERE, -line.number))


def _of_catalogue_only() -> ColumnElement[bool]:
    """Give the condition of sparrings all of whose organisations come from the public catalogue."""

    def linked(origin: ColumnElement[bool]) -> ColumnElement[bool]:
        inside = select(_link.c.id).join(_organisation, _organisation.c.id == _link.c.to_id)
        return inside.where(_link.c.from_id == record_table.c.id, _link.c.field == "organisations", origin).exists()

    own = or_(_organisation.c.origin.is_(None), _organisation.c.origin != CATALOGUE)
    return and_(linked(_organisation.c.origin == CATALOGUE), not_(linked(own)))


_LINES: Final = {"organisation": _Counter.by_organisation, "topic": _Counter.by_topic, "adviser": _Counter.by_adviser}
