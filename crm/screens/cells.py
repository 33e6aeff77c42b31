"""The rows of a list as HTML: each column's cells are written at once, and the rows put together of them.

A list is what is opened most, and a template's macro call for each of 300 cells took longer than query and layout together
(docs/performance.md). `cell` gives exactly what the macro `values.cell` gives (a test compares them); everything else of the
table stands in its template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from typing import Final

from markupsafe import Markup, escape

from crm.kernel.i18n import N_
from crm.records.fields import PhoneValue
from crm.records.query import Row
from crm.records.types import Field
from crm.screens import kind_words
from crm.screens.deadlines import is_deadline, is_late
from crm.screens.icons import icon
from crm.screens.listing.columns import ListColumn
from crm.screens.listing.state import ListState
from crm.screens.present import Presenter, Shown, initials, looks, value_of

_SPECIAL: Final = re.compile(r"[&<>\"']")
#: Parts texts that are escaped together; no text holds it, and one that does is escaped alone.
_BETWEEN: Final = "\0"
#: Writes a column's cells, one a row.
Writer = Callable[[Sequence[Row]], Iterable[str]]
#: Kinds with few values, each worded once a page.
_FEW: frozenset[str] = frozenset({"choice", "yes_no", "user", "relation"})
#: Kinds whose words stand in other rows of the database.
NAMED: Final = frozenset({"relation", "user", "users"})
#: Lists (by columns and language) whose rows are kept, and rows of each: some megabytes.
MOST_LISTS: Final = 20
MOST_ROWS: Final = 1_000


def body(
    presenter: Presenter, columns: Sequence[ListColumn], rows: Sequence[Row], *, choose: bool = True, suffix: str = ""
) -> Markup:
    """Give the table's rows: a box to choose each (with `choose`), the columns, and in the title's the way to the record.

    A row that was written before is taken as it was. It hangs on its record's version, as the API's ETag does, on columns and
    language, and where a deadline is among them on the day; where it also names other records or users it is written anew. What a
    transaction has not committed is not kept, and neither are rows as of a day, which `suffix` names behind the record's address.
    """
    if suffix or presenter.uow.rows is None or any(column.field.kind in NAMED for column in columns):
        return Markup("".join(_written(presenter, columns, rows, choose=choose, suffix=suffix)))  # noqa: S704 - escaped
    fields = tuple([column.field for column in columns])
    day = presenter.uow.today() if any(map(is_deadline, fields)) else None
    kept = _kept_rows(presenter.locale, fields, choose, day)
    lines = [kept.get((row.id, row.version)) for row in rows]
    missing = [row for row, line in zip(rows, lines, strict=True) if line is None]
    new = _written(presenter, columns, missing, choose=choose) if missing else ()
    if len(kept) + len(new) > MOST_ROWS:
        kept.clear()
    kept.update(zip([(row.id, row.version) for row in missing], new, strict=True))
    fresh = iter(new)
    return Markup("".join([next(fresh) if line is None else line for line in lines]))  # noqa: S704 - escaped


@lru_cache(maxsize=MOST_LISTS)
def _kept_rows(
    _locale: str,
    _fields: tuple[Field, ...],
    _choose: bool,  # noqa: FBT001 - a key
    _day: date | None,
) -> dict[tuple[int, int], str]:
    """Give where the rows of lists with such columns are kept, by id and version."""
    return {}


def _written(
    presenter: Presenter, columns: Sequence[ListColumn], rows: Sequence[Row], *, choose: bool, suffix: str = ""
) -> list[str]:
    titles = _safe_all([row.title for row in rows])
    written: list[Iterable[str]] = [[f'<tr data-id="{row.id}" data-version="{row.version}">' for row in rows]]
    if choose:
        words = _safe(N_("Choose")(presenter.locale))
        box = '<td class="choose"><input type="checkbox" value="{}" aria-label="{} {}"></td>'.format
        written.append([box(row.id, words, title) for row, title in zip(rows, titles, strict=True)])
    for column in columns:
        if column.name == "title":
            # The address is our own: an id, and a slug of letters, figures and dashes.
            link = '<th scope="row"><a href="{}{}">{}</a></th>'.format
            written.append([link(row.url, suffix, title) for row, title in zip(rows, titles, strict=True)])
        else:
            written.append(_writer(presenter, column)(rows))
    return ["".join(parts) + "</tr>" for parts in zip(*written, strict=True)]


def head(locale: str, columns: Sequence[ListColumn], state: ListState, *, choose: bool = True) -> Markup:
    """Give the table's columns and their heading: a way to sort by each, and with `choose` the box for all rows of the page."""
    widths = "".join([f'<col width="{column.width}">' if column.width else "<col>" for column in columns])
    links = _SortLinks(state)
    headings = "".join([_heading(locale, column, state, links) for column in columns])
    if not choose:
        return Markup(f"<colgroup>{widths}</colgroup><thead><tr>{headings}</tr></thead>")  # noqa: S704 - escaped
    every = _safe(N_("Choose all on this page")(locale))
    box = f'<th class="choose" scope="col"><input type="checkbox" data-choose-all aria-label="{every}"></th>'
    return Markup(f'<colgroup><col class="choose">{widths}</colgroup><thead><tr>{box}{headings}</tr></thead>')  # noqa: S704 - escaped


class _SortLinks:
    """Addresses of a list sorted by each of its columns: what they share is written once."""

    def __init__(self, state: ListState) -> None:
        self.state = state
        self.plain = replace(state.start(), sort="title", descending=False).url() if state.view is None else None

    def by(self, name: str) -> str:
        """Give the address of the list sorted by a field; the other way round when it is so already."""
        if self.plain is None:
            return self.state.sorted_by(name).url()
        down = self.state.sort == name and not self.state.descending
        if name == "title" and not down:
            return self.plain
        return f"{self.plain}{'&' if '?' in self.plain else '?'}sort={name}{'&dir=desc' if down else ''}"


def _heading(locale: str, column: ListColumn, state: ListState, links: _SortLinks) -> str:
    words = _safe(column.field.label(locale))
    on = state.sort == column.name
    number = ' class="num"' if column.number else ""
    order = f' aria-sort="{"descending" if state.descending else "ascending"}"' if on else ""
    if column.sortable:
        arrow = icon("arrow-down" if state.descending else "arrow-up") if on else ""
        words = f'<a href="{_safe(links.by(column.name))}">{words}{arrow}</a>'
    facts = f'data-field="{_safe(column.name)}" data-kind="{_safe(column.field.kind)}"'
    return f'<th scope="col" {facts}{number}{order}>{words}</th>'


def _writer(presenter: Presenter, column: ListColumn) -> Writer:
    field, name = column.field, column.name
    label = f' data-label="{_safe(field.label(presenter.locale))}">'
    blank = f'<td class="blank"{label}</td>'
    if field.kind == "text" and not looks(field):
        return lambda rows: [
            f"<td{label}{text}</td>" if text else blank for text in _safe_all([row.values.get(name) or "" for row in rows])
        ]
    if field.kind == "phones":
        return lambda rows: [f"<td{label}{_phones(found)}</td>" if (found := row.values.get(name)) else blank for row in rows]

    def write(value: object) -> str:
        if value is None or value == "":
            return blank
        shown = presenter.show(field, value)
        number = ' class="num"' if shown.number else ""
        return f"<td{number}{label}{cell(shown)}</td>"

    def due(row: Row, value: object) -> str:
        return (
            f"<td{label}{deadline(presenter, row, value, cell(presenter.show(field, value)))}</td>" if value is not None else blank
        )

    if is_deadline(field):
        return lambda rows: [due(row, value_of(row, name)) for row in rows]
    few = cache(write) if field.kind in _FEW else write
    return lambda rows: [few(value_of(row, name)) for row in rows]


def deadline(presenter: Presenter, row: Row, value: object, text: str) -> str:
    """Mark the text of a deadline that is over; any other stands as it is."""
    uow = presenter.uow
    if not is_late(uow.registry.get(row.type_key), row, value, uow.today(), uow.zone):
        return text
    return f'<span class="late">{text}<span class="visually-hidden"> – {_safe(N_("overdue")(presenter.locale))}</span></span>'


def _phones(value: Sequence[PhoneValue]) -> str:
    """Give telephone numbers, which most lists have: the same as `cell` of what a presenter shows, without the steps between."""
    return ", ".join([_phone(one) for one in value])


@lru_cache(maxsize=5_000)
def _phone(value: PhoneValue) -> str:
    """Give one number; a list is looked at again and again."""
    words, url = kind_words.phone(value)
    return f'<a href="{_safe(url)}">{_safe(words)}</a>'


def cell(shown: Shown) -> str:
    """Give a value's HTML in a table, escaped."""
    if shown.parts:
        return ", ".join([cell(part) for part in shown.parts])
    text = _safe(shown.short or shown.text)
    if shown.progress is not None:
        return f'<progress class="bar" max="100" value="{shown.progress}" aria-hidden="true"></progress> {text}'
    if shown.colour and shown.strong:
        return pill(shown.colour, shown.mark, text)
    if shown.url:
        outside = ' rel="noopener noreferrer"' if shown.outside else ""
        return f'<a href="{_safe(shown.url)}"{outside}>{text}</a>'
    if shown.person:
        short = _safe(initials(shown.text))
        return f'<span class="person"><span class="avatar-small" aria-hidden="true">{short}</span>{text}</span>'
    return f'<span class="clip">{text}</span>' if shown.prose else text


def pill(colour: str, mark: str, text: str) -> str:
    """Give a badge: `text` is escaped already; the mark is for the eye, since the text says the same."""
    sign = f'<span aria-hidden="true">{_safe(mark)}</span>' if mark else ""
    return f'<span class="pill tone-{_safe(colour)}">{sign}{text}</span>'


def _safe(text: str) -> str:
    """Escape a text; most have nothing to escape, and making each a `Markup` took a third of the time."""
    return text if _SPECIAL.search(text) is None else str(escape(text))


def _safe_all(texts: Sequence[str]) -> Sequence[str]:
    """Escape many texts at once: one call costs as much as fifty signs."""
    found = str(escape(_BETWEEN.join(texts))).split(_BETWEEN)
    return found if len(found) == len(texts) else [_safe(text) for text in texts]
