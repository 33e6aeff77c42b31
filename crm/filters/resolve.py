"""Makes a filter ready to run: "me" and relative dates become values, and every value becomes what its field holds.

Both sides run what comes out of here, the SQL compiler (`records.sql`) and the Python evaluation (`filters.evaluate`), so a
value means the same to both, and a value that cannot be read is refused once, in plain words.

What each kind's condition holds afterwards: text, link and choice `str` · number `Decimal` with four decimals · date `date`
(the whole day) or an aware `datetime` (that moment) · yes_no `bool` · user, relation and id `int`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from crm.filters.tree import OPERATORS, All, Any_, Condition, Filter, Not, bad_filter
from crm.kernel.i18n import N_

ME: Final = "@me"
#: A user id that nobody has: what "me" is for a part of the system.
NOBODY: Final = 0
_TODAY: Final = re.compile(r"@today(?:([+-])(\d{1,4})([dw]))?\Z", re.ASCII)
_FOUR_PLACES: Final = Decimal("0.0001")
#: Numbers are kept as 64-bit integers × 10⁴.
_LARGEST: Final = Decimal(2**63 - 1) / 10_000
_LARGEST_ID: Final = 2**63 - 1
_TEXT_LIMIT: Final = 500
#: Years whose days all databases keep in order, with room for a day and a zone on either side.
_YEARS: Final = range(1000, 9999)

_SAME: Final = frozenset({"is", "is_not", "in", "not_in", "empty", "filled"})
_ORDERED: Final = _SAME | {"lt", "le", "gt", "ge"}
#: The operators that each kind of field understands.
KIND_OPERATORS: Final[Mapping[str, frozenset[str]]] = {
    "text": frozenset(OPERATORS),
    "link": frozenset(OPERATORS),
    "number": _ORDERED,
    "date": _ORDERED,
    "choice": _SAME,
    "yes_no": _SAME,
    "user": _SAME,
    "relation": _SAME,
    "id": _ORDERED,
}


@dataclass(frozen=True, slots=True)
class Context:
    """What relative values are relative to: the acting user (None for a part of the system) and the office's day and zone."""

    user_id: int | None
    today: date
    zone: str


def resolve(tree: Filter, kind_of: Callable[[str], str], context: Context) -> Filter:
    """Give the same filter with every value as its field holds it.

    Args:
        tree: the filter as `parse` read it, or as code wrote it (values that fit already are left alone).
        kind_of: the kind of a field path; it raises `InvalidInput` for a field that does not exist or may not be read.
        context: who asks, and when.

    Raises:
        InvalidInput: an operator does not suit its field, or a value cannot be read.
    """
    if isinstance(tree, All):
        return All(tuple(resolve(part, kind_of, context) for part in tree.parts))
    if isinstance(tree, Any_):
        return Any_(tuple(resolve(part, kind_of, context) for part in tree.parts))
    if isinstance(tree, Not):
        return Not(resolve(tree.part, kind_of, context))
    kind = kind_of(tree.field)
    if tree.op not in KIND_OPERATORS[kind]:
        raise bad_filter(N_("“%(op)s” does not suit the field “%(field)s”.", op=tree.op, field=tree.field[:120]))
    if OPERATORS[tree.op] == 0:
        return Condition(tree.field, tree.op)
    if OPERATORS[tree.op] == -1:
        return Condition(tree.field, tree.op, tuple(_value(kind, value, tree, context) for value in tree.value))
    return Condition(tree.field, tree.op, _value(kind, tree.value, tree, context))


def _value(kind: str, value: Any, condition: Condition, context: Context) -> Any:
    """Read one value; None stands for one that cannot be read."""
    if value is None:
        raise bad_filter(N_("Ask for empty values with the operator “empty”."))
    read = _READERS[kind](value, context)
    if read is None:
        raise bad_filter(
            N_(
                "“%(value)s” is not a value that the field “%(field)s” can hold.",
                value=str(value)[:40],
                field=condition.field[:120],
            )
        )
    return read


def _text(value: Any, _context: Context) -> str | None:
    """Read a text that a database can be asked for at all: no NUL, no lone surrogates."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value)
    sound = not any(char == "\x00" or 0xD800 <= ord(char) <= 0xDFFF for char in text)
    return text if sound and len(text) <= _TEXT_LIMIT else None


def _number(value: Any, _context: Context) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > _LARGEST:
        return None
    return number.quantize(_FOUR_PLACES)


def _date(value: Any, context: Context) -> date | None:
    try:
        read = _read_date(value, context)
        if isinstance(read, datetime) and read.tzinfo is None:
            read = read.replace(tzinfo=ZoneInfo(context.zone))  # a time without zone is the office's
    except (ValueError, OverflowError):
        return None
    return read if read is not None and read.year in _YEARS else None


def _read_date(value: Any, context: Context) -> date | None:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    relative = _TODAY.match(value)
    if relative:
        return context.today + _distance(relative)
    return date.fromisoformat(value) if len(value) == len("2026-12-01") else datetime.fromisoformat(value)


def _distance(relative: re.Match[str]) -> timedelta:
    sign, number, unit = relative.groups()
    if sign is None:
        return timedelta()
    days = int(number) * (7 if unit == "w" else 1)
    return timedelta(days=days if sign == "+" else -days)


def _choice(value: Any, context: Context) -> str | None:
    return _text(value, context) if isinstance(value, str) else None


def _yes_no(value: Any, _context: Context) -> bool | None:
    return value if isinstance(value, bool) else None


def _id(value: Any, _context: Context) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= _LARGEST_ID else None


def _user(value: Any, context: Context) -> int | None:
    if value == ME:
        return NOBODY if context.user_id is None else context.user_id
    return _id(value, context)


_READERS: Final[Mapping[str, Callable[[Any, Context], Any]]] = {
    "text": _text,
    "link": _text,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "yes_no": _yes_no,
    "user": _user,
    "relation": _id,
    "id": _id,
}
