"""The papers of an event as Word files, by python-docx: the list of participants, and name badges to print and cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Final, Self

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from crm.events.papers import BADGES_TITLE, LIST_TITLE, NOBODY, OF, PAGE, EventPaper, Guest
from crm.kernel.settings import Settings
from integrations.documents import word_fields as fields
from integrations.documents.word_styles import LANGUAGES, QUIET, TEXT_WIDTH_CM, prepare, safe

#: Widths of the list's columns, in shares: name, organisation, position, box.
SHARES: Final = (29, 31, 31, 9)
#: A badge holder takes 90 × 54 mm; two by five fill an A4.
BADGE_CM: Final = (9.0, 5.4)
ACROSS: Final = 2
#: Signs of a name, and the size it is printed in: a long one still fits on its badge.
NAME_SIZES: Final = ((18, 24), (26, 20), (36, 16), (60, 13))
SMALLEST: Final = 10


class WordPapers:
    """Draws papers that Word and LibreOffice open without repair."""

    media_type: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    suffix: Final = "docx"

    @classmethod
    def from_settings(cls, _settings: Settings) -> Self:
        """Make one; it needs nothing of the settings."""
        return cls()

    def participant_list(self, paper: EventPaper) -> bytes:
        """Give the list of participants."""
        docx = _document(paper, LIST_TITLE(paper.locale))
        docx.add_paragraph(safe(paper.title), style="Heading 1")
        for fact in paper.facts:
            docx.add_paragraph(safe(fact), style="Pack Facts Line")
        if paper.guests:
            _table(docx, paper)
        docx.add_paragraph(safe(paper.note if paper.guests else NOBODY(paper.locale)), style="Pack Note")
        footer = docx.sections[0].footer.paragraphs[0]
        footer.add_run(safe(paper.office) + "\t\t")
        fields.add_page_number(footer, PAGE(paper.locale), OF(paper.locale))
        return _saved(docx)

    def name_badges(self, paper: EventPaper) -> bytes:
        """Give the name badges."""
        docx = _document(paper, BADGES_TITLE(paper.locale))
        section = docx.sections[0]
        section.left_margin = section.right_margin = Cm((21.0 - ACROSS * BADGE_CM[0]) / 2)
        section.top_margin = section.bottom_margin = Cm(1.2)
        section.header_distance = section.footer_distance = Cm(0.4)
        if paper.guests:
            table = docx.add_table(rows=0, cols=ACROSS)
            table.autofit = False
            _cut_lines(table)
            for guests in _rows(paper.guests):
                _badge_row(table, guests, paper.title)
            for column in table.columns:
                column.width = Cm(BADGE_CM[0])
        # A table must be followed by a paragraph: the smallest there is, so that it takes no page of its own.
        last = docx.add_paragraph(safe("" if paper.guests else NOBODY(paper.locale)))
        last.paragraph_format.space_after = Pt(0)
        if paper.guests:
            last.paragraph_format.line_spacing = Pt(1)
        return _saved(docx)


def _document(paper: EventPaper, kind: str) -> Any:
    docx = Document()
    prepare(docx, LANGUAGES[paper.locale])
    core = docx.core_properties
    core.title, core.subject = safe(f"{paper.title} – {kind}")[:255], safe(kind)
    core.author = core.last_modified_by = safe(paper.office)[:255]
    core.language, core.comments = LANGUAGES[paper.locale], ""
    return docx


def _saved(docx: Any) -> bytes:
    target = BytesIO()
    docx.save(target)
    return target.getvalue()


def _table(docx: Any, paper: EventPaper) -> None:
    headings = paper.headings
    table = docx.add_table(rows=1, cols=len(headings), style="Pack Table")
    table.autofit = False
    shares = SHARES[: len(headings)]
    widths = [Cm(TEXT_WIDTH_CM * share / sum(shares)) for share in shares]
    _fill(table.rows[0], headings, widths, "Table Heading")
    _mark(table.rows[0], "w:tblHeader")
    for row in paper.rows:
        _fill(table.add_row(), row, widths, "Table Text")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def _fill(row: Any, texts: Sequence[str], widths: Sequence[Any], style: str) -> None:
    _mark(row, "w:cantSplit")
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = width
        cell.paragraphs[0].style = style
        cell.paragraphs[0].add_run(safe(text))


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - python-docx has no public door to row properties


def _rows(guests: Sequence[Guest]) -> Iterator[tuple[Guest | None, ...]]:
    for start in range(0, len(guests), ACROSS):
        row = guests[start : start + ACROSS]
        yield (*row, *(None for _ in range(ACROSS - len(row))))


def _badge_row(table: Any, guests: Sequence[Guest | None], event: str) -> None:
    row = table.add_row()
    row.height, row.height_rule = Cm(BADGE_CM[1]), WD_ROW_HEIGHT_RULE.EXACTLY
    _mark(row, "w:cantSplit")
    for cell, guest in zip(row.cells, guests, strict=True):
        cell.width = Cm(BADGE_CM[0])
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        if guest is not None:
            _line(cell.paragraphs[0], guest.name, _size(guest.name), bold=True)
            _line(cell.add_paragraph(), guest.organisation, 12)
            _line(cell.add_paragraph(), " · ".join(part for part in (guest.role, event) if part), 9, quiet=True)


def _line(paragraph: Any, text: str, size: float, *, bold: bool = False, quiet: bool = False) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(3)
    run = paragraph.add_run(safe(text)[:160])
    run.font.size, run.font.bold = Pt(size), bold
    if quiet:
        run.font.color.rgb = QUIET


def _size(name: str) -> int:
    return next((size for signs, size in NAME_SIZES if len(name) <= signs), SMALLEST)


def _cut_lines(table: Any) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "dashed"), ("sz", "4"), ("space", "0"), ("color", "B8C2C8")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)  # noqa: SLF001 - python-docx has no public door to table borders
