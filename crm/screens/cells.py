"""The rows of a list as HTML, one writer a column, made once a page.

A list is what is opened most, and a template's macro call for each of 300 cells took longer than query and layout together
(docs/performance.md). `cell` gives exactly what the macro `values.cell` gives (a test compares them); everything else of the
table stands in its template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup, escape

from crm.kernel.i18n import N_
from crm.records.fields import PhoneValue
from crm.records.query import Row
from crm.screens import kind_words
from crm.screens.icons import icon
from crm.screens.listing.columns import ListColumn
from crm.screens.listing.state import ListState
from crm.screens.present import Presenter, Shown, initials, looks, value_of

_SPECIAL: Final = re.compile(r"[&<>\"']")
Writer = Callable[[Row], str]
#: Kinds with few values, each worded once a page.
_FEW: frozenset[str] = frozenset({"choice", "yes_no", "user", "relation"})


def body(presenter: Presenter, columns: Sequence[ListColumn], rows: Sequence[Row], *, choose: bool = True) -> Markup:
    """Give the table's rows: a box to choose each (with `choose`), the columns, and in the title's the way to the record."""
    writers = [_title if column.name == "title" else _writer(presenter, column) for column in columns]
    if choose:
        writers.insert(0, _box(presenter.locale))
    lines = [
        f'<tr data-id="{row.id}" data-version="{row.version}">{"".join([write(row) for write in writers])}</tr>' for row in rows
    ]
    return Markup("".join(lines))  # noqa: S704 - escaped below


def _box(locale: str) -> Writer:
    words = _safe(N_("Choose")(locale))
    return lambda row: f'<td class="choose"><input type="checkbox" value="{row.id}" aria-label="{words} {_safe(row.title)}"></td>'


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


def _title(row: Row) -> str:
    return f'<th scope="row"><a href="{_safe(row.url)}">{_safe(row.title)}</a></th>'


def _writer(presenter: Presenter, column: ListColumn) -> Writer:
    field, name = column.field, column.name
    label = f' data-label="{_safe(field.label(presenter.locale))}">'
    blank = f'<td class="blank"{label}</td>'
    known: dict[object, str] = {}
    few = field.kind in _FEW
    if field.kind == "text" and not looks(field):
        return lambda row: f"<td{label}{_safe(row.values[name])}</td>" if row.values.get(name) else blank

    if field.kind == "phones":
        return lambda row: f"<td{label}{_phones(row.values[name])}</td>" if row.values.get(name) else blank

    def write(row: Row) -> str:
        value = value_of(row, name)
        if value is None or value == "":
            return blank
        if few and value in known:
            return known[value]
        shown = presenter.show(field, value)
        number = ' class="num"' if shown.number else ""
        found = f"<td{number}{label}{cell(shown)}</td>"
        if few:
            known[value] = found
        return found

    return write


def _phones(value: Sequence[PhoneValue]) -> str:
    """Give telephone numbers, which most lists have: the same as `cell` of what a presenter shows, without the steps between."""
    pairs = [kind_words.phone(one) for one in value]
    return ", ".join([f'<a href="{_safe(url)}">{_safe(words)}</a>' for words, url in pairs])


def cell(shown: Shown) -> str:
    """Give a value's HTML in a table, escaped."""
    if shown.parts:
        return ", ".join([cell(part) for part in shown.parts])
    text = _safe(shown.text)
    if shown.progress is not None:
        return f'<progress class="bar" max="100" value="{shown.progress}" aria-hidden="true"></progress> {text}'
    if shown.colour and shown.strong:
        return f'<span class="pill tone-{_safe(shown.colour)}">{text}</span>'
    if shown.url:
        outside = ' rel="noopener noreferrer"' if shown.outside else ""
        return f'<a href="{_safe(shown.url)}"{outside}>{text}</a>'
    if shown.person:
        short = _safe(initials(shown.text))
        return f'<span class="person"><span class="avatar-small" aria-hidden="true">{short}</span>{text}</span>'
    return f'<span class="clip">{text}</span>' if shown.prose else text


def _safe(text: str) -> str:
    """Escape a text; most have nothing to escape, and making each a `Markup` took a third of the time."""
    return text if _SPECIAL.search(text) is None else str(escape(text))
