"""The look of a pack in Word: A4, the styles, and their proofing language. Made on python-docx's own default template."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

LANGUAGES: Final = {"da": "da-DK", "en": "en-GB"}
FONT: Final = "Calibri"
ACCENT: Final = RGBColor(0x0B, 0x5D, 0x66)
INK: Final = RGBColor(0x1F, 0x29, 0x33)
QUIET: Final = RGBColor(0x5B, 0x67, 0x70)
PAGE_CM: Final = (21.0, 29.7)
MARGINS_CM: Final = {"top_margin": 2.5, "bottom_margin": 2.3, "left_margin": 2.5, "right_margin": 2.5}
TEXT_WIDTH_CM: Final = PAGE_CM[0] - MARGINS_CM["left_margin"] - MARGINS_CM["right_margin"]
#: All that XML 1.0 cannot hold, and non-characters that some readers refuse.
_UNSAFE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069\ufeff]")


def safe(text: str) -> str:
    """Make any text fit for XML: control signs, lone surrogates and direction marks out, composed form."""
    return unicodedata.normalize("NFC", _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def prepare(document: Any, language: str) -> None:
    """Set page, styles and language of a new document."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(PAGE_CM[0]), Cm(PAGE_CM[1])
    for name, size in MARGINS_CM.items():
        setattr(section, name, Cm(size))
    section.header_distance = section.footer_distance = Cm(1.2)
    _paragraph_styles(document)
    _lists(document)
    _tables(document)
    for style in document.styles:
        if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER):
            _set_language(style.element.get_or_add_rPr(), language)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _set_language(defaults, language)
    _settings(document, language)


def _set_language(properties: Any, language: str) -> None:
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), language)
    element.set(qn("w:eastAsia"), language)
    properties.append(element)


def _settings(document: Any, language: str) -> None:
    """Name the language of the theme's fonts as well, or Word falls back to its own."""
    settings = document.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        old.set(qn("w:val"), language)


def _style(document: Any, name: str, base: str | None = None) -> Any:
    """Give a paragraph style by name, made when the template lacks it."""
    styles = document.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if base:
        style.base_style = styles[base]
    style.hidden, style.quick_style = False, True
    return style


def _font(style: Any, size: float, *, bold: bool = False, colour: RGBColor = INK) -> None:
    font = style.font
    font.size, font.bold, font.italic, font.color.rgb = Pt(size), bold, False, colour
    font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in [key for key in fonts.attrib if key.lower().endswith("theme")]:
        del fonts.attrib[key]
    for script in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)


def _space(style: Any, before: float, after: float, *, keep: bool = False) -> None:
    paragraph = style.paragraph_format
    paragraph.space_before, paragraph.space_after = Pt(before), Pt(after)
    paragraph.keep_with_next = keep
    paragraph.widow_control = True


def _paragraph_styles(document: Any) -> None:
    look = (
        # name, base, size, bold, colour, space before, after, kept with the next
        ("Normal", None, 11, False, INK, 0, 6, False),
        ("Body Text", "Normal", 11, False, INK, 0, 7, False),
        ("Title", "Normal", 30, True, INK, 0, 4, False),
        ("Subtitle", "Normal", 14, False, QUIET, 0, 28, False),
        ("Heading 1", "Normal", 18, True, INK, 16, 6, True),
        ("Heading 2", "Normal", 12.5, True, ACCENT, 14, 4, True),
        ("TOC Heading", "Normal", 18, True, INK, 0, 8, True),
        ("TOC 1", "Normal", 11, False, INK, 0, 5, False),
        ("Caption", "Normal", 10, True, INK, 10, 4, True),
        ("Header", "Normal", 9, False, QUIET, 0, 0, False),
        ("Footer", "Normal", 9, False, QUIET, 0, 0, False),
        ("Pack Office", "Normal", 12, False, QUIET, 110, 6, False),
        ("Pack Heading", "Normal", 12.5, True, ACCENT, 22, 4, True),
        ("Pack Facts Line", "Normal", 10, False, QUIET, 0, 4, True),
        ("Pack Note", "Normal", 9, False, QUIET, 5, 8, False),
        ("Pack Label", "Normal", 11, False, QUIET, 3, 3, False),
        ("Table Text", "Normal", 10, False, INK, 3, 3, False),
        ("Table Heading", "Normal", 9, True, QUIET, 4, 4, True),
    )
    for name, base, size, bold, colour, before, after, keep in look:
        style = _style(document, name, base)
        _font(style, size, bold=bold, colour=colour)
        _space(style, before, after, keep=keep)
    document.styles["Body Text"].paragraph_format.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    document.styles["Body Text"].paragraph_format.line_spacing = 1.15
    for name in ("Title", "Subtitle"):  # the template draws a rule under its Title
        for border in document.styles[name].element.pPr.findall(qn("w:pBdr")):
            document.styles[name].element.pPr.remove(border)
    right = Cm(TEXT_WIDTH_CM)
    for name, leader in (("TOC 1", WD_TAB_LEADER.DOTS), ("Header", WD_TAB_LEADER.SPACES), ("Footer", WD_TAB_LEADER.SPACES)):
        stops = document.styles[name].paragraph_format.tab_stops
        stops.clear_all()
        if name != "TOC 1":
            stops.add_tab_stop(Cm(TEXT_WIDTH_CM / 2), WD_TAB_ALIGNMENT.CENTER)
        stops.add_tab_stop(right, WD_TAB_ALIGNMENT.RIGHT, leader)


def _lists(document: Any) -> None:
    for name in ("List Bullet", "List Number"):
        style = _style(document, name, "Normal")
        _font(style, 11)
        _space(style, 0, 4)


def _tables(document: Any) -> None:
    """Two table styles: *Pack Table* (thin lines, shaded heading) and *Pack Facts* (no lines)."""
    plain = document.styles["Normal Table"]
    table = document.styles.add_style("Pack Table", WD_STYLE_TYPE.TABLE)
    facts = document.styles.add_style("Pack Facts", WD_STYLE_TYPE.TABLE)
    for style in (table, facts):
        style.base_style = plain
    properties = OxmlElement("w:tblPr")
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "D5DBDF")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    properties.append(borders)
    table.element.append(properties)
    heading = OxmlElement("w:tblStylePr")
    heading.set(qn("w:type"), "firstRow")
    cells = OxmlElement("w:tcPr")
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "EEF3F3")):
        shade.set(qn(f"w:{key}"), value)
    cells.append(shade)
    heading.append(cells)
    table.element.append(heading)
