"""Records by when they are: those of a type whose date touches some days, for calendars. Rights, trash and filter as in lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Date, and_, or_

from crm.filters import EVERYTHING, Filter
from crm.filters.resolve import Context, resolve
from crm.filters.tree import bad_filter
from crm.kernel.clock import day_start
from crm.kernel.db import Moment
from crm.kernel.i18n import N_
from crm.records.fields import DateValue
from crm.records.models import record_table
from crm.records.query import Row, live, read_row, readable_fields
from crm.records.sql import SqlFilter
from crm.records.storage import moment_text
from crm.records.types import Field, RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: More than a person can read of a month.
MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Spanning:
    """What lies within some days, in the order it begins. `capped` says that there is more than was read."""

    rows: tuple[Row, ...]
    capped: bool = False


def in_span(
    uow: UnitOfWork,
    type_key: str,
    field: str,
    first: date,
    after: date,
    *,
    where: Filter = EVERYTHING,
    fields: Sequence[str] | None = None,
    limit: int = MOST,
) -> Spanning:
    """Give the records whose date touches the office's days from `first` until before `after`, in one query.

    The last day of a range of days belongs to it; what ends as `first` begins does not touch it.

    Raises:
        AccessDenied: the type may not be read.
        InvalidInput: the field is no date that the actor may read, or the filter does not fit the type.
    """
    record_type = uow.registry.get(type_key)
    uow.access.require("read", type_key)
    compiler = SqlFilter(uow.registry, record_type, uow.zone, access=uow.access)
    item = compiler.field(field)
    storage = uow.registry.storage(type_key)
    start = storage.key_column(item, record_table, storage.own) if item.kind == "date" else None
    if start is None:
        raise bad_filter(N_("“%(field)s” is not a date.", field=item.label))
    wanted = readable_fields(uow, record_type, None if fields is None else [*fields, field])
    tree = resolve(where, compiler.kind_of, Context(uow.actor.user_id, uow.today()))
    end = storage.end_column(item, record_table, storage.own)
    touching = _touches(start, end, first, after, uow.zone)
    statement = storage.select(wanted).where(*live(uow, record_type), compiler.compile(tree), touching)
    found = uow.session.execute(statement.order_by(start, record_table.c.id).limit(limit + 1)).mappings().all()
    rows = [read_row(uow, record_type, row, wanted) for row in found[:limit]]
    exact = tuple(row for row in rows if overlaps(row.values[field], first, after, uow.zone))
    return Spanning(exact, len(found) > limit)


def _touches(start: ColumnElement[Any], end: ColumnElement[Any] | None, first: date, after: date, zone: str) -> ColumnElement[bool]:
    """Give the condition, a little too wide where an end is kept as JSON: `overlaps` looks at the value itself."""
    low, high = _bound(start, first, zone), _bound(start, after, zone)
    begins = and_(start >= low, start < high)
    if end is None:
        return begins
    return or_(begins, and_(start < low, end.is_not(None), end >= _bound(end, first, zone, json_end=True)))


def _bound(column: ColumnElement[Any], day: date, zone: str, *, json_end: bool = False) -> Any:
    """Give the beginning of a day as the column holds it."""
    if isinstance(column.type, Date):
        return day
    if isinstance(column.type, Moment):
        return day_start(day, zone)
    # Out of JSON: a start by its key; an end as written, a day or a moment in UTC, whose date is at most a day off.
    return (day - timedelta(days=1)).isoformat() if json_end else moment_text(day_start(day, zone))


def overlaps(value: DateValue | None, first: date, after: date, zone: str) -> bool:
    """Whether a date touches the days from `first` until before `after`."""
    if value is None:
        return False
    if isinstance(value.start, datetime):
        last = value.end if isinstance(value.end, datetime) else value.start
        low = day_start(first, zone)
        return value.start < day_start(after, zone) and (last > low or value.start >= low)
    last_day = value.end if value.end is not None and not isinstance(value.end, datetime) else value.start
    return value.start < after and last_day >= first


def date_fields(record_type: RecordType, readable: frozenset[str] | None) -> list[Field]:
    """Give the dates of a type that the actor may read, in the order of the form."""
    return [item for item in record_type.fields if item.kind == "date" and (readable is None or item.api_name in readable)]
