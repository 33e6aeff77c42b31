"""Evaluates a filter in Python over plain values, for automation conditions, guards and row rights of new records.

It answers exactly as the SQL of `records.sql` does (`tests/db/test_filters_agree.py` holds the two against each other):

- every condition is true or false, never "unknown": a comparison with an empty value is false, so `is_not` and `not_in`,
  which are the opposite of `is` and `in`, are true for it;
- text is compared by fold key, and ordered by Danish sort key; numbers exactly; choices by key;
- a date is where it starts. A condition's day means the whole local day: `lt` before it begins, `le` before it ends, `gt`
  after it ends, `ge` from its beginning, `is` within it. A condition's moment is compared as it is;
- a field with several values (links) `is` a value if one of them is;
- a path over relations that leads nowhere is an empty value.

A filter goes through `filters.resolve` first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any, Final, Protocol

from crm.filters.tree import All, Any_, Condition, Filter, Not
from crm.kernel.clock import day_start
from crm.kernel.text import fold, sort_key

_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {"lt": lt, "le": le, "gt": gt, "ge": ge}
_OPPOSITE: Final[Mapping[str, str]] = {"is_not": "is", "not_in": "in", "empty": "filled"}
_TEXTS: Final = frozenset({"text", "link"})
_FOUR_PLACES: Final = Decimal("0.0001")


class Starts(Protocol):
    """What a date value must tell: `records.fields.date.DateValue` does."""

    @property
    def start(self) -> date | datetime:
        """The first day, or the moment it begins."""
        ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What a filter looks at: one record's values, and the way to the records it points at.

    Args:
        values: plain values by api_name.
        kinds: the kind of each field by api_name.
        zone: the office's zone.
        follow: the record behind a single-valued relation, by the field's api_name and the id it holds; None if there is none.
    """

    values: Mapping[str, Any]
    kinds: Mapping[str, str]
    zone: str
    follow: Callable[[str, int], Subject | None] = lambda _field, _record_id: None

    def find(self, path: str) -> tuple[str, Any]:
        """Give the kind and value at the end of a path; the kind is "" where the path leads nowhere."""
        head, _dot, rest = path.partition(".")
        value = self.values.get(head)
        if not rest:
            return self.kinds[head], value
        behind = self.follow(head, value) if isinstance(value, int) else None
        return ("", None) if behind is None else behind.find(rest)


def evaluate(tree: Filter, subject: Subject) -> bool:
    """Whether a resolved filter holds for a record."""
    if isinstance(tree, All):
        return all(evaluate(part, subject) for part in tree.parts)
    if isinstance(tree, Any_):
        return any(evaluate(part, subject) for part in tree.parts)
    if isinstance(tree, Not):
        return not evaluate(tree.part, subject)
    if tree.op in _OPPOSITE:
        return not evaluate(Condition(tree.field, _OPPOSITE[tree.op], tree.value), subject)
    kind, value = subject.find(tree.field)
    held = [item for item in _several(value) if item is not None and item != ""]
    if tree.op == "filled":
        return bool(held)
    return any(_holds(kind, item, tree, subject.zone) for item in held)


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple | set | frozenset) else (value,)


def _holds(kind: str, item: Any, condition: Condition, zone: str) -> bool:
    """Whether one filled value meets one of `is`, `in`, `contains`, `starts`, `lt`, `le`, `gt`, `ge`."""
    op, wanted = condition.op, condition.value
    if op == "in":
        return any(_holds(kind, item, Condition(condition.field, "is", one), zone) for one in wanted)
    if kind in _TEXTS:
        return _text_holds(str(item), op, wanted)
    if kind == "date":
        return _date_holds(item, op, wanted, zone)
    if kind == "relation":
        item = getattr(item, "to_id", item)
    if kind == "number":
        item, wanted = Decimal(item).quantize(_FOUR_PLACES), Decimal(wanted).quantize(_FOUR_PLACES)
    return bool(item == wanted) if op == "is" else _COMPARE[op](item, wanted)


def _text_holds(item: str, op: str, wanted: str) -> bool:
    if op in _COMPARE:
        return _COMPARE[op](sort_key(item), sort_key(wanted))
    item, wanted = fold(item), fold(wanted)
    if op == "contains":
        return wanted in item
    return item.startswith(wanted) if op == "starts" else item == wanted


def _date_holds(item: Starts | date, op: str, wanted: date, zone: str) -> bool:
    start = moment(item if isinstance(item, date) else item.start, zone)
    if isinstance(wanted, datetime):
        wanted = wanted.astimezone(UTC)
        return start == wanted if op == "is" else _COMPARE[op](start, wanted)
    begins, ends = day_bounds(wanted, zone)
    if op == "is":
        return begins <= start < ends
    return {"lt": start < begins, "le": start < ends, "gt": start >= ends, "ge": start >= begins}[op]


def moment(value: date | datetime, zone: str) -> datetime:
    """Give the moment, in UTC, at which a day or a time begins: what the time columns hold."""
    return value.astimezone(UTC) if isinstance(value, datetime) else day_start(value, zone)


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """Give the moments, in UTC, at which a local day begins and the next one does (23, 24 or 25 hours later)."""
    return day_start(day, zone), day_start(day + timedelta(days=1), zone)
