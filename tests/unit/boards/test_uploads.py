"""What may be an annex."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from crm.boards.uploads import MAX_BYTES, check_annex
from crm.kernel.errors import InvalidInput


def office(*parts: str, filler: bytes = b"x") -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part, filler)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Plan.pdf", b"%PDF-1.7", "application/pdf"),
        ("C:\\fakepath\\Bilag æøå.PDF", b"%PDF-1.7", "application/pdf"),
        ("kort.png", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("foto.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("Budget.xlsx", office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_known_kinds_are_taken_by_name_and_content(name: str, content: bytes, media_type: str) -> None:
    kept, kind = check_annex(name, content)
    assert kind == media_type
    assert "/" not in kept
    assert "\\" not in kept


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("x.pdf", b"", "Choose a file"),
        ("x.html", b"<script>", "An annex is"),
        ("x.svg", b"<svg>", "An annex is"),
        ("x.exe", b"MZ", "An annex is"),
        (".pdf", b"%PDF-1.7", "An annex is"),
        ("x.pdf", b"<script>", "not what its name says"),
        ("x.docx", b"PK\x03\x04 no zip", "not what its name says"),
        ("x.docx", office("xl/workbook.xml"), "not what its name says"),
        ("x.docx", office("word/document.xml", "word/vbaProject.bin"), "macros"),
        ("x.pdf", b"%PDF-" + b"0" * MAX_BYTES, "too large"),
        ("x.docx", office("word/document.xml", filler=b"0" * 101 * 1024 * 1024), "when unpacked"),
        ("x.xlsx", office("xl/workbook.xml", *(f"p{n}" for n in range(2001))), "when unpacked"),
    ],
)
def test_anything_else_is_refused_and_told_why(name: str, content: bytes, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        check_annex(name, content)
