"""How many records have each value of a field, and what a number adds up to among them: one query over a list's filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import false, func, or_, select

from crm.filters import EVERYTHING, Filter
from crm.filters.resolve import Context, resolve
from crm.filters.tree import bad_filter
from crm.kernel.i18n import N_
from crm.records.fields.money import currencies_of
from crm.records.models import record_table
from crm.records.query import live
from crm.records.sql import SqlFilter
from crm.records.types import Field

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: Kinds whose values add up to something.
_SUMMED: Final = frozenset({"number", "duration"})
_WHOLE: Final = frozenset({"user", "relation"})


@dataclass(frozen=True, slots=True)
class Tally:
    """The records with one value (None: those without), and the sum over them, exact, where one was asked for."""

    value: Any
    number: int
    total: Decimal | None = None


def adds_up(item: Field) -> bool:
    """Whether the sum of a field's values means something: amounts of one currency do, a year does not."""
    if item.kind == "money":
        return len(currencies_of(item)) == 1
    return item.kind in _SUMMED and not item.config.get("plain")


def tally(uow: UnitOfWork, type_key: str, by: str, *, where: Filter = EVERYTHING, total: str | None = None) -> list[Tally]:
    """Count a list's records by a field of one value, and add up a number over each; most first.

    Raises:
        AccessDenied: the type may not be read.
        InvalidInput: a field that the actor may not read or that has no single value to count by; or a bad filter.
    """
    record_type = uow.registry.get(type_key)
    uow.access.require("read", type_key)
    compiler = SqlFilter(uow.registry, record_type, uow.zone, access=uow.access)
    storage = uow.registry.storage(type_key)
    item, column = compiler.field(by), compiler.value_column(by)
    columns = [column.label("value"), func.count().label("number")]
    if total is not None:
        added = compiler.field(total)
        if not adds_up(added):
            raise bad_filter(N_("“%(field)s” cannot be added up.", field=added.label))
        columns.append(func.sum(compiler.value_column(total)).label("total"))
    tree = resolve(where, compiler.kind_of, Context(uow.actor.user_id, uow.today()))
    conditions = (*live(uow, record_type), compiler.compile(tree))
    source = storage.source_for(*columns, *conditions)
    statement = select(*columns).select_from(source).where(*conditions)
    # Those with a value are counted by the value's own index, which knows no others: how many these are is what is left of all.
    apart = total is None and source is record_table
    if apart:
        statement = statement.where(column.is_not(None))
    rows = uow.session.execute(statement.group_by(column).order_by(func.count().desc(), column)).all()
    found = [Tally(_value(item, row.value), row.number, _total(row.total) if total is not None else None) for row in rows]
    if not apart:
        return found
    every = uow.session.scalar(select(func.count()).select_from(source).where(*conditions)) or 0
    without = every - sum(one.number for one in found)
    return sorted([*found, Tally(None, without)], key=lambda one: -one.number) if without else found


def members(uow: UnitOfWork, type_key: str, by: str, values: Sequence[Any], *, where: Filter = EVERYTHING) -> list[tuple[int, Any]]:
    """Give the ids of a list's records that have one of some values (None: no value), each with its value: for the rare ones.

    Raises:
        AccessDenied, InvalidInput: as `tally`.
    """
    record_type = uow.registry.get(type_key)
    uow.access.require("read", type_key)
    compiler = SqlFilter(uow.registry, record_type, uow.zone, access=uow.access)
    item, column = compiler.field(by), compiler.value_column(by)
    filled = [value for value in values if value is not None]
    wanted = [column.in_(filled)] if filled else []
    if len(filled) < len(values):
        wanted.append(column.is_(None))
    tree = resolve(where, compiler.kind_of, Context(uow.actor.user_id, uow.today()))
    statement = select(record_table.c.id, column.label("value")).select_from(uow.registry.storage(type_key).source())
    statement = statement.where(*live(uow, record_type), compiler.compile(tree), or_(false(), *wanted))
    return [(row.id, _value(item, row.value)) for row in uow.session.execute(statement)]


def _value(item: Field, held: Any) -> Any:
    """Give a comparison key as the field's value: slots hold ids and truth as numbers."""
    if held is None:
        return None
    if item.kind == "yes_no":
        return bool(held)
    return int(held) if item.kind in _WHOLE else held


def _total(held: Any) -> Decimal:
    return Decimal(0) if held is None else Decimal(held)
