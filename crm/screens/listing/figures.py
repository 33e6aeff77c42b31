"""What columns come to, in words, each with the list behind it: the footer of a list and the heads of its groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from crm.filters import Condition
from crm.kernel import format as forms
from crm.kernel.i18n import N_
from crm.records.tally import tally
from crm.records.totals import HOW, Asker, Figure, Totals, is_summed
from crm.records.types import Field
from crm.records.work import UnitOfWork
from crm.screens import kind_words
from crm.screens.listing.columns import ListColumn, columns_of
from crm.screens.listing.table import Asked

#: Choices with more options than this are not told apart in a footer, and no more than so many are named.
FEW_OPTIONS: Final = 12
NAMED: Final = 4


@dataclass(frozen=True, slots=True)
class Said:
    """A figure in words, and the list that it is about."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Foot:
    """The footer: for each column what it comes to, and how many records there are."""

    number: int
    columns: Sequence[ListColumn]
    cells: Sequence[Sequence[Said]]


def summed(columns: Sequence[ListColumn]) -> list[str]:
    """Give the columns that come to anything."""
    return [column.name for column in columns if is_summed(column.field)]


def foot(uow: UnitOfWork, asked: Asked, locale: str) -> Foot:
    """Sum up the whole result: one query, one more a column of money, one a column of few choices.

    Raises:
        InvalidInput: the filter does not fit the type.
    """
    state = asked.state
    columns = columns_of(asked.type, uow.access.readable(asked.type.key), state.columns)
    asker = Asker(uow, asked.type.key, asked.where)
    (whole,) = asker.totals(summed(columns))
    return Foot(whole.number, columns, [_cell(uow, asked, column, whole, locale) for column in columns])


def _cell(uow: UnitOfWork, asked: Asked, column: ListColumn, whole: Totals, locale: str) -> list[Said]:
    item = column.field
    if item.kind == "choice" and 0 < len(item.options) <= FEW_OPTIONS:
        found = tally(uow, asked.type.key, item.api_name, where=asked.where)
        known = [(one, item.option(str(one.value))) for one in found if one.value is not None]
        return [
            Said(
                f"{forms.number(one.number, locale)} {option.short or option.label(locale).lower()}",
                asked.state.narrowed_by(Condition(item.api_name, "is", option.key)).url(),
            )
            for one, option in known[:NAMED]
            if option is not None
        ]
    figure = whole.figures.get(item.api_name)
    if figure is None or not figure.filled:
        return []
    filled = asked.state.narrowed_by(Condition(item.api_name, "filled"))
    return [Said(words, filled.url()) for words in figure_words(item, figure, locale)]


def figure_words(item: Field, figure: Figure, locale: str) -> list[str]:
    """Word what a column comes to; of money one for each currency."""
    how = HOW[item.kind]
    if how == "range":
        first, last = figure.first, figure.last
        return [] if first is None or last is None else [forms.day_span(first, last, locale)]
    if how == "average":
        value = forms.number(round(figure.average or Decimal(0), 1), locale)
        return [N_("avg. %(value)s", value=f"{value}{forms.NBSP}%" if item.kind == "progress" else value)(locale)]
    if item.kind == "money":
        return [forms.money(amount, locale, currency=currency) for currency, amount in figure.sums.items()]
    total = figure.sums.get("")
    if total is None:
        return []
    if item.kind == "duration":
        return [kind_words.duration(int(total), locale)]
    unit = item.config.get("unit")
    return [f"{forms.number(total, locale)} {unit}" if unit else forms.number(total, locale)]
