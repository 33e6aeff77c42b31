"""Evaluates a filter in Python over plain values, for automation conditions, guards and row rights of new records.

It answers exactly as the SQL of `records.sql` does (`tests/db/test_filters_agree.py` holds the two against each other):

- every condition is true or false, never "unknown": a comparison with an empty value is false, so `is_not` and `not_in`,
  which are the opposite of `is` and `in`, are true for it;
- text is compared by its Danish sort key; numbers exactly; choices by key;
- a date is where it starts. A condition's day means the whole local day: `lt` before it begins, `le` before it ends, `gt`
  after it ends, `ge` from its beginning, `is` within it. A condition's moment is compared as it is;
- a field with several values (links) `is` a value if one of them is; one that holds a set of them (tags, choices, users)
  `has` a value, `has_any` of some, `has_all` of them or `has_none`;
- a checklist is the number of its rows not done: `all_done` when it is 0, `has_open` above; an empty one is neither;
- a path over relations that leads nowhere ends in an empty value.

A filter goes through `filters.resolve` first. `records.subject` makes the subject of a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import ge, gt, le, lt
from typing import Any, Final, Protocol

from crm.filters.tree import All, Any_, Filter, Not
from crm.kernel.clock import day_start
from crm.kernel.text import sort_key

_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {"lt": lt, "le": le, "gt": gt, "ge": ge}
_OPPOSITE: Final[Mapping[str, str]] = {"is_not": "is", "not_in": "in", "has_none": "has_any", "empty": "filled"}
_LISTS: Final = frozenset({"in", "has_any", "has_all"})
#: Of a checklist, by the number of rows that are not done.
_CHECKED: Final[Mapping[str, Callable[[int], bool]]] = {"all_done": lambda left: left == 0, "has_open": lambda left: left > 0}
#: A kind beside those of fields: text that is compared as it stands, sign by sign (codes, addresses).
EXACT: Final = "exact"


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
        kinds: the kind of each field by api_name, or `EXACT`.
        zone: the office's zone.
        read: turns a condition's raw value into one of a field's values; it raises `InvalidInput` if it cannot.
        follow: the record behind a single-valued relation, by the field's api_name and the id it holds; None if there is none.
    """

    values: Mapping[str, Any]
    kinds: Mapping[str, str]
    zone: str
    read: Callable[[str, Any], Any] = lambda _field, raw: raw
    follow: Callable[[str, int], Subject | None] = lambda _field, _record_id: None


def evaluate(tree: Filter, subject: Subject) -> bool:
    """Whether a resolved filter holds for a record."""
    if isinstance(tree, All):
        return all(evaluate(part, subject) for part in tree.parts)
    if isinstance(tree, Any_):
        return any(evaluate(part, subject) for part in tree.parts)
    if isinstance(tree, Not):
        return not evaluate(tree.part, subject)
    if tree.op in _OPPOSITE:
        return not _condition(tree.field, _OPPOSITE[tree.op], tree.value, subject)
    return _condition(tree.field, tree.op, tree.value, subject)


def _condition(path: str, op: str, raw: Any, subject: Subject) -> bool:
    head, _dot, rest = path.partition(".")
    value = subject.values.get(head)
    if rest:
        behind = subject.follow(head, value) if isinstance(value, int) else None
        return behind is not None and _condition(rest, op, raw, behind)
    held = [item for item in _several(value) if item is not None and item != ""]
    if op == "filled":
        return bool(held)
    if op in _CHECKED:
        return any(_CHECKED[op](item) for item in held)
    kind = subject.kinds[head]
    wanted = [subject.read(head, one) for one in (raw if op in _LISTS else (raw,))]
    if op == "has_all":
        return all(any(_holds(kind, "is", item, one, subject.zone) for item in held) for one in wanted)
    test = "is" if op in {"in", "has", "has_any"} else op
    return any(_holds(kind, test, item, one, subject.zone) for item in held for one in wanted)


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple | set | frozenset) else (value,)


def _holds(kind: str, op: str, item: Any, wanted: Any, zone: str) -> bool:
    """Whether one filled value meets one of `is`, `contains`, `starts`, `lt`, `le`, `gt`, `ge`."""
    if kind == "date":
        return _date_holds(op, item, wanted, zone)
    if kind == "text":
        item, wanted = sort_key(item), sort_key(wanted)
    elif kind == "relation":
        item = getattr(item, "to_id", item)
    if op == "contains":
        return bool(wanted in item)
    if op == "starts":
        return bool(item.startswith(wanted))
    return bool(item == wanted) if op == "is" else _COMPARE[op](item, wanted)


def _date_holds(op: str, item: Starts | date, wanted: date, zone: str) -> bool:
    start = moment(item if isinstance(item, date) else item.start, zone)
    if isinstance(wanted, datetime):
        return start == wanted if op == "is" else _COMPARE[op](start, wanted)
    begins, ends = day_bounds(wanted, zone)
    return {
        "is": begins <= start < ends,
        "lt": start < begins,
        "le": start < ends,
        "gt": start >= ends,
        "ge": start >= begins,
    }[op]


def moment(value: date | datetime, zone: str) -> datetime:
    """Give the moment, in UTC, at which a day or a time begins: what the time columns hold."""
    return value.astimezone(UTC) if isinstance(value, datetime) else day_start(value, zone)


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """Give the moments, in UTC, at which a local day begins and the next one does (23, 24 or 25 hours later)."""
    return day_start(day, zone), day_start(day + timedelta(days=1), zone)
