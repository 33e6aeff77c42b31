"""The tree itself: and, or, not, and conditions of a field path, an operator and a value.

JSON form (API, saved views): `{"all": [...]}`, `{"any": [...]}`, `{"not": {...}}`, and
`{"field": "state", "op": "is", "value": "active"}`.
A field path may step over single-valued relations: `meeting.board`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message

MAX_DEPTH: Final = 6
MAX_CONDITIONS: Final = 50
#: Steps of a field path: each is a query within a query.
MAX_STEPS: Final = 4

#: Every operator, with the number of values it takes: 0, 1, or -1 for a list.
OPERATORS: Final[Mapping[str, int]] = {
    "is": 1,
    "is_not": 1,
    "in": -1,
    "not_in": -1,
    "contains": 1,
    "starts": 1,
    "lt": 1,
    "le": 1,
    "gt": 1,
    "ge": 1,
    "within": 1,
    "has": 1,
    "has_any": -1,
    "has_all": -1,
    "has_none": -1,
    "all_done": 0,
    "has_open": 0,
    "empty": 0,
    "filled": 0,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. `field` is an api_name, or a path of them over single-valued relations."""

    field: str
    op: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class All:
    """True if every part is true; an empty one is true."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Any_:  # noqa: N801 - `Any` is taken by typing, and "all, any, not" is how the tree is spoken of
    """True if some part is true; an empty one is false."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """True if its part is not."""

    part: Filter


type_alias = All | Any_ | Not | Condition
Filter = type_alias

EVERYTHING: Final = All()
NOTHING: Final = Any_()


def bad_filter(message: Message) -> InvalidInput:
    """Word a filter that cannot be read."""
    return InvalidInput({"filter": message})


def parse(raw: Any) -> Filter:
    """Read the JSON form.

    Raises:
        InvalidInput: the shape, an operator or the size is not allowed; the message says which.
    """
    count = [0]
    return _parse(raw, 0, count)


def _parse(raw: Any, depth: int, count: list[int]) -> Filter:
    if depth > MAX_DEPTH:
        raise bad_filter(N_("The filter is nested too deeply."))
    if not isinstance(raw, Mapping):
        raise bad_filter(N_("A filter is an object with “all”, “any”, “not” or “field”."))
    count[0] += 1
    if count[0] > MAX_CONDITIONS:
        raise bad_filter(N_("The filter has too many conditions."))
    keys = set(raw)
    if keys in ({"all"}, {"any"}):
        name = next(iter(keys))
        if not isinstance(raw[name], list):
            raise bad_filter(N_("“%(name)s” takes a list of filters.", name=name))
        parts = tuple(_parse(part, depth + 1, count) for part in raw[name])
        return All(parts) if name == "all" else Any_(parts)
    if keys == {"not"}:
        return Not(_parse(raw["not"], depth + 1, count))
    if "field" in keys and keys <= {"field", "op", "value"}:
        return _condition(raw)
    raise bad_filter(N_("A filter is an object with “all”, “any”, “not” or “field”."))


def _condition(raw: Mapping[str, Any]) -> Condition:
    field, op, value = raw["field"], raw.get("op", "is"), raw.get("value")
    if not isinstance(field, str) or not isinstance(op, str) or op not in OPERATORS:
        raise bad_filter(N_("There is no operator “%(op)s”.", op=str(op)[:40]))
    if field.count(".") >= MAX_STEPS:
        raise bad_filter(N_("A field path has at most %(most)s steps.", most=MAX_STEPS))
    arity = OPERATORS[op]
    if arity == -1 and not (isinstance(value, list) and len(value) <= 500):
        raise bad_filter(N_("“%(op)s” takes a list of at most 500 values.", op=op))
    if arity == 1 and isinstance(value, list | Mapping):
        raise bad_filter(N_("“%(op)s” takes one value.", op=op))
    return Condition(field, op, tuple(value) if isinstance(value, list) else value)


def dump(tree: Filter) -> dict[str, Any]:
    """Give the JSON form, which `parse` reads back."""
    if isinstance(tree, All):
        return {"all": [dump(part) for part in tree.parts]}
    if isinstance(tree, Any_):
        return {"any": [dump(part) for part in tree.parts]}
    if isinstance(tree, Not):
        return {"not": dump(tree.part)}
    if OPERATORS[tree.op] == 0:
        return {"field": tree.field, "op": tree.op}
    return {"field": tree.field, "op": tree.op, "value": list(tree.value) if isinstance(tree.value, tuple) else tree.value}
