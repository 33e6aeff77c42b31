"""Packs as Word files, by python-docx: real styles, contents, page numbers, Danish proofing language.

The styles are made in `word_styles`, the fields (contents, page numbers) in `word_fields`; this file lays out the pack.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any, Final, Self

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Cm

from crm.boards.packs import words
from crm.boards.packs.document import Annex, Grid, ItemSheet, PackDocument, Paragraph, Part, Points, part_lines
from crm.kernel.settings import Settings
from integrations.documents import word_fields as fields
from integrations.documents.word_styles import LANGUAGES, TEXT_WIDTH_CM, prepare, safe

#: What fits on an A4 page, for the page numbers that the contents show before Word has laid the document out.
LINES_PER_PAGE: Final = 44
SIGNS_PER_LINE: Final = 88
#: Up to so many items the agenda stands on the same page as the contents.
FIT_BESIDE_CONTENTS: Final = 12


class WordRenderer:
    """Draws a pack as a Word file that Word and LibreOffice open without repair."""

    media_type: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    suffix: Final = "docx"

    @classmethod
    def from_settings(cls, _settings: Settings) -> Self:
        """Make one; it needs nothing of the settings."""
        return cls()

    def render(self, document: PackDocument) -> bytes:
        """Give the docx of a pack."""
        target = BytesIO()
        _Writer(document).write().save(target)
        return target.getvalue()


class _Writer:
    """Writes one document, top to bottom."""

    def __init__(self, pack: PackDocument) -> None:
        self.pack = pack
        self.locale = pack.locale
        self.docx = Document()
        self.bookmarks = 0
        prepare(self.docx, LANGUAGES[pack.locale])

    def write(self) -> Any:
        """Write everything."""
        self._properties()
        self._front()
        self._contents()
        self._agenda()
        for item in self.pack.items:
            self._item(item)
        if self.pack.annexes:
            self._annex_list()
        self._header_and_footer()
        return self.docx

    def _properties(self) -> None:
        core = self.docx.core_properties
        core.title = safe(f"{self.pack.front.title} – {self.pack.front.kind}")[:255]
        core.author = core.last_modified_by = safe(self.pack.front.office)[:255]
        core.subject = safe(self.pack.front.board)[:255]
        core.language = LANGUAGES[self.locale]
        core.comments, core.keywords = "", safe(f"{words.VERSION(self.locale)} {self.pack.version}")
        core.revision = self.pack.version
        core.created = core.modified = datetime.fromisoformat(self.pack.built_at).replace(tzinfo=None)

    def _add(self, text: str, style: str) -> Any:
        return self.docx.add_paragraph(safe(text), style=style)

    def _front(self) -> None:
        front = self.pack.front
        self._add(front.office, "Pack Office")
        self._add(front.title, "Title")
        self._add(front.kind, "Subtitle")
        table = self.docx.add_table(rows=0, cols=2, style="Pack Facts")
        table.autofit = False
        for name, value in front.lines:
            cells = table.add_row().cells
            for cell, content, width, style in (
                (cells[0], name, 3.2, "Pack Label"),
                (cells[1], value, TEXT_WIDTH_CM - 3.2, "Table Text"),
            ):
                cell.width = Cm(width)
                cell.paragraphs[0].style = self.docx.styles[style]
                cell.paragraphs[0].add_run(safe(content))
        for column, width in zip(table.columns, (3.2, TEXT_WIDTH_CM - 3.2), strict=True):
            column.width = Cm(width)
        if front.members:
            self._add(words.MEMBERS(self.locale), "Pack Heading")
            for member in front.members:
                self._add(member, "List Bullet")

    def _contents(self) -> None:
        self._add(words.CONTENTS(self.locale), "TOC Heading").paragraph_format.page_break_before = True
        short = len(self.pack.items) <= FIT_BESIDE_CONTENTS
        entries = [(fields.bookmark_name("agenda"), words.AGENDA(self.locale), 2 if short else 3)]
        page = 3 if short else 4
        for item in self.pack.items:
            entries.append((fields.bookmark_name(item.item_id), item.heading, page))
            page += _pages(item)
        if self.pack.annexes:
            entries.append((fields.bookmark_name("annexes"), words.ANNEX_LIST(self.locale), page))
        fields.add_contents(self.docx, [(anchor, safe(text), number) for anchor, text, number in entries])

    def _heading(self, text: str, level: int, anchor: str | int | None = None) -> Any:
        paragraph = self.docx.add_paragraph(style=f"Heading {level}")
        run = paragraph.add_run(safe(text))
        if anchor is not None:
            self.bookmarks += 1
            fields.bookmark(run, fields.bookmark_name(anchor), self.bookmarks)
        return paragraph

    def _agenda(self) -> None:
        heading = self._heading(words.AGENDA(self.locale), 1, "agenda")
        heading.paragraph_format.page_break_before = len(self.pack.items) > FIT_BESIDE_CONTENTS
        self._grid(self.pack.agenda)

    def _item(self, item: ItemSheet) -> None:
        self._heading(item.heading, 1, item.item_id).paragraph_format.page_break_before = True
        self._add(_facts(item, self.locale), "Pack Facts Line")
        for section in item.sections:
            self._heading(section.heading, 2)
            for part in section.parts:
                self._part(part)
        if item.annexes:
            self._heading(words.ANNEXES(self.locale), 2)
            for annex in item.annexes:
                self._add(_annex_line(annex, self.locale), "List Bullet")

    def _annex_list(self) -> None:
        self._heading(words.ANNEX_LIST(self.locale), 1, "annexes").paragraph_format.page_break_before = True
        for annex in self.pack.annexes:
            self._add(_annex_line(annex, self.locale), "List Bullet")

    def _part(self, part: Part) -> None:
        if isinstance(part, Paragraph):
            self._add(part.text, "Pack Note" if part.quiet else "Body Text")
        elif isinstance(part, Points):
            numbering = fields.new_numbering(self.docx) if part.numbered else None
            for text in part.items:
                paragraph = self._add(text, "List Number" if part.numbered else "List Bullet")
                if numbering is not None:
                    fields.set_numbering(paragraph, numbering)
        else:
            self._grid(part)

    def _grid(self, grid: Grid) -> None:
        if grid.caption:
            self._add(grid.caption, "Caption")
        table = self.docx.add_table(rows=1, cols=len(grid.columns), style="Pack Table")
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        shares = sum(column.share for column in grid.columns)
        widths = [Cm(TEXT_WIDTH_CM * column.share / shares) for column in grid.columns]
        self._row(table.rows[0], [column.heading for column in grid.columns], grid, widths, heading=True)
        for row in grid.rows:
            self._row(table.add_row(), list(row), grid, widths, heading=False)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        self._add(grid.note, "Pack Note")

    def _row(self, row: Any, texts: list[str], grid: Grid, widths: list[Any], *, heading: bool) -> None:
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no public door to row properties
        for name in ("w:cantSplit", *(("w:tblHeader",) if heading else ())):
            properties.append(OxmlElement(name))
        for cell, text, column, width in zip(row.cells, texts, grid.columns, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.style = self.docx.styles["Table Heading" if heading else "Table Text"]
            paragraph.add_run(safe(text))
            if column.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _header_and_footer(self) -> None:
        section = self.docx.sections[0]
        section.start_type = WD_SECTION.NEW_PAGE
        section.different_first_page_header_footer = True
        section.header.paragraphs[0].text = safe(f"{self.pack.front.title}\t\t{words.VERSION(self.locale)} {self.pack.version}")
        for footer in (section.footer, section.first_page_footer):
            paragraph = footer.paragraphs[0]
            paragraph.style = self.docx.styles["Footer"]
            paragraph.add_run(safe(self.pack.front.office) + "\t\t")
            fields.add_page_number(paragraph, words.PAGE(self.locale), words.OF(self.locale))


def _facts(item: ItemSheet, locale: str) -> str:
    """The line under an item's heading: type, minutes, who presents."""
    presenter = f"{words.PRESENTER(locale)}: {item.presenter}" if item.presenter else ""
    minutes = f"{item.minutes} min" if item.minutes else ""
    return " · ".join(part for part in (item.type_label, words.CLOSED(locale) if item.closed else "", minutes, presenter) if part)


def _annex_line(annex: Annex, locale: str) -> str:
    return f"{words.ANNEX_OF(locale).format(annex=annex.number, item=annex.item_number)}: {annex.title}"


def _pages(item: ItemSheet) -> int:
    """Guess how many pages a sheet takes: Word and LibreOffice count for themselves when they lay it out."""
    lines = 3 + 2 * len(item.sections) + len(item.annexes)
    for section in item.sections:
        for part in section.parts:
            wide = SIGNS_PER_LINE if not isinstance(part, Grid) else SIGNS_PER_LINE // 2
            lines += sum(1 + len(line) // wide for line in part_lines(part)) + 1
    return 1 + (lines - 1) // LINES_PER_PAGE
