"""Walking a whole list in its order: page after page by key, each page a read of its own, only the columns asked for.

For exports: no transaction outlives a page, however slowly it is fetched, and a walk can go on after a stop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, literal, tuple_

from crm.filters import EVERYTHING, Filter
from crm.filters.resolve import Context, resolve
from crm.kernel.paging import Place
from crm.records.cursors import bound_value, plain_value
from crm.records.models import record_table
from crm.records.query import live
from crm.records.sql import SqlFilter
from crm.records.types import Field

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

FILLED: Final = "filled"
EMPTY: Final = "empty"


@dataclass(frozen=True, slots=True)
class Route:
    """Which list, in which order, and the fields that are read of each record (the spine's own among them).

    Attributes:
        type_key: the type.
        fields: what is read, in this order; none of links.
        where: the list's filter.
        ids: only these; None for all.
        sort: the field to sort by; empty values come last in both directions.
        descending: the other way round.
    """

    type_key: str
    fields: tuple[Field, ...]
    where: Filter = EVERYTHING
    ids: tuple[int, ...] | None = None
    sort: str = "title"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of a walk: ids, the values of each field as a column, and where to go on; None at the end."""

    ids: Sequence[int]
    columns: Sequence[Sequence[Any]]
    place: Place | None


def first_place() -> Place:
    """Give the place before the first row."""
    return Place(FILLED, None, 0)


def stretch(uow: UnitOfWork, route: Route, place: Place, size: int = 2_000) -> Stretch:
    """Read the next rows of a walk.

    Raises:
        AccessDenied: the type may not be read.
        InvalidInput: a filter or sort that does not fit the type.
    """
    record_type = uow.registry.get(route.type_key)
    uow.access.require("read", route.type_key)
    compiler = SqlFilter(uow.registry, record_type, uow.zone, access=uow.access)
    _item, column = compiler.sort_column(route.sort)
    statement, readers = uow.registry.storage(route.type_key).lean(route.fields)
    tree = resolve(route.where, compiler.kind_of, Context(uow.actor.user_id, uow.today()))
    statement = statement.where(*live(uow, record_type), compiler.compile(tree)).add_columns(column.label("sort_value"))
    if route.ids is not None:
        statement = statement.where(record_table.c.id.in_(route.ids))
    rows: list[Any] = []
    run = place.run
    if run == FILLED:
        rows += uow.session.execute(_filled(statement, column, place, size, descending=route.descending)).all()
        if len(rows) < size:
            run, place = EMPTY, Place(EMPTY, None, 0)
    if run == EMPTY and len(rows) < size:
        rest = statement.where(column.is_(None), record_table.c.id > place.last_id).order_by(record_table.c.id)
        rows += uow.session.execute(rest.limit(size - len(rows))).all()
    return Stretch([row[0] for row in rows], _columns(rows, readers, uow.zone), _after(rows, size))


def _filled(base: Select[Any], column: ColumnElement[Any], place: Place, size: int, *, descending: bool) -> Select[Any]:
    statement = base.where(column.is_not(None))
    if place.last_id:
        key = tuple_(column, record_table.c.id)
        value = bound_value(column, place.value)
        last = tuple_(literal(value, column.type), literal(place.last_id, record_table.c.id.type))
        statement = statement.where(key < last if descending else key > last)
    order = (column.desc(), record_table.c.id.desc()) if descending else (column, record_table.c.id)
    return statement.order_by(*order).limit(size)


def _columns(rows: Sequence[Any], readers: Sequence[Callable[[Sequence[Any], str], Any]], zone: str) -> list[list[Any]]:
    return [[read(row, zone) for row in rows] for read in readers]


def _after(rows: Sequence[Any], size: int) -> Place | None:
    if len(rows) < size:
        return None
    last = rows[-1]
    if last.sort_value is None:
        return Place(EMPTY, None, last[0])
    return Place(FILLED, plain_value(last.sort_value), last[0])
