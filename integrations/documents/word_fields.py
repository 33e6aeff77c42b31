"""Fields of a Word file that python-docx does not write by itself: contents, page numbers, bookmarks, restarted lists."""

from __future__ import annotations

from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

#: `\o` headings 1 only, `\h` linked, `\z` no page numbers in web view, `\u` outline levels.
CONTENTS: Final = r'TOC \o "1-1" \h \z \u'


def bookmark_name(key: str | int) -> str:
    """Give a bookmark's name for a part of the pack; a leading underscore hides it from Word's list."""
    return f"_Toc_{key}"


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _run(*children: Any) -> Any:
    run = _element("r")
    for child in children:
        run.append(child)
    return run


def _text(text: str) -> Any:
    element = _element("t")
    element.text = text
    element.set(qn("xml:space"), "preserve")
    return element


def _field(instruction: str, result: str) -> list[Any]:
    """Give the runs of a field with the result it shows before anyone updates it."""
    code = _element("instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    return [
        _run(_element("fldChar", fldCharType="begin")),
        _run(code),
        _run(_element("fldChar", fldCharType="separate")),
        _run(_text(result)),
        _run(_element("fldChar", fldCharType="end")),
    ]


def add_page_number(paragraph: Any, page: str, of: str) -> None:
    """Write *Side X af Y*."""
    for text, instruction in ((f"{page} ", "PAGE"), (f" {of} ", "NUMPAGES")):
        paragraph._p.append(_run(_text(text)))  # noqa: SLF001 - fields have no public door
        for run in _field(instruction, "1"):
            paragraph._p.append(run)  # noqa: SLF001


def bookmark(run: Any, name: str, number: int) -> None:
    """Put a bookmark around a heading's run, for the contents to point at; `number` is unique in the document."""
    run._r.addprevious(_element("bookmarkStart", id=str(number), name=name))  # noqa: SLF001
    run._r.addnext(_element("bookmarkEnd", id=str(number)))  # noqa: SLF001


def add_contents(document: Any, entries: list[tuple[str, str, int]]) -> None:
    """Write the contents as a field that already shows its entries: (bookmark, text, page).

    Each entry is a link, and its page number a field of its own; Word and LibreOffice renew both.
    """
    paragraphs = [document.add_paragraph(style="TOC 1") for _ in entries]
    for paragraph, (anchor, text, page) in zip(paragraphs, entries, strict=True):
        link = _element("hyperlink", anchor=anchor, history="1")
        link.append(_run(_text(text)))
        link.append(_run(_element("tab")))
        for run in _field(f"PAGEREF {anchor} \\h", str(page)):
            link.append(run)
        paragraph._p.append(link)  # noqa: SLF001
    code = _element("instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {CONTENTS} "
    start = [_run(_element("fldChar", fldCharType="begin")), _run(code), _run(_element("fldChar", fldCharType="separate"))]
    first = paragraphs[0]._p  # noqa: SLF001
    for run in reversed(start):
        first.insert(1 if first.pPr is not None else 0, run)
    paragraphs[-1]._p.append(_run(_element("fldChar", fldCharType="end")))  # noqa: SLF001


def new_numbering(document: Any) -> int:
    """Make a numbering that begins at 1, on the definition of the style *List Number*; give its id."""
    numbering = document.part.numbering_part.numbering_definitions._numbering  # noqa: SLF001
    style = document.styles["List Number"].element
    base = numbering.num_having_numId(style.pPr.numPr.numId.val)
    number = numbering.add_num(base.abstractNumId.val)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(number.numId)


def set_numbering(paragraph: Any, numbering: int) -> None:
    """Put a paragraph into a numbering."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = numbering
