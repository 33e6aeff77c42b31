"""The rows of a list as HTML, one writer a column, made once a page.

A list is what is opened most, and a template's macro call for each of 300 cells took longer than query and layout together
(docs/performance.md). `cell` gives exactly what the macro `values.cell` gives (a test compares them); everything else of the
table stands in its template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from markupsafe import Markup, escape

from crm.records.query import Row
from crm.records.types import Field
from crm.screens.listing import ListColumn
from crm.screens.present import Presenter, Shown, initials, looks, value_of

_SPECIAL: Final = re.compile(r"[&<>\"']")
Writer = Callable[[Row], str]
#: Kinds with few values, each worded once a page.
_FEW: frozenset[str] = frozenset({"choice", "yes_no", "user", "relation"})


def body(presenter: Presenter, columns: Sequence[ListColumn], rows: Sequence[Row]) -> Markup:
    """Give the table's rows; the first column is the record's name and leads to it."""
    writers = [_title if number == 0 else _writer(presenter, column) for number, column in enumerate(columns)]
    return Markup("".join([f"<tr>{''.join([write(row) for write in writers])}</tr>" for row in rows]))  # noqa: S704 - escaped below


def options(field: Field, chosen: str | None, locale: str) -> Markup:
    """Give the options of a choice's filter: a hundred municipalities are a hundred calls less."""
    lines = [
        f'<option value="{_safe(item.key)}"{" selected" if item.key == chosen else ""}>{_safe(item.label(locale))}</option>'
        for item in field.options
    ]
    return Markup("".join(lines))  # noqa: S704 - escaped above


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
