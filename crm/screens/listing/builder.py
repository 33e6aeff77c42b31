"""The filter builder: for each line the fields, operators and the control that fits; and the filter that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from crm.filters import EVERYTHING, All, Condition, Filter
from crm.filters.periods import read_period
from crm.filters.resolve import ME, Context, resolve
from crm.filters.tree import OPERATORS, dump, parse
from crm.kernel import format as forms
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.typed import UnreadableError, parse_day, parse_number
from crm.records.fields import KINDS, ValueProblem
from crm.records.sql import SqlFilter
from crm.records.types import Column, Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.listing.draft import Group, Line, joined
from crm.screens.listing.paths import beyond, filterable, path_fields
from crm.screens.listing.words import operator_words, period_words
from crm.screens.present import Presenter, user_names

#: Kinds whose values are chosen from a list: there "is one of" says all that "is" does.
_CHOSEN: Final = frozenset({"choice", "user", "relation"})
_WIDER: Final = {"is": "in", "is_not": "not_in", "has": "has_any"}
_ORDER: Final = (
    "in", "not_in", "contains", "starts", "is", "is_not", "lt", "le", "gt", "ge", "within",
    "has_any", "has_all", "has_none", "has_open", "all_done", "empty", "filled",
)  # fmt: skip
_RARE: Final = {"text": frozenset({"in", "not_in", "lt", "le", "gt", "ge"})}
#: What may be chosen for a date beside a day of the calendar.
DAY_MODES: Final = ("", "@today", "ago", "ahead")
_PERIODS: Final = tuple(f"@{name}{step}" for name in ("day", "week", "month", "quarter", "year") for step in ("-1", "", "+1"))
UNITS: Final[Mapping[str, Message]] = {"d": N_("days"), "w": N_("weeks"), "m": N_("months"), "y": N_("years")}
_MODE_WORDS: Final[Mapping[str, Message]] = {
    "": N_("the day"),
    "@today": N_("today"),
    "ago": N_("before today"),
    "ahead": N_("from today on"),
    "past": N_("the past"),
    "next": N_("the next"),
}
#: Stand for any field of their kind: what is read and named here does not hang on which it is.
_ANY_DATE: Final = Field("date", "date", Label(da="Dato", en="Date"), Column(("date",)))
_ANY_RELATION: Final = Field("relation", "relation", Label(da="Relation", en="Relation"), Column(("relation",)))


@dataclass(slots=True)
class Drawn:
    """What a line's inputs are drawn from."""

    line: Line
    #: For each step of the path the fields to choose from, as (name, label), and the one chosen.
    steps: list[tuple[list[tuple[str, str]], str]]
    item: Field | None = None
    operators: list[tuple[str, Message]] = field(default_factory=list)
    #: none, choose, pick, day, period, text.
    control: str = "none"
    many: bool = False
    options: list[tuple[str, str]] = field(default_factory=list)
    modes: list[tuple[str, Message]] = field(default_factory=list)


def operators_of(item: Field, current: str = "") -> list[str]:
    """Give the operators to offer for a field: what its kind declares, without doubles; the current one always."""
    declared = KINDS[item.kind].operators
    found: list[str] = [op for op in _ORDER if op in declared and op not in _RARE.get(item.kind, ())]
    if item.kind in _CHOSEN:
        found = [op for op in found if op not in {"is", "is_not"}]
    elif "in" in found:
        found = [op for op in found if op not in {"in", "not_in"}]
    return [*found, current] if current in declared and current not in found else found


class Builder:
    """Draws and reads the builder of one type."""

    def __init__(self, uow: UnitOfWork, record_type: RecordType, presenter: Presenter) -> None:
        self.uow = uow
        self.type = record_type
        self.presenter = presenter
        self.locale = presenter.locale
        self._users: list[tuple[str, str]] | None = None

    def draw(self, line: Line) -> Drawn:
        """Give what a line's inputs need; what no longer fits its field is forgotten."""
        fields = path_fields(self.uow, self.type, ".".join(line.path)) if line.path else []
        if not fields:
            line.path = line.path[:0]
        drawn = Drawn(line, self._steps(line, fields))
        if not fields:
            return drawn
        item = drawn.item = fields[-1]
        if line.kind and line.kind != f"{item.kind}:{'.'.join(line.path)}":
            line.values, line.mode, line.number, line.problem = (), "", "", None
        line.kind = f"{item.kind}:{'.'.join(line.path)}"
        if item.kind in _CHOSEN or item.kind in {"choices", "tags", "users"}:
            line.op = _WIDER.get(line.op, line.op)
        offered = operators_of(item, line.op)
        line.op = line.op if line.op in offered else offered[0]
        drawn.operators = [(op, operator_words(item.kind, op)) for op in offered]
        self._control(drawn, item)
        return drawn

    def _steps(self, line: Line, fields: list[Field]) -> list[tuple[list[tuple[str, str]], str]]:
        steps = []
        here: RecordType | None = self.type
        for depth in range(4):
            if here is None:
                break
            known = [(item.api_name, item.label(self.locale)) for item in filterable(self.uow, here)]
            steps.append((known, line.path[depth] if depth < len(line.path) else ""))
            here = beyond(self.uow, fields[depth]) if depth < len(fields) else None
        return steps

    def _control(self, drawn: Drawn, item: Field) -> None:
        line, arity = drawn.line, OPERATORS[drawn.line.op]
        if arity == 0:
            return
        drawn.many = arity == -1
        if item.kind == "date":
            drawn.control = "period" if line.op == "within" else "day"
            self._modes(drawn)
            return
        drawn.control = {"relation": "pick"}.get(item.kind, "choose")
        if item.kind in {"choice", "choices"}:
            drawn.options = [(option.key, option.label(self.locale)) for option in item.options]
        elif item.kind == "yes_no":
            drawn.options = [("true", N_("yes")(self.locale)), ("false", N_("no")(self.locale))]
        elif item.kind in {"user", "users"}:
            drawn.options = [(ME, N_("me")(self.locale)), *self._user_options()]
        elif item.kind == "relation":
            drawn.options = self._titles(line)
        else:
            drawn.control = "text"

    def _modes(self, drawn: Drawn) -> None:
        line = drawn.line
        if drawn.control == "day":
            drawn.modes = [(mode, _MODE_WORDS[mode]) for mode in DAY_MODES]
            line.mode = line.mode if line.mode in DAY_MODES else ""
            return
        periods = [(text, period_words(period)) for text in _PERIODS if (period := read_period(text)) is not None]
        drawn.modes = [*periods, ("past", _MODE_WORDS["past"]), ("next", _MODE_WORDS["next"])]
        if line.mode not in dict(drawn.modes):
            own = read_period(line.mode)
            drawn.modes = drawn.modes if own is None else [(line.mode, period_words(own)), *drawn.modes]
            line.mode = line.mode if own is not None else "@month"

    def _user_options(self) -> list[tuple[str, str]]:
        if self._users is None:
            self._users = [(str(key), name) for key, name in user_names(self.uow).items()]
        return self._users

    def _titles(self, line: Line) -> list[tuple[str, str]]:
        ids = [int(one) for one in line.values if one.isascii() and one.isdecimal() and len(one) < 16]
        self.presenter.prepare((_ANY_RELATION, one) for one in ids)
        return [(str(one), title.title) for one in ids if (title := self.presenter.titles.get(one)) is not None]

    def tree(self, group: Group) -> Filter:
        """Give the filter of a draft; a line that is none says so in its `problem`, one without a field is passed over."""
        parts: list[Filter] = []
        for part in group.parts:
            found = self._group(part) if isinstance(part, Group) else self._condition(part)
            if found is not None:
                parts.append(found)
        tree = joined(group, parts)
        return EVERYTHING if not parts else tree

    def _group(self, group: Group) -> Filter | None:
        tree = self.tree(group)
        return None if tree == EVERYTHING else tree

    def _condition(self, line: Line) -> Condition | None:
        drawn = self.draw(line)
        if drawn.item is None:
            return None
        value = self._value(drawn, drawn.item)
        arity = OPERATORS[line.op]
        if arity != 0 and not value:
            line.problem = N_("Choose or write what to compare with.")
            return None
        condition = Condition(".".join(line.path), line.op, None if arity == 0 else value if arity == -1 else value[0])
        compiler = SqlFilter(self.uow.registry, self.type, self.uow.zone, access=self.uow.access)
        try:
            compiler.compile(resolve(condition, compiler.kind_of, Context(self.uow.actor.user_id, self.uow.today())))
        except InvalidInput as error:
            line.problem = next(iter(error.fields.values()))
        return condition

    def _value(self, drawn: Drawn, item: Field) -> tuple[str, ...]:
        line = drawn.line
        if drawn.control == "day":
            return self._day(line)
        if drawn.control == "period":
            text = f"@{line.mode}{line.number or '30'}{line.unit}" if line.mode in {"past", "next"} else line.mode
            return (text,)
        if drawn.control == "text" and drawn.many:
            return tuple(part.strip() for one in line.values for part in one.split(";") if part.strip())
        if item.kind in {"number", "money"}:
            return tuple(_typed_number(one) for one in line.values)
        return line.values

    def _day(self, line: Line) -> tuple[str, ...]:
        if line.mode == "@today":
            return ("@today",)
        if line.mode in {"ago", "ahead"}:
            return (f"@today{'-' if line.mode == 'ago' else '+'}{line.number or '7'}{line.unit}",)
        if not line.values:
            return ()
        try:
            return (parse_day(line.values[0], today=self.uow.today()).isoformat(),)
        except UnreadableError:
            return line.values[:1]

    def day_text(self, line: Line) -> str:
        """Give a day as people type it; what is none as it was typed."""
        text = line.values[0] if line.values else ""
        if text.startswith("@"):
            return ""
        try:
            found: date | datetime = KINDS["date"].operand(_ANY_DATE, text, self.uow.zone)
        except ValueProblem:
            return text
        return (
            forms.moment(found, self.locale, zone=self.uow.zone) if isinstance(found, datetime) else forms.day(found, self.locale)
        )


def checked(tree: Filter) -> Filter:
    """Give the tree as an address may hold it.

    Raises:
        InvalidInput: it is too deep or too large.
    """
    return parse(dump(tree if isinstance(tree, All) else All((tree,))))


def _typed_number(text: str) -> str:
    try:
        return format(parse_number(text), "f")
    except UnreadableError:
        return text
