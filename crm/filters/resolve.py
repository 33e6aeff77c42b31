"""Puts values in the place of "me" and of relative days, before a filter is compiled to SQL or evaluated in Python.

`@me` in a field of users is the acting user; `@today`, `@today+7d`, `@today-2m` in a date field are days of the office, and
`within` a period (`filters.periods`) becomes "from its first day, and before the day after it". A packed set of records
(`filters.id_sets`) gives place to their ids. Any other value is left alone: its field's kind reads it. Resolving twice changes
nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from crm.filters.id_sets import is_packed, unpack
from crm.filters.periods import bounds, day_of, read_day, read_period
from crm.filters.tree import OPERATORS, All, Any_, Condition, Filter, Not, bad_filter
from crm.kernel.i18n import N_

ME: Final = "@me"
#: A user id that nobody will ever have: what "me" is for a part of the system.
NOBODY: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Context:
    """What relative values are relative to: the acting user (None for a part of the system) and the office's day."""

    user_id: int | None
    today: date


def resolve(tree: Filter, kind_of: Callable[[str], str], context: Context) -> Filter:
    """Give the same filter without relative values.

    Args:
        tree: any filter.
        kind_of: the kind of a field path; it raises `InvalidInput` for a field that does not exist or may not be read.
        context: who asks, and when.

    Raises:
        InvalidInput: from `kind_of`; or a period that is none, or lies beyond the calendar.
    """
    if isinstance(tree, All):
        return All(tuple(resolve(part, kind_of, context) for part in tree.parts))
    if isinstance(tree, Any_):
        return Any_(tuple(resolve(part, kind_of, context) for part in tree.parts))
    if isinstance(tree, Not):
        return Not(resolve(tree.part, kind_of, context))
    kind = kind_of(tree.field)
    if tree.op == "within" and kind == "date":
        return _within(tree, context)
    if OPERATORS[tree.op] == -1:
        values = _unpacked(tree.value) if kind == "relation" else tree.value
        return Condition(tree.field, tree.op, tuple(_value(kind, one, context) for one in values))
    return Condition(tree.field, tree.op, _value(kind, tree.value, context))


def _unpacked(values: Sequence[Any]) -> Sequence[Any]:
    """Give a list of records with every packed set (`filters.id_sets`) in its place."""
    if not any(is_packed(one) for one in values):
        return values
    found: list[Any] = []
    for one in values:
        ids = unpack(one) if is_packed(one) else (one,)
        if ids is None:
            raise bad_filter(N_("“%(value)s” is no set of records.", value=str(one)[:40]))
        found += ids
    return found


def _value(kind: str, value: Any, context: Context) -> Any:
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    if kind in {"user", "users"} and value == ME:
        return NOBODY if context.user_id is None else context.user_id
    relative = read_day(value) if kind == "date" else None
    if relative is None:
        return value
    try:
        return day_of(relative, context.today)
    except ValueError:
        raise bad_filter(N_("“%(value)s” lies beyond the calendar.", value=value)) from None


def _within(condition: Condition, context: Context) -> Filter:
    period = read_period(condition.value)
    if period is None:
        raise bad_filter(N_("“%(value)s” is not a period. Write for example @month or @past30d.", value=str(condition.value)[:40]))
    try:
        first, after = bounds(period, context.today)
    except ValueError:
        raise bad_filter(N_("“%(value)s” lies beyond the calendar.", value=condition.value)) from None
    return All((Condition(condition.field, "ge", first), Condition(condition.field, "lt", after)))
