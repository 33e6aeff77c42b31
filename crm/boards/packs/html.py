"""The HTML face of a pack: one template, used by the portal, the preview and the tests. Values are data, always escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from crm.boards.packs import words
from crm.boards.packs.document import Annex, Grid, PackDocument, Paragraph, Part, Points

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates"


def part_kind(part: Part) -> str:
    """Name a part for the template: paragraph, points or grid."""
    return {Paragraph: "paragraph", Points: "points", Grid: "grid"}[type(part)]


def annex_label(annex: Annex, locale: str) -> str:
    """Name an annex: Bilag 3 til punkt 5."""
    return words.ANNEX_OF(locale).format(annex=annex.number, item=annex.item_number)


def template_words(document: PackDocument) -> dict[str, Any]:
    """Give what the pack's templates need beside the document: its words in its own language, and two helpers."""
    names = ("CONTENTS", "AGENDA", "ANNEXES", "ANNEX_LIST", "MEMBERS", "CLOSED", "MINUTES", "PRESENTER")
    return {
        "pack": document,
        "w": {name.lower(): getattr(words, name)(document.locale) for name in names},
        "part_kind": part_kind,
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
