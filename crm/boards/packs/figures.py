"""Numbers for blocks: each knows the records it counted, so that on screen it leads to just those. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Final

from crm.boards.packs.document import CellFigure, Column, Figure, Grid, Paragraph
from crm.kernel import format as fmt
from crm.kernel.i18n import Label

#: In place of a number about so few people that it is not told (`kernel.small_cells`).
HIDDEN: Final = "•"
NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Counted:
    """A number: of records of a type, or (`worded`) something else about them, as hours."""

    type_key: str
    ids: tuple[int, ...]
    worded: str | None = None

    def text(self, locale: str) -> str:
        """Write it; nothing counted is a dash."""
        if self.worded is not None:
            return self.worded
        return fmt.number(len(self.ids), locale) if self.ids else NOTHING


#: A cell, or a part of a sentence: a number with its records, or text.
Cell = Counted | str


def sentence(template: str, parts: Mapping[str, Cell], locale: str) -> Paragraph:
    """Word a sentence about numbers: each `{name}` is one of the parts; in running text nothing counted is 0.

    `{name:sag|sager}` is not the number but the word that fits it: the first for one, the second for any other.
    """
    text, figures = "", []
    for before, name, forms, _conversion in Formatter().parse(template):
        text += before
        if name is None:
            continue
        part = parts[name]
        if forms:
            one, many = forms.split("|")
            text += one if _is_one(part) else many
            continue
        word = part if isinstance(part, str) else part.text(locale) if part.ids or part.worded else "0"
        if isinstance(part, Counted) and part.ids:
            figures.append(Figure(len(text), len(text) + len(word), part.type_key, part.ids))
        text += word
    return Paragraph(text, figures=tuple(figures))


def _is_one(part: Cell) -> bool:
    return part == "1" if isinstance(part, str) else (part.worded or str(len(part.ids))) == "1"


def grid(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], locale: str, notes: Iterable[str], caption: str = "") -> Grid:
    """Make a table of cells; the notes stand under it, each a sentence."""
    lines, figures = [], []
    for place, cells in enumerate(rows):
        lines.append(tuple(one if isinstance(one, str) else one.text(locale) for one in cells))
        figures += [
            CellFigure(place, column, one.type_key, one.ids)
            for column, one in enumerate(cells)
            if isinstance(one, Counted) and one.ids
        ]
    return Grid(caption, tuple(columns), tuple(lines), " ".join(note for note in notes if note), tuple(figures))


def heading(label: Label, locale: str, share: int, *, numeric: bool = False) -> Column:
    """Give a column by the name of what stands in it."""
    return Column(label(locale), numeric=numeric, share=share)
