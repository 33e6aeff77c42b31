"""Puts values in the place of "me" and of relative days, before a filter is compiled to SQL or evaluated in Python.

`@me` in a field of users is the acting user; `@today`, `@today+7d`, `@today-2w` in a date field are days of the office. Any
other value is left alone: its field's kind reads it. Resolving twice changes nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from crm.filters.tree import OPERATORS, All, Any_, Condition, Filter, Not

ME: Final = "@me"
#: A user id that nobody will ever have: what "me" is for a part of the system.
NOBODY: Final = 2**31 - 1
_TODAY: Final = re.compile(r"@today(?:([+-])(\d{1,4})([dw]))?", re.ASCII)


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
        InvalidInput: from `kind_of`.
    """
    if isinstance(tree, All):
        return All(tuple(resolve(part, kind_of, context) for part in tree.parts))
    if isinstance(tree, Any_):
        return Any_(tuple(resolve(part, kind_of, context) for part in tree.parts))
    if isinstance(tree, Not):
        return Not(resolve(tree.part, kind_of, context))
    kind = kind_of(tree.field)
    if OPERATORS[tree.op] == -1:
        return Condition(tree.field, tree.op, tuple(_value(kind, one, context) for one in tree.value))
    return Condition(tree.field, tree.op, _value(kind, tree.value, context))


def _value(kind: str, value: Any, context: Context) -> Any:
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    if kind in {"user", "users"} and value == ME:
        return NOBODY if context.user_id is None else context.user_id
    relative = _TODAY.fullmatch(value) if kind == "date" else None
    if relative is None:
        return value
    sign, number, unit = relative.groups(default="0")
    days = int(number) * (7 if unit == "w" else 1)
    return context.today + timedelta(days=-days if sign == "-" else days)
