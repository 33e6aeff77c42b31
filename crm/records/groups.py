"""A list in groups: by a value, by one of several values, or by a part of a date, with counts and sums; and rows of each.

A part of a date is the office's: its bounds are put to the database, which knows no time zones that both kinds share.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Date, Select, case, func, literal, select, union_all

from crm.filters import All, Condition, Filter
from crm.filters.periods import span_of
from crm.filters.tree import bad_filter
from crm.kernel.clock import day_start
from crm.kernel.db import Moment
from crm.kernel.i18n import N_
from crm.records.models import record_table
from crm.records.query import NEVER_EMPTY, Row, compiled, live, read_page, readable_fields
from crm.records.sql import SqlFilter
from crm.records.storage import moment_text
from crm.records.totals import Asker, Totals, day_of_cell
from crm.records.types import Field

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: More parts of a date than anybody looks through.
MOST_PARTS: Final = 400
_WHOLE: Final = frozenset({"user", "relation", "rating"})


def grouped(asker: Asker, item: Field, part: str, names: Sequence[str]) -> list[Totals]:
    """Give the groups of a list, in no order; the key is the field's value, the first day of a part, or None for none.

    Args:
        asker: the list.
        item: the field.
        part: year, quarter, month, week or day of a date; "" for other kinds.
        names: the columns to sum up.

    Raises:
        InvalidInput: the field may not be read, or makes too many groups.
    """
    asker.compiler.field(item.api_name)
    if item.kind == "date":
        return _by_part(asker, item, part, names)
    if item.kind in {"choices", "users"}:
        source, column = asker.several(item)
        return [_with_key(item, one) for one in asker.totals(names, column, source)]
    return [_with_key(item, one) for one in asker.totals(names, asker.compiler.value_column(item.api_name))]


def _with_key(item: Field, one: Totals) -> Totals:
    key = one.key
    if key is None:
        return one
    if item.kind == "yes_no":
        key = bool(key)
    elif item.kind in _WHOLE or item.kind == "users":
        key = int(key)
    return Totals(key, one.number, one.figures)


def _by_part(asker: Asker, item: Field, part: str, names: Sequence[str]) -> list[Totals]:
    column, zone = asker.compiler.value_column(item.api_name), asker.uow.zone
    ends = select(func.min(column), func.max(column)).select_from(asker.storage.source()).where(*asker.conditions)
    first, last = (day_of_cell(held, zone) for held in asker.uow.session.execute(ends).one())
    starts: list[date] = []
    if first is not None and last is not None:
        start, after = span_of(part, first)
        while start <= last:
            starts.append(start)
            if len(starts) > MOST_PARTS:
                raise bad_filter(N_("That makes more than %(most)s groups: choose a longer part of the date.", most=MOST_PARTS))
            start, after = after, span_of(part, after)[1]
    if not starts:
        return [one for one in asker.totals(names) if one.number]
    bounds = [*(_bound(column, one, zone) for one in starts[1:]), _bound(column, span_of(part, starts[-1])[1], zone)]
    number = case(*((column < bound, place) for place, bound in enumerate(bounds)), else_=None)
    found = asker.totals(names, number)
    return [Totals(None if one.key is None else starts[int(one.key)], one.number, one.figures) for one in found]


def _bound(column: ColumnElement[Any], day: date, zone: str) -> Any:
    """Give the beginning of a day as the column holds it."""
    if isinstance(column.type, Date):
        return day
    return day_start(day, zone) if isinstance(column.type, Moment) else moment_text(day_start(day, zone))


def condition_of(item: Field, part: str, key: Any) -> Filter:
    """Give the filter that finds a group's records."""
    if key is None:
        return Condition(item.api_name, "empty")
    if item.kind == "date":
        first, after = span_of(part, key)
        span = (Condition(item.api_name, "ge", first.isoformat()), Condition(item.api_name, "lt", after.isoformat()))
        return All(span)
    if item.kind in {"choices", "users"}:
        return Condition(item.api_name, "has", key)
    return Condition(item.api_name, "is", key)


def rows_of_groups(
    uow: UnitOfWork,
    type_key: str,
    filters: Sequence[Filter],
    *,
    sort: str,
    descending: bool,
    size: int,
    fields: Sequence[str],
) -> list[list[Row]]:
    """Give the first rows under each filter, sorted as a list is: one query for all of them.

    Raises:
        InvalidInput: a filter or the sorting does not fit the type.
    """
    if not filters:
        return []
    record_type = uow.registry.get(type_key)
    wanted = readable_fields(uow, record_type, fields)
    compiler = SqlFilter(uow.registry, record_type, uow.zone, access=uow.access)
    _item, column = compiler.sort_column(sort)
    parts: list[Select[Any]] = []
    for place, where in enumerate(filters):
        base = uow.registry.storage(type_key).select(wanted).where(*live(uow, record_type), compiled(uow, compiler, where))
        ordered = column.desc() if descending else column
        # What is never empty is sorted by its index alone; else empty values come last on both databases.
        order = (ordered, record_table.c.id) if sort in NEVER_EMPTY else (column.is_(None), ordered, record_table.c.id)
        inner = base.add_columns(literal(place).label("place")).order_by(*order).limit(size).subquery()
        parts.append(select(inner))
    found: list[list[Row]] = [[] for _ in filters]
    statement = parts[0] if len(parts) == 1 else union_all(*parts)
    cells = uow.session.execute(statement).all()
    for row, line in zip(read_page(uow, record_type, cells, wanted), cells, strict=True):
        found[line[-1]].append(row)
    return found
