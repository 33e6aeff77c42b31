"""`PackDocument`: a meeting's pack as plain, frozen data. Every face (Word, HTML) is drawn from it and from nothing else.

It is stored as JSON with each pack version, so a published version can be drawn again, years later, exactly as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

#: Raised when the shape of the JSON changes; `from_json` reads all earlier ones.
SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text, from one sign to another, and the records that were counted: where there is a screen it leads to them."""

    start: int
    end: int
    type_key: str
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text. `quiet` ones (notes) are set smaller."""

    text: str
    quiet: bool = False
    figures: tuple[Figure, ...] = ()

    def pieces(self) -> tuple[tuple[str, Figure | None], ...]:
        """Give the text in pieces, each with the figure that it is, or none."""
        found: list[tuple[str, Figure | None]] = []
        at = 0
        for figure in self.figures:
            found += [(self.text[at : figure.start], None), (self.text[figure.start : figure.end], figure)]
            at = figure.end
        return tuple((text, figure) for text, figure in (*found, (self.text[at:], None)) if text)


@dataclass(frozen=True, slots=True)
class Points:
    """A list; a numbered one begins at 1."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand to the right. `share` is its part of the width, in any unit."""

    heading: str
    numeric: bool = False
    share: int = 1


@dataclass(frozen=True, slots=True)
class CellFigure:
    """A number in a table's cell, by row and column from 0, and the records that were counted."""

    row: int
    column: int
    type_key: str
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a heading row, and under it when its figures were drawn (*Tal pr. …*)."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    figures: tuple[CellFigure, ...] = ()

    def figure_at(self, row: int, column: int) -> CellFigure | None:
        """Give what a cell counted, or None where it is plain text."""
        return next((one for one in self.figures if (one.row, one.column) == (row, column)), None)


Part = Paragraph | Points | Grid
_PARTS: Final[Mapping[str, type[Paragraph | Points | Grid]]] = {"paragraph": Paragraph, "points": Points, "grid": Grid}
_PART_NAMES: Final = {kind: name for name, kind in _PARTS.items()}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of an item's sheet and what stands under it."""

    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """A file that belongs to an item. Its number is stable over the meeting's versions."""

    number: int
    title: str
    item_number: int
    file_id: int
    file_name: str
    size: int


@dataclass(frozen=True, slots=True)
class ItemSheet:
    """One agenda item on a sheet of its own."""

    item_id: int
    number: int
    title: str
    item_type: str
    type_label: str
    sections: tuple[Section, ...]
    minutes: int | None = None
    presenter: str = ""
    closed: bool = False
    annexes: tuple[Annex, ...] = ()

    @property
    def heading(self) -> str:
        """Number and title, as they stand over the sheet."""
        return f"{self.number}. {self.title}"


@dataclass(frozen=True, slots=True)
class Front:
    """The front page."""

    office: str
    board: str
    title: str
    kind: str
    #: Labelled lines: when, where, version …
    lines: tuple[tuple[str, str], ...]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackDocument:
    """The whole pack of a meeting in one language."""

    meeting_id: int
    version: int
    locale: str
    #: In UTC, ISO form; worded in `front.lines`.
    built_at: str
    front: Front
    agenda: Grid
    items: tuple[ItemSheet, ...]

    @property
    def annexes(self) -> tuple[Annex, ...]:
        """All annexes by number."""
        return tuple(sorted((annex for item in self.items for annex in item.annexes), key=lambda annex: annex.number))

    def item(self, item_id: int) -> ItemSheet | None:
        """Give an item's sheet by the id of its record."""
        return next((item for item in self.items if item.item_id == item_id), None)

    def to_json(self) -> dict[str, Any]:
        """Give the stored form: dicts, lists, text and whole numbers only."""
        return {"schema": SCHEMA, **{field.name: _plain(getattr(self, field.name)) for field in fields(self)}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PackDocument:
        """Read what `to_json` wrote.

        Raises:
            ValueError: it was written by a newer release.
        """
        if stored.get("schema") != SCHEMA:
            raise ValueError(f"pack document of schema {stored.get('schema')!r}; this release reads {SCHEMA}")
        front = stored["front"]
        return cls(
            meeting_id=stored["meeting_id"],
            version=stored["version"],
            locale=stored["locale"],
            built_at=stored["built_at"],
            front=Front(
                **{**front, "lines": tuple((name, value) for name, value in front["lines"]), "members": tuple(front["members"])}
            ),
            agenda=_grid(stored["agenda"]),
            items=tuple(_item(item) for item in stored["items"]),
        )

    def digest(self) -> str:
        """Give the SHA-256 of the stored form: what an approval is bound to."""
        text = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def outline(self) -> list[str]:
        """Give the text outline that golden tests compare: headings and the lines under them, face-independent."""
        lines = [f"# {self.front.title}", *(f"{name}: {value}" for name, value in self.front.lines)]
        for item in self.items:
            lines.append(f"## {item.heading} [{item.type_label}]")
            for section in item.sections:
                lines.append(f"### {section.heading}")
                lines.extend(line for part in section.parts for line in part_lines(part))
            lines.extend(f"@ {annex.number}: {annex.title}" for annex in item.annexes)
        return lines


def part_lines(part: Part) -> list[str]:
    """Give a part's text line by line."""
    if isinstance(part, Paragraph):
        return [part.text]
    if isinstance(part, Points):
        return [f"{number}. {text}" if part.numbered else f"- {text}" for number, text in enumerate(part.items, 1)]
    rows = [" | ".join(column.heading for column in part.columns), *(" | ".join(row) for row in part.rows)]
    return [*([part.caption] if part.caption else []), *rows, *([part.note] if part.note else [])]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Paragraph | Points | Grid):
        plain = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        if not plain.get("figures", True):
            del plain["figures"]  # as packs were written before figures led anywhere: what was approved keeps its digest
        return {"part": _PART_NAMES[type(value)], **plain}
    if isinstance(value, Front | ItemSheet | Section):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Annex | Column):
        return asdict(value)
    if isinstance(value, Figure | CellFigure):
        return {**asdict(value), "ids": list(value.ids)}
    return value


def _part(stored: Mapping[str, Any]) -> Part:
    kind = _PARTS[stored["part"]]
    if kind is Grid:
        return _grid(stored)
    if kind is Points:
        return Points(items=tuple(stored["items"]), numbered=stored["numbered"])
    figures = tuple(Figure(**{**figure, "ids": tuple(figure["ids"])}) for figure in stored.get("figures", ()))
    return Paragraph(text=stored["text"], quiet=stored["quiet"], figures=figures)


def _grid(stored: Mapping[str, Any]) -> Grid:
    return Grid(
        caption=stored["caption"],
        columns=tuple(Column(**column) for column in stored["columns"]),
        rows=tuple(tuple(row) for row in stored["rows"]),
        note=stored["note"],
        figures=tuple(CellFigure(**{**one, "ids": tuple(one["ids"])}) for one in stored.get("figures", ())),
    )


def _item(stored: Mapping[str, Any]) -> ItemSheet:
    sections = tuple(Section(item["heading"], tuple(_part(part) for part in item["parts"])) for item in stored["sections"])
    return ItemSheet(**{**stored, "sections": sections, "annexes": tuple(Annex(**annex) for annex in stored["annexes"])})
