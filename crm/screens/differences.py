"""Two values side by side, with what differs between texts marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from crm.kernel.diffs import text_diff
from crm.kernel.i18n import N_
from crm.records.types import Field
from crm.screens.present import Presenter, Shown


@dataclass(frozen=True, slots=True)
class Sides:
    """A field's two values on a page: of texts, what is only in one is marked."""

    field: Field
    first: Markup
    second: Markup


def sides(presenter: Presenter, item: Field, first: Any, second: Any) -> Sides:
    """Give two values for the page; the presenter has read the names they need."""
    before, after = presenter.show(item, first), presenter.show(item, second)
    if item.kind == "checklist":
        return Sides(item, _rows(before, after, "del", presenter.locale), _rows(after, before, "ins", presenter.locale))
    if item.kind not in {"text", "rich_text"} or before.blank or after.blank:
        return Sides(item, _whole(before, presenter.locale), _whole(after, presenter.locale))
    pieces = text_diff(before.text, after.text)
    if not any(piece.kind == "same" and piece.text.strip() for piece in pieces):
        return Sides(item, escape(before.text), escape(after.text))  # nothing in common: marks would say nothing
    gone, new = Markup(""), Markup("")
    for piece in pieces:
        if piece.kind == "gone":
            gone += Markup("<del>{}</del>").format(piece.text)
        elif piece.kind == "new":
            new += Markup("<ins>{}</ins>").format(piece.text)
        else:
            gone, new = gone + escape(piece.text), new + escape(piece.text)
    return Sides(item, gone, new)


def _rows(shown: Shown, other: Shown, mark: str, locale: str) -> Markup:
    """Give the rows of a checklist, each on a line; those that are not the same on the other side are marked."""
    if shown.blank:
        return _whole(shown, locale)
    lines = [Markup("{} {}").format("☑" if row.done else "☐", row.text) for row in shown.rows]
    marked = Markup(f"<{mark}>{{}}</{mark}>")  # noqa: S704 - one of two words of ours
    same = set(other.rows)
    return Markup("<br>").join(line if row in same else marked.format(line) for row, line in zip(shown.rows, lines, strict=True))


def _whole(shown: Shown, locale: str) -> Markup:
    if shown.blank:
        return Markup('<span class="muted">{}</span>').format(N_("empty")(locale))
    return escape(shown.text)
