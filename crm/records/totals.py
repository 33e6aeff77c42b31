"""What a list's columns add up to, over the whole result or by group: sums, averages, the first and the last date. Exact.

A record with several values of the field that makes the groups counts in each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, and_, func, literal_column, select, type_coerce

from crm.filters import EVERYTHING, Filter
from crm.filters.resolve import Context, resolve
from crm.kernel.clock import local_day
from crm.kernel.db import Fixed4
from crm.records.models import record_table
from crm.records.query import live
from crm.records.sql import SqlFilter
from crm.records.storage import field_key
from crm.records.types import Column, Data, Field, RecordType
from crm.records.value_models import RecordValue

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: How each kind is summed up; other kinds are not.
HOW: Final[Mapping[str, str]] = {
    "number": "sum",
    "duration": "sum",
    "money": "sum",
    "progress": "average",
    "rating": "average",
    "date": "range",
}
#: Sums are taken in two halves, so that no database's largest integer is in the way.
_HALF: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """What one column comes to: a sum (of money by currency), an average, or the first and the last day."""

    sums: Mapping[str, Decimal] = field(default_factory=dict)
    average: Decimal | None = None
    first: date | None = None
    last: date | None = None
    #: Records that have a value at all.
    filled: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """One group, or the whole result (key None): how many records, and what their columns come to, by field."""

    key: Any
    number: int
    figures: Mapping[str, Figure]


def is_summed(item: Field) -> bool:
    """Whether a column of this field comes to anything: a year or a number of a thing does not."""
    return item.kind in HOW and not (item.kind == "number" and item.config.get("plain"))


class Asker:
    """Asks over one list: its type, filter and the actor's rights."""

    def __init__(self, uow: UnitOfWork, type_key: str, where: Filter = EVERYTHING) -> None:
        self.uow = uow
        self.type: RecordType = uow.registry.get(type_key)
        uow.access.require("read", type_key)
        self.compiler = SqlFilter(uow.registry, self.type, uow.zone, access=uow.access)
        self.storage = uow.registry.storage(type_key)
        tree = resolve(where, self.compiler.kind_of, Context(uow.actor.user_id, uow.today()))
        self.conditions = [*live(uow, self.type), self.compiler.compile(tree)]

    def several(self, item: Field) -> tuple[FromClause, ColumnElement[Any]]:
        """Give the tables joined with the single values of a field that holds several, and the column of their keys."""
        value = RecordValue.__table__.alias()
        of_field = and_(value.c.record_id == record_table.c.id, value.c.type_id == self.type.id, value.c.field == field_key(item))
        return self.storage.source().outerjoin(value, of_field), value.c.key

    def totals(
        self, names: Sequence[str], group: ColumnElement[Any] | None = None, source: FromClause | None = None
    ) -> list[Totals]:
        """Sum up these columns: one query, and one more for each column of money.

        Args:
            names: fields that `is_summed`.
            group: what makes the groups; None for one over all.
            source: the tables, when the groups need more than the type's own.
        """
        tables = self.storage.source() if source is None else source
        items = [self.compiler.field(name) for name in names]
        columns: list[ColumnElement[Any]] = [func.count().label("number")]
        for place, item in enumerate(items):
            columns += _measures(self.compiler.value_column(item.api_name), HOW[item.kind], place)
        rows = self.uow.session.execute(self._grouped(columns, group, tables)).all()
        money = {item.api_name: self._money(item, group, tables) for item in items if item.kind == "money"}
        found = []
        for row in rows:
            cells = row._mapping  # noqa: SLF001 - the way SQLAlchemy gives a row by name
            key = cells["key"] if group is not None else None
            figures = {
                item.api_name: _figure(cells, item, self.compiler.value_column(item.api_name), place, self.uow.zone)
                for place, item in enumerate(items)
            }
            for name, by_key in money.items():
                figures[name] = Figure(sums=by_key.get(key, {}), filled=figures[name].filled)
            found.append(Totals(key, cells["number"], figures))
        return found

    def _grouped(self, columns: list[ColumnElement[Any]], group: ColumnElement[Any] | None, tables: FromClause) -> Select[Any]:
        if group is None:
            return select(*columns).select_from(tables).where(*self.conditions)
        return select(group.label("key"), *columns).select_from(tables).where(*self.conditions).group_by(group)

    def _money(self, item: Field, group: ColumnElement[Any] | None, tables: FromClause) -> dict[Any, dict[str, Decimal]]:
        column = self.compiler.value_column(item.api_name)
        currency = self._currency(item)
        statement = self._grouped([currency.label("currency"), *_measures(column, "sum", 0)], group, tables)
        sums: dict[Any, dict[str, Decimal]] = defaultdict(dict)
        for row in self.uow.session.execute(statement.where(column.is_not(None)).group_by(currency).order_by(currency)):
            cells = row._mapping  # noqa: SLF001 - as above
            sums[cells["key"] if group is not None else None][cells["currency"] or ""] = _sum(cells, 0, column)
        return sums

    def _currency(self, item: Field) -> ColumnElement[Any]:
        place = item.place
        if isinstance(place, Data):
            text: ColumnElement[Any] = record_table.c.data[(place.key, "currency")].as_string()
            return text
        table = self.storage.own
        if isinstance(place, Column) and table is not None and len(place.columns) > 1:
            return table.c[place.columns[1]]
        return literal_column("''")


def _measures(column: ColumnElement[Any], how: str, place: int) -> list[ColumnElement[Any]]:
    filled: ColumnElement[Any] = func.count(column).label(f"filled{place}")
    if how == "range":
        return [filled, func.min(column).label(f"first{place}"), func.max(column).label(f"last{place}")]
    raw = type_coerce(column, BigInteger)
    high = func.sum(raw.op("/")(literal_column(str(_HALF)))).label(f"high{place}")
    return [filled, high, func.sum(raw % literal_column(str(_HALF))).label(f"low{place}")]


def _sum(cells: Mapping[Any, Any], place: int, column: ColumnElement[Any]) -> Decimal:
    total = int(cells[f"high{place}"] or 0) * _HALF + int(cells[f"low{place}"] or 0)
    return Decimal(total) / 10_000 if isinstance(column.type, Fixed4) else Decimal(total)


def _figure(cells: Mapping[Any, Any], item: Field, column: ColumnElement[Any], place: int, zone: str) -> Figure:
    filled = cells[f"filled{place}"]
    if not filled:
        return Figure()
    if HOW[item.kind] == "range":
        return Figure(first=day_of_cell(cells[f"first{place}"], zone), last=day_of_cell(cells[f"last{place}"], zone), filled=filled)
    total = _sum(cells, place, column)
    if HOW[item.kind] == "average":
        return Figure(sums={"": total}, average=total / filled, filled=filled)
    return Figure(sums={"": total}, filled=filled)


def day_of_cell(held: Any, zone: str) -> date | None:
    """Give the office's day of what a date's column holds: a day, a moment, or a moment as text."""
    moment = datetime.fromisoformat(held) if isinstance(held, str) else held
    return local_day(moment, zone) if isinstance(moment, datetime) else moment
