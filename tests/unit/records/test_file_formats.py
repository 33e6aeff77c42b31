"""Which files are taken: by content and name, by size, without macros, and without ever unpacking one."""

from __future__ import annotations

import struct
import time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.errors import InvalidInput
from crm.records.files import FORMATS, FileRules, check_file, suffixes_of, tidy_name

RULES = FileRules(25 * 1024 * 1024)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(*parts: str, filler: bytes = b"x") -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as made:
        for part in parts:
            made.writestr(part, filler)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Plan.pdf", b"%PDF-1.7", "application/pdf"),
        ("C:\\fakepath\\Bilag æøå.PDF", b"%PDF-1.7", "application/pdf"),
        ("kort.png", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("foto.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("Budget.xlsx", archive("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("Notat.odt", archive("mimetype", "content.xml"), "application/vnd.oasis.opendocument.text"),
        ("deltagere.csv", "navn;by\nÅse;Ærø".encode(), "text/csv"),
        ("gammel.txt", "Blåbær på dansk".encode("cp1252"), "text/plain"),
        ("mail.msg", OLE + b"\0" * 600, "application/vnd.ms-outlook"),
        ("billeder.zip", archive("a.png", "b/c.exe"), "application/zip"),
    ],
)
def test_known_formats_are_taken_by_name_and_content(name: str, content: bytes, media_type: str) -> None:
    found = check_file(name, BytesIO(content), RULES)
    assert (found.media_type, found.size) == (media_type, len(content))
    assert not set("/\\") & set(found.name)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("", b"", "Choose a file"),
        ("x.pdf", b"", "is empty"),
        ("x.html", b"<script>", "not taken here"),
        ("x.svg", b"<svg onload=alert(1)>", "not taken here"),
        ("x.xml", b"<x/>", "not taken here"),
        ("x.exe", b"MZ", "not taken here"),
        ("x.docm", archive("word/document.xml"), "not taken here"),
        ("x.pdf.exe", b"%PDF-1.7", "not taken here"),
        ("pdf", b"%PDF-1.7", "not taken here"),
        (".pdf", b"%PDF-1.7", "not taken here"),
        ("x.pdf", b"<script>", "not what its name says"),
        ("x.png", b"<svg onload=alert(1)>", "not what its name says"),
        ("x.jpg", b"\x89PNG\r\n\x1a\n", "not what its name says"),
        ("x.txt", b"MZ\x90\0", "not what its name says"),
        ("x.csv", b"a\0b", "not what its name says"),
        ("x.docx", b"PK\x03\x04 no zip", "not what its name says"),
        ("x.docx", archive("xl/workbook.xml"), "not what its name says"),
        ("x.docx", archive("word/document.xml", "word/vbaProject.bin"), "macros"),
        ("x.odt", archive("content.xml", "Basic/script-lc.xml"), "macros"),
        ("x.pdf", b"%PDF-" + b"0" * RULES.max_bytes, "too large"),
        ("x.docx", archive("word/document.xml", filler=b"0" * 101 * 1024 * 1024), "when unpacked"),
        ("x.xlsx", archive("xl/workbook.xml", *(f"p{n}" for n in range(2001))), "when unpacked"),
    ],
)
def test_anything_else_is_refused_and_told_why(name: str, content: bytes, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        check_file(name, BytesIO(content), RULES)


def test_a_long_list_of_parts_is_refused_before_it_is_read() -> None:
    """A small archive that says it has a list of 20 MB: its last bytes are enough to refuse it."""
    listed = b"PK\x01\x02" + b"\0" * (20 * 1024 * 1024)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 10, 10, len(listed), 4, 0)
    began = time.perf_counter()
    with pytest.raises(InvalidInput, match="when unpacked"):
        check_file("x.zip", BytesIO(b"PK\x03\x04" + listed + end), FileRules(100 * 1024 * 1024))
    assert time.perf_counter() - began < 2


def test_a_field_may_ask_for_less_than_the_office_and_never_for_more() -> None:
    office = FileRules(1000, suffixes_of(("pdf", "image")))
    assert office.within(groups=("image", "office")).suffixes == suffixes_of(("image",))
    assert office.within(max_mb=900).max_bytes == 1000
    assert FileRules(10 * 1024 * 1024).within(max_mb=2).max_bytes == 2 * 1024 * 1024
    with pytest.raises(InvalidInput, match="not taken here"):
        check_file("x.pdf", BytesIO(b"%PDF-1.7"), FileRules(1000, suffixes_of(("png",))))


@given(name=st.text(max_size=400))
def test_no_name_leads_anywhere(name: str) -> None:
    kept = tidy_name(name)
    assert not set('/\\<>:"|?*;\0') & set(kept)
    assert len(kept) <= 200
    assert not kept.startswith(".")
    assert tidy_name(kept) == kept


def test_a_long_name_keeps_its_suffix() -> None:
    assert tidy_name("x" * 300 + ".pdf").endswith("x.pdf")
    assert "pdf" in FORMATS
