"""Filters as sentences: *Slags er Virksomhed eller Netværk*, *Frist ligger i denne måned*. For chips, print, views, exports.

A sentence is field, operator and value, one after the other, in both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from crm.filters import All, Any_, Condition, Filter, Not
from crm.filters.id_sets import is_packed, unpack
from crm.filters.periods import Period, Relative, read_day, read_period
from crm.filters.resolve import ME
from crm.filters.tree import OPERATORS
from crm.kernel import format as forms
from crm.kernel.i18n import N_, Message
from crm.records.fields import KINDS, ValueProblem
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens import kind_words
from crm.screens.listing.paths import path_fields
from crm.screens.present import Presenter

OPERATOR_WORDS: Final[Mapping[str, Message]] = {
    "is": N_("is"),
    "is_not": N_("is not"),
    "in": N_("is"),
    "not_in": N_("is not"),
    "contains": N_("contains"),
    "starts": N_("begins with"),
    "lt": N_("is below"),
    "le": N_("is at most"),
    "gt": N_("is above"),
    "ge": N_("is at least"),
    "within": N_("lies in"),
    "has": N_("has"),
    "has_any": N_("has one of"),
    "has_all": N_("has all of"),
    "has_none": N_("has none of"),
    "all_done": N_("is all done"),
    "has_open": N_("has open rows"),
    "empty": N_("is empty"),
    "filled": N_("is filled in"),
}
_DATE_WORDS: Final[Mapping[str, Message]] = {
    "lt": N_("is before"),
    "le": N_("is no later than"),
    "gt": N_("is after"),
    "ge": N_("is no earlier than"),
}
_TEXT_WORDS: Final[Mapping[str, Message]] = {
    "lt": N_("comes before"),
    "le": N_("comes before or is"),
    "gt": N_("comes after"),
    "ge": N_("comes after or is"),
}
#: A condition without a value yet, and one whose value names something that is gone.
MISSING: Final = "…"


def operator_words(kind: str, op: str) -> Message:
    """Give the word of an operator for a kind."""
    special = {"date": _DATE_WORDS, "text": _TEXT_WORDS}.get(kind, {})
    return special.get(op) or OPERATOR_WORDS[op]


class FilterWords:
    """Words filters over one type, in the presenter's language. `prepare` reads the names of all records and users at once."""

    def __init__(self, uow: UnitOfWork, record_type: RecordType, presenter: Presenter) -> None:
        self.uow = uow
        self.type = record_type
        self.presenter = presenter
        self.locale = presenter.locale

    def prepare(self, tree: Filter) -> None:
        """Read the names that a filter needs: at most one query for users, and one a type of related record."""
        pairs = []
        for condition in conditions(tree):
            fields = path_fields(self.uow, self.type, condition.field)
            if fields and fields[-1].kind in {"relation", "user", "users"}:
                pairs += [(fields[-1], one) for one in map(_number, values_of(condition)) if one is not None]
        self.presenter.prepare([(item, (one,) if item.kind == "users" else one) for item, one in pairs])

    def sentence(self, tree: Filter, *, inside: bool = False) -> str:
        """Word a filter; groups inside others stand in brackets."""
        if isinstance(tree, Condition):
            return self._condition(tree)
        if isinstance(tree, Not):
            return N_("not (%(filter)s)", filter=self.sentence(tree.part))(self.locale)
        parts = [self.sentence(part, inside=True) for part in tree.parts]
        if not parts:
            return (N_("everything") if isinstance(tree, All) else N_("nothing"))(self.locale)
        between = (N_("and") if isinstance(tree, All) else N_("or"))(self.locale)
        text = f" {between} ".join(parts)
        return f"({text})" if inside and len(parts) > 1 else text

    def _condition(self, condition: Condition) -> str:
        fields = path_fields(self.uow, self.type, condition.field)
        if not fields:
            return MISSING
        item = fields[-1]
        name = " › ".join(field.label(self.locale) for field in fields)
        words = f"{name} {operator_words(item.kind, condition.op)(self.locale)}"
        if OPERATORS[condition.op] == 0:
            return words
        last = N_("and") if condition.op == "has_all" else N_("or")
        shown = [self.value(item, one) for one in values_of(condition)] or [MISSING]
        return f"{words} {_listed(shown, last(self.locale))}"

    def value(self, item: Field, raw: Any) -> str:
        """Word one value of a condition."""
        if raw == ME and item.kind in {"user", "users"}:
            return N_("me")(self.locale)
        if item.kind == "date":
            return self._date(item, raw)
        if item.kind == "relation" and is_packed(raw):
            ids = unpack(raw)
            counted = "" if ids is None else forms.number(len(ids), self.locale)
            return N_("one of %(number)s counted", number=counted)(self.locale) if counted else MISSING
        if item.kind in {"relation", "user", "users"}:
            number = _number(raw)
            return MISSING if number is None else self._name(item, number)
        if item.kind in {"choice", "choices"}:
            option = item.option(str(raw))
            return MISSING if option is None else option.label(self.locale)
        write = _WRITE.get(item.kind)
        if write is None:
            return f"”{str(raw)[:60]}”" if self.locale == "da" else f"“{str(raw)[:60]}”"
        try:
            return write(item, KINDS[item.kind].operand(item, raw, self.uow.zone), self.locale)
        except ValueProblem:
            return MISSING

    def _name(self, item: Field, number: int) -> str:
        if item.kind == "relation":
            title = self.presenter.titles.get(number)
            return N_("(no access)")(self.locale) if title is None else title.title
        return self.presenter.users.get(number, f"#{number}")

    def _date(self, item: Field, raw: Any) -> str:
        relative, period = read_day(raw), read_period(raw)
        if relative is not None:
            return relative_words(relative)(self.locale)
        if period is not None:
            return period_words(period)(self.locale)
        try:
            return self.presenter.day(KINDS["date"].operand(item, raw, self.uow.zone))
        except ValueProblem:
            return MISSING


_WRITE: Final[Mapping[str, Callable[[Field, Any, str], str]]] = {
    "yes_no": lambda _item, value, locale: (N_("yes") if value else N_("no"))(locale),
    "number": lambda item, value, locale: f"{forms.number(value, locale)} {item.config.get('unit') or ''}".rstrip(),
    "money": lambda _item, value, locale: forms.number(value, locale, decimals=2),
    "progress": lambda _item, value, _locale: f"{value}{forms.NBSP}%",
    "duration": lambda _item, value, locale: kind_words.duration(value, locale),
    "rating": kind_words.rating,
}


def conditions(tree: Filter) -> Iterator[Condition]:
    """Give the conditions of a filter, in order."""
    if isinstance(tree, Condition):
        yield tree
    elif isinstance(tree, Not):
        yield from conditions(tree.part)
    elif isinstance(tree, All | Any_):
        for part in tree.parts:
            yield from conditions(part)


def values_of(condition: Condition) -> tuple[Any, ...]:
    """Give the values of a condition, one or several or none."""
    if OPERATORS[condition.op] == 0:
        return ()
    return tuple(condition.value) if isinstance(condition.value, list | tuple) else (condition.value,)


def _number(raw: Any) -> int | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return raw if 0 < raw < 2**53 else None
    return int(raw) if isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) < 16 else None


def _listed(parts: Sequence[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


_AGO: Final = {
    "d": (N_("%(number)s days ago"), N_("in %(number)s days")),
    "w": (N_("%(number)s weeks ago"), N_("in %(number)s weeks")),
    "m": (N_("%(number)s months ago"), N_("in %(number)s months")),
    "y": (N_("%(number)s years ago"), N_("in %(number)s years")),
}
_NAMED_DAYS: Final = {0: N_("today"), -1: N_("yesterday"), 1: N_("tomorrow")}
_CALENDAR: Final = {
    "day": (N_("yesterday"), N_("today"), N_("tomorrow")),
    "week": (N_("last week"), N_("this week"), N_("next week")),
    "month": (N_("last month"), N_("this month"), N_("next month")),
    "quarter": (N_("last quarter"), N_("this quarter"), N_("next quarter")),
    "year": (N_("last year"), N_("this year"), N_("next year")),
}
_SPANS: Final = {
    ("past", "d"): N_("the past %(number)s days"),
    ("past", "w"): N_("the past %(number)s weeks"),
    ("past", "m"): N_("the past %(number)s months"),
    ("past", "y"): N_("the past %(number)s years"),
    ("next", "d"): N_("the next %(number)s days"),
    ("next", "w"): N_("the next %(number)s weeks"),
    ("next", "m"): N_("the next %(number)s months"),
    ("next", "y"): N_("the next %(number)s years"),
}


def relative_words(relative: Relative) -> Message:
    """Word a relative day: i dag, om 7 dage, for 2 uger siden."""
    if relative.number == 0 or (relative.unit == "d" and relative.number in _NAMED_DAYS):
        return _NAMED_DAYS[relative.number]
    past, future = _AGO[relative.unit]
    return Message((past if relative.number < 0 else future).msgid, {"number": abs(relative.number)})


def period_words(period: Period) -> Message:
    """Word a period: denne måned, de seneste 30 dage."""
    if period.unit:
        return Message(_SPANS[period.name, period.unit].msgid, {"number": period.number})
    named = _CALENDAR[period.name]
    if -1 <= period.number <= 1:
        return named[period.number + 1]
    return N_("%(period)s %(step)s", period=named[1], step=f"{period.number:+d}")
