"""From what the secretariat typed to parts of a pack: paragraphs, lists, and the recommendation's set form. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import Formatter

from crm.boards.packs import words
from crm.boards.packs.document import Figure, Paragraph, Part, Points
from crm.kernel.i18n import Label

_BULLET = re.compile(r"[-•*–]\s+(?=\S)")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+(?=\S)")
_THAT = re.compile(r"(?:at|that)\s", re.IGNORECASE)


def counted(template: str, type_key: str, records: Mapping[str, Sequence[int]]) -> Paragraph:
    """Word a sentence about numbers of records: each `{name}` is how many there are, and remembers which."""
    text, figures = "", []
    for before, name, _spec, _conversion in Formatter().parse(template):
        text += before
        if name is not None:
            ids = tuple(records[name])
            figures.append(Figure(len(text), len(text) + len(str(len(ids))), type_key, ids))
            text += str(len(ids))
    return Paragraph(text, figures=tuple(figures))


def read_text(text: str | None) -> tuple[Part, ...]:
    """Read a typed text: an empty line parts paragraphs, lines that begin with `-` or `1.` make lists."""
    parts: list[Part] = []
    for chunk in re.split(r"\n\s*\n", (text or "").strip()):
        parts.extend(_chunk([line.strip() for line in chunk.split("\n") if line.strip()]))
    return tuple(parts)


def _chunk(lines: list[str]) -> list[Part]:
    """Read one block of lines: runs of the same kind become one part."""
    parts: list[Part] = []
    run: list[str] = []
    kind = ""
    for line in [*lines, ""]:
        found = _kind(line)
        if run and found != kind:
            parts.append(_made(kind, run))
            run = []
        kind = found
        if line:
            run.append(_stripped(line, found))
    return parts


def _kind(line: str) -> str:
    if not line:
        return "end"
    return "bullet" if _BULLET.match(line) else "number" if _NUMBERED.match(line) else "text"


def _stripped(line: str, kind: str) -> str:
    pattern = {"bullet": _BULLET, "number": _NUMBERED}.get(kind)
    return pattern.sub("", line, count=1) if pattern else line


def _made(kind: str, run: list[str]) -> Part:
    if kind == "text":
        return Paragraph(" ".join(run))
    return Points(tuple(run), numbered=kind == "number")


def read_recommendation(text: str | None, locale: str, opening_words: Label = words.RECOMMENDS) -> tuple[Part, ...]:
    """Read an *indstilling*: one or several points that each begin with "at …" get the set opening words.

    "at planen godkendes" → "Sekretariatet indstiller, at planen godkendes"; several → the opening and a numbered list.
    A text that begins otherwise was given its form by the writer and stands as typed. For a discussion the secretariat does
    not recommend but suggests (`words.SUGGESTS`).
    """
    parts = read_text(text)
    points = [point for part in parts for point in (part.items if isinstance(part, Points) else _paragraphs(text, part))]
    if not points or not all(_THAT.match(point) for point in points):
        return parts
    points = [point[0].lower() + point[1:] for point in points]
    opening = opening_words(locale)
    if len(points) == 1:
        return (Paragraph(opening.format(text=points[0])),)
    return (Paragraph(opening.format(text="").rstrip()), Points(tuple(points), numbered=True))


def _paragraphs(text: str | None, part: Part) -> list[str]:
    """A paragraph of lines that each begin with "at" is a list that was typed without signs."""
    if not isinstance(part, Paragraph):
        return []
    lines = [line.strip() for line in (text or "").split("\n") if line.strip()]
    inside = [line for line in lines if line in part.text]
    return inside if len(inside) > 1 and all(_THAT.match(line) for line in inside) else [part.text]
