"""The HTML face of a pack: one template, used by the portal, the preview and the tests. Values are data, always escaped."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from crm.boards.packs import words
from crm.boards.packs.document import Annex, CellFigure, Figure, Grid, PackDocument, Paragraph, Part, Points
from crm.filters import Condition
from crm.filters.id_sets import pack
from crm.filters.tree import dump

#: The longest address that leads to a list: a server takes 8,190 signs of a request's first line.
LONGEST_ADDRESS: Final = 7000
TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates"


def part_kind(part: Part) -> str:
    """Name a part for the template: paragraph, points or grid."""
    return {Paragraph: "paragraph", Points: "points", Grid: "grid"}[type(part)]


def annex_label(annex: Annex, locale: str) -> str:
    """Name an annex: Bilag 3 til punkt 5."""
    return words.ANNEX_OF(locale).format(annex=annex.number, item=annex.item_number)


def figure_url(figure: Figure | CellFigure) -> str | None:
    """Give the list of just the records that a number counted; none where it counted nothing, or more than an address holds."""
    if not figure.ids or not all(figure.ids):
        return None
    where = dump(Condition("id", "in", (pack(figure.ids),)))
    address = f"/t/{figure.type_key}?{urlencode({'where': json.dumps(where, separators=(',', ':'))})}"
    return address if len(address) <= LONGEST_ADDRESS else None


def template_words(document: PackDocument, *, linked: bool = False) -> dict[str, Any]:
    """Give what the pack's templates need beside the document: its words in its own language, and helpers.

    With `linked`, for those who may open them, numbers lead to the records they count; in the portal they are plain text.
    """
    names = ("CONTENTS", "AGENDA", "ANNEXES", "ANNEX_LIST", "MEMBERS", "CLOSED", "MINUTES", "PRESENTER")
    return {
        "pack": document,
        "w": {name.lower(): getattr(words, name)(document.locale) for name in names},
        "part_kind": part_kind,
        "figure_url": figure_url if linked else None,
        "annex_label": lambda annex: annex_label(annex, document.locale),
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_html(document: PackDocument) -> str:
    """Draw the whole pack as one HTML fragment (an `<article>`)."""
    return _environment().get_template("boards/pack.html").render(**template_words(document))
