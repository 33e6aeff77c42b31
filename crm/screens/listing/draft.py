"""A filter while it is being built: groups and lines as a form holds them, with what is not finished yet.

Inputs: `w.join` (the outermost group: all, any, none, not_all), `w.0.field` (once for each step of a path), `w.0.op`, `w.0.value`
(several of a list), `w.0.mode`, `w.0.number`, `w.0.unit` (relative days and periods), `w.0.kind` (the kind that the control was
drawn for); `w.1.join` is a group within.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from crm.filters import All, Any_, Condition, Filter, Not
from crm.filters.periods import read_day, read_period
from crm.filters.tree import MAX_CONDITIONS, MAX_DEPTH, OPERATORS

ROOT: Final = "w"
JOINS: Final = ("all", "any", "none", "not_all")
_NAME: Final = re.compile(r"(w(?:\.\d{1,3}){0,8})\.(join|field|op|value|mode|number|unit|kind)", re.ASCII)
_UNITS: Final = frozenset("dwmy")
#: The opposite of an operator, for "not" around a single condition.
_OPPOSITES: Final = {"in": "not_in", "is": "is_not", "has_any": "has_none", "empty": "filled"}
OPPOSITE: Final = {**_OPPOSITES, **{other: one for one, other in _OPPOSITES.items()}}


@dataclass(slots=True)
class Line:
    """A condition, finished or not. `values` are as the form holds them; `mode` says how a date is meant."""

    name: str
    path: tuple[str, ...] = ()
    op: str = ""
    values: tuple[str, ...] = ()
    mode: str = ""
    number: str = ""
    unit: str = "d"
    #: The kind that its inputs were drawn for: with another field they mean nothing.
    kind: str = ""
    new: bool = False
    problem: Any = None


@dataclass(slots=True)
class Group:
    """Lines and groups, of which all must hold, or any, or none, or not all."""

    name: str
    join: str = "all"
    parts: list[Line | Group] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """How many groups it lies in."""
        return self.name.count(".")

    @property
    def may_nest(self) -> bool:
        """Whether one more group fits in."""
        return 2 * (self.depth + 2) <= MAX_DEPTH


def draft_of(tree: Filter) -> Group:
    """Turn a filter into a form."""
    group = _as_part(tree, ROOT)
    if isinstance(group, Group):
        return group
    return _renamed(Group(ROOT, "all", [group]))


def _as_part(tree: Filter, name: str) -> Line | Group:
    if isinstance(tree, Condition):
        return _line_of(tree, name)
    inner, negated = (tree.part, True) if isinstance(tree, Not) else (tree, False)
    if isinstance(inner, Condition):
        opposite = OPPOSITE.get(inner.op)
        if opposite is not None:
            return _line_of(Condition(inner.field, opposite, inner.value), name)
        return Group(name, "none", [_line_of(inner, f"{name}.0")])
    if isinstance(inner, Not):
        return _as_part(inner.part, name)
    join = ("not_all" if negated else "all") if isinstance(inner, All) else ("none" if negated else "any")
    return Group(name, join, [_as_part(part, f"{name}.{number}") for number, part in enumerate(inner.parts)])


def _line_of(condition: Condition, name: str) -> Line:
    line = Line(name, tuple(condition.field.split(".")), condition.op)
    if OPERATORS[condition.op] == 0:
        return line
    raw = condition.value if isinstance(condition.value, tuple | list) else (condition.value,)
    line.values = tuple("true" if one is True else "false" if one is False else str(one) for one in raw)
    relative, period = read_day(line.values[0] if line.values else ""), read_period(line.values[0] if line.values else "")
    if relative is not None:
        line.mode = "@today" if relative.number == 0 else "ago" if relative.number < 0 else "ahead"
        line.number, line.unit = str(abs(relative.number)), relative.unit
    elif period is not None:
        line.mode = period.name if period.unit else line.values[0]
        line.number, line.unit = str(period.number), period.unit or "d"
    return line


def read_draft(form: Mapping[str, Sequence[str]]) -> Group:
    """Read a posted form; what is not of it is passed over, and there is always an outermost group."""
    found: dict[str, dict[str, Sequence[str]]] = {}
    for name, values in form.items():
        match = _NAME.fullmatch(name)
        if match is not None and len(found) <= 3 * MAX_CONDITIONS:
            found.setdefault(match[1], {})[match[2]] = values
    root = Group(ROOT, _join(found.get(ROOT, {})))
    groups = {ROOT: root}
    for name in sorted(found, key=_order):
        parent = groups.get(name.rpartition(".")[0])
        if parent is None:
            continue
        if "join" in found[name]:
            groups[name] = Group(name, _join(found[name]))
            parent.parts.append(groups[name])
        else:
            parent.parts.append(_line(name, found[name]))
    return root


def _order(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".")[1:])


def _join(inputs: Mapping[str, Sequence[str]]) -> str:
    wanted = _first(inputs, "join")
    return wanted if wanted in JOINS else "all"


def _line(name: str, inputs: Mapping[str, Sequence[str]]) -> Line:
    steps = []
    for step in inputs.get("field", ()):
        if not step:
            break
        steps.append(step[:60])
    unit = _first(inputs, "unit")
    return Line(
        name,
        tuple(steps[:4]),
        _first(inputs, "op"),
        tuple(value[:400] for value in inputs.get("value", ()) if value.strip())[:500],
        _first(inputs, "mode")[:20],
        _first(inputs, "number")[:6],
        unit if unit in _UNITS else "d",
        _first(inputs, "kind"),
    )


def _first(inputs: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(inputs.get(name, ())), "")


def changed(root: Group, act: str) -> Group:
    """Do what a button of the form says: `add:w.1`, `group:w`, `remove:w.0`; anything else changes nothing."""
    verb, _colon, name = act.partition(":")
    for group in _groups(root):
        if verb in {"add", "group"} and group.name == name:
            line = Line("", new=True)
            group.parts.append(line if verb == "add" else Group("", "any" if group.join == "all" else "all", [line]))
        elif verb == "remove":
            group.parts = [part for part in group.parts if part.name != name]
    return _renamed(root)


def _groups(group: Group) -> Iterable[Group]:
    yield group
    for part in [part for part in group.parts if isinstance(part, Group)]:
        yield from _groups(part)


def lines(group: Group) -> Iterable[Line]:
    """Give all lines, in order."""
    for part in group.parts:
        if isinstance(part, Line):
            yield part
        else:
            yield from lines(part)


def _renamed(group: Group) -> Group:
    for number, part in enumerate(group.parts):
        part.name = f"{group.name}.{number}"
        if isinstance(part, Group):
            _renamed(part)
    return group


def joined(group: Group, parts: Sequence[Filter]) -> Filter:
    """Give a group's filter over those of its parts."""
    inner: Filter = All(tuple(parts)) if group.join in {"all", "not_all"} else Any_(tuple(parts))
    return Not(inner) if group.join in {"none", "not_all"} else inner
