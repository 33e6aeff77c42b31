"""Which files may be annexes: by a list of kinds, by content and not by what the sender says, without bombs and macros. Pure."""

from __future__ import annotations

from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.kernel.text import clean

MAX_BYTES: Final = 25 * 1024 * 1024
#: An office file is a zip archive: at most so much, and so many parts, unpacked.
MAX_UNPACKED: Final = 100 * 1024 * 1024
MAX_PARTS: Final = 2_000
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
#: Suffix → media type, first bytes, and for office files the part that each of the kind has.
KINDS: Final = {
    "pdf": ("application/pdf", b"%PDF-", ""),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n", ""),
    "jpg": ("image/jpeg", b"\xff\xd8\xff", ""),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff", ""),
    "docx": (f"{_OFFICE}.wordprocessingml.document", b"PK\x03\x04", "word/document.xml"),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", b"PK\x03\x04", "xl/workbook.xml"),
    "pptx": (f"{_OFFICE}.presentationml.presentation", b"PK\x03\x04", "ppt/presentation.xml"),
}


def check_annex(name: str, content: bytes) -> tuple[str, str]:
    """Give the name to keep and the media type of an annex.

    Raises:
        InvalidInput: it is empty, too large, of no allowed kind, not what its name says, or holds macros.
    """
    kept = clean(name.replace("\\", "/").rsplit("/", 1)[-1])[-200:]
    suffix = kept.rpartition(".")[2].lower()
    kind = KINDS.get(suffix)
    if not content:
        raise _refused(N_("Choose a file."))
    if len(content) > MAX_BYTES:
        raise _refused(N_("The file is too large: at most %(size)s MB.", size=MAX_BYTES // 1024 // 1024))
    if kind is None or kept.startswith("."):
        raise _refused(N_("An annex is a PDF, a Word, Excel or PowerPoint file, or a picture (PNG, JPEG)."))
    media_type, magic, part = kind
    if not content.startswith(magic):
        raise _refused(N_("The file is not what its name says."))
    if part:
        _check_office(content, part)
    return kept, media_type


def _check_office(content: bytes, part: str) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except BadZipFile:
        raise _refused(N_("The file is not what its name says.")) from None
    if len(parts) > MAX_PARTS or sum(entry.file_size for entry in parts) > MAX_UNPACKED:
        raise _refused(N_("The file is too large when unpacked."))
    names = {entry.filename.lower() for entry in parts}
    if part not in names:
        raise _refused(N_("The file is not what its name says."))
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _refused(N_("Files with macros are not accepted."))


def _refused(message: Message) -> InvalidInput:
    return InvalidInput({"file": message})
