"""A list in groups: a head for each with its number and sums, the first rows of those that are open, and a way to all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from markupsafe import Markup, escape

from crm.filters import All
from crm.filters.tree import bad_filter
from crm.kernel import format as forms
from crm.kernel.i18n import N_
from crm.kernel.patience import TooSlowError, at_most
from crm.kernel.text import sort_key
from crm.records.groups import condition_of, grouped, rows_of_groups
from crm.records.query import Row
from crm.records.totals import Asker, Totals
from crm.records.work import UnitOfWork
from crm.screens import cells
from crm.screens.icons import icon
from crm.screens.listing.columns import ListColumn, columns_of, with_past
from crm.screens.listing.figures import figure_words, summed
from crm.screens.listing.grouping import By, read_by
from crm.screens.listing.state import ListState
from crm.screens.listing.table import Asked
from crm.screens.past import rows_on
from crm.screens.present import Presenter, value_of

#: Rows of each open group; groups beyond `OPEN` show their heads alone, and more than `MOST` are not listed.
ROWS: Final = 10
OPEN: Final = 25
MOST: Final = 200
SECONDS: Final = 4
_NONE: Final = "-"


@dataclass(frozen=True, slots=True)
class Head:
    """A group, named: `key` as the address has it."""

    totals: Totals
    key: str
    words: str
    colour: str
    mark: str = ""


def load_groups(uow: UnitOfWork, asked: Asked, presenter: Presenter, rows_each: int = ROWS) -> Mapping[str, Any]:
    """Read the groups of a list and the first rows of those that are open: three queries, whatever their number.

    Raises:
        InvalidInput: the list cannot be grouped so, or it takes too long.
    """
    state = asked.state
    by = read_by(asked.type, state.by)
    if by is None:
        raise ValueError(state.by)
    columns = columns_of(asked.type, uow.access.readable(asked.type.key), state.columns)
    asker = Asker(uow, asked.type.key, asked.where)
    try:
        with at_most(uow.session, SECONDS):
            found = grouped(asker, by.field, by.part, summed(columns))
    except TooSlowError:
        raise bad_filter(N_("Grouping takes too long here. Filter the list first.")) from None
    heads = _heads(uow, by, found, presenter, hide_empty=state.hide_empty)[:MOST]
    shown = [head for head in heads if head.key not in state.shut and head.totals.number][:OPEN]
    filters = [All((asked.where, condition_of(by.field, by.part, head.totals.key))) for head in shown]
    names = [column.name for column in columns]
    rows = rows_of_groups(uow, asked.type.key, filters, sort=state.sort, descending=state.descending, size=rows_each, fields=names)
    groups, suffix = _as_they_were(uow, asked, rows, presenter.locale)
    columns = columns if state.on is None else with_past(asked.type, columns, (row for group in groups for row in group))
    named = [column.field for column in columns if column.field.kind in cells.NAMED]
    presenter.prepare((item, value_of(row, item.api_name)) for group in groups for row in group for item in named)
    bodies = {head.key: cells.body(presenter, columns, group, suffix=suffix) for head, group in zip(shown, groups, strict=True)}
    text = "".join(_section(state, by, head, columns, bodies.get(head.key), presenter.locale, rows_each) for head in heads)
    return {
        "state": state,
        "head": cells.head(presenter.locale, columns, state),
        "body": Markup(text),  # noqa: S704 - escaped by `_section`
        "grouped": True,
        "sized": (sized := any(column.width for column in columns)),
        "wide": sized,
        "column_count": len(columns),
        "restarted": False,
        "next_url": None,
        "previous": None,
    }


def _as_they_were(
    uow: UnitOfWork, asked: Asked, groups: Sequence[Sequence[Row]], locale: str
) -> tuple[Sequence[Sequence[Row]], str]:
    """Give the rows of all groups as of the list's day, read in one go, and what stands behind their addresses."""
    day = asked.state.on
    if day is None:
        return groups, ""
    shown = {row.id: row for row in rows_on(uow, asked.type.key, [row for group in groups for row in group], day, locale)}
    return [[shown[row.id] for row in group] for group in groups], f"?on={day.isoformat()}"


def _heads(uow: UnitOfWork, by: By, found: Sequence[Totals], presenter: Presenter, *, hide_empty: bool) -> list[Head]:
    item, locale = by.field, presenter.locale
    known: dict[Any, Totals] = {one.key: one for one in found if one.number}
    keys: list[Any]
    if item.kind in {"choice", "choices"}:
        keys = [option.key for option in item.options if option.key in known or (not hide_empty and not option.retired)]
        keys += sorted(key for key in known if key is not None and item.option(str(key)) is None)
    elif item.kind == "yes_no":
        keys = [key for key in (True, False) if key in known or not hide_empty]
    else:
        keys = [key for key in known if key is not None]
    if item.kind in cells.NAMED:
        presenter.prepare((item, (key,) if item.kind == "users" else key) for key in keys)
    heads = [_named(by, key, known.get(key) or Totals(key, 0, {}), presenter) for key in keys]
    if item.kind in {"date", "rating"}:
        heads.sort(key=lambda head: head.totals.key, reverse=item.kind == "rating")
    elif item.kind in cells.NAMED:
        heads.sort(key=lambda head: sort_key(head.words))
    if None in known:
        heads.append(Head(known[None], _NONE, N_("without %(field)s", field=item.label)(locale), ""))
    return heads


def _named(by: By, key: Any, totals: Totals, presenter: Presenter) -> Head:
    item, locale = by.field, presenter.locale
    if isinstance(key, date):
        return Head(totals, key.isoformat(), part_words(by.part, key, locale), "")
    if isinstance(key, bool):
        return Head(totals, str(key).lower(), presenter.show(item, key).text, "")
    shown = presenter.show(item, (key,) if item.kind in {"choices", "users"} else key)
    option = item.option(str(key)) if item.options else None
    colour, mark = (option.colour, option.mark) if option is not None else ("", "")
    return Head(totals, str(key), shown.text, colour, mark)


def part_words(part: str, first: date, locale: str) -> str:
    """Name a part of a date by its first day: 2026, 4. kvartal 2026, december 2026, uge 49 2026, 01.12.2026."""
    match part:
        case "year":
            return str(first.year)
        case "quarter":
            return N_("quarter %(number)s %(year)s", number=(first.month + 2) // 3, year=first.year)(locale)
        case "month":
            return forms.month(first, locale)
        case "week":
            return f"{forms.week(first, locale)} {forms.iso_week(first)[0]}"
        case _:
            return forms.day(first, locale)


def _section(
    state: ListState, by: By, head: Head, columns: Sequence[ListColumn], body: Markup | None, locale: str, rows_each: int
) -> str:
    """Write one group: its head, its rows, and the way to all of them."""
    number = head.totals.number
    toggle = state.toggled(head.key)
    here = state.narrowed_by(condition_of(by.field, by.part, head.totals.key)).url()
    is_open = head.key not in state.shut
    words = escape(head.words)
    name = cells.pill(head.colour, head.mark, str(words)) if head.colour else words
    first = (
        f'<a class="group-toggle" href="{escape(toggle.url())}" hx-get="{escape(toggle.url("rows"))}" hx-target="#list"'
        f' hx-swap="outerHTML" aria-expanded="{"true" if is_open else "false"}">'
        f"{icon('chevron-down' if is_open else 'chevron-right')}{name}</a>"
        f' <a class="count" href="{escape(here)}">{escape(forms.number(number, locale))}</a>'
    )
    figures = "".join(f"<td{_class(column)}>{_figures(column, head, here, locale)}</td>" for column in columns[1:])
    line = f'<tr class="group-head"><th colspan="2" scope="rowgroup">{first}</th>{figures}</tr>'
    rest = ""
    if body is not None and number > rows_each:
        every = escape(N_("Show all %(number)s", number=forms.number(number, locale))(locale))
        rest = f'<tr class="group-rest"><td></td><td colspan="{len(columns)}"><a href="{escape(here)}">{every}</a></td></tr>'
    return f"<tbody>{line}{body or ''}{rest}</tbody>"


def _class(column: ListColumn) -> str:
    return ' class="num"' if column.number else ""


def _figures(column: ListColumn, head: Head, here: str, locale: str) -> str:
    figure = head.totals.figures.get(column.name)
    if figure is None or not figure.filled:
        return ""
    lines = figure_words(column.field, figure, locale)
    return "<br>".join(f'<a href="{escape(here)}">{escape(words)}</a>' for words in lines)
