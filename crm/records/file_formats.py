"""Which files are taken: by a list of formats, by content and not by what the sender says, without bombs and macros. Pure.

Each format is told by its first bytes, and one that is an archive by the part that makes it one; nothing is unpacked. A name
must fit its content, since the name is what a person's machine opens the file by.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.text import clean

MEGABYTE: Final = 1024 * 1024
LONGEST_NAME: Final = 200
#: An office file is a zip archive: at most so much, and so many parts, unpacked; its list of parts at most so long.
MAX_UNPACKED: Final = 100 * MEGABYTE
MAX_PARTS: Final = 2_000
MAX_LIST: Final = 2 * MEGABYTE
_HEAD: Final = 4096
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
_ZIP: Final = b"PK\x03\x04"

GROUPS: Final[Mapping[str, Label]] = {
    "pdf": Label(da="PDF", en="PDF"),
    "image": Label(da="Billeder", en="Pictures"),
    "office": Label(da="Word, Excel, PowerPoint og OpenDocument", en="Word, Excel, PowerPoint and OpenDocument"),
    "text": Label(da="Tekst, CSV og kalenderfiler", en="Text, CSV and calendar files"),
    "mail": Label(da="Gemte e-mails", en="Saved e-mails"),
    "media": Label(da="Lyd og video", en="Sound and video"),
    "archive": Label(da="Zip", en="Zip"),
}


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its group, its media type, where which bytes stand (any of them), and the part that an archive of it has."""

    group: str
    media_type: str
    magic: tuple[tuple[int, bytes], ...] = ()
    part: str = ""


def _zip(group: str, media_type: str, part: str) -> Format:
    return Format(group, media_type, ((0, _ZIP),), part)


_JPEG: Final = Format("image", "image/jpeg", ((0, b"\xff\xd8\xff"),))
_MOVIE: Final = ((4, b"ftyp"),)
#: By the suffix of the name.
FORMATS: Final[Mapping[str, Format]] = {
    "pdf": Format("pdf", "application/pdf", ((0, b"%PDF-"),)),
    "png": Format("image", "image/png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "gif": Format("image", "image/gif", ((0, b"GIF87a"), (0, b"GIF89a"))),
    "webp": Format("image", "image/webp", ((8, b"WEBP"),)),
    "heic": Format("image", "image/heic", ((4, b"ftypheic"), (4, b"ftypheix"), (4, b"ftypmif1"))),
    "docx": _zip("office", f"{_OFFICE}.wordprocessingml.document", "word/document.xml"),
    "xlsx": _zip("office", f"{_OFFICE}.spreadsheetml.sheet", "xl/workbook.xml"),
    "pptx": _zip("office", f"{_OFFICE}.presentationml.presentation", "ppt/presentation.xml"),
    "odt": _zip("office", f"{_OPEN}.text", "content.xml"),
    "ods": _zip("office", f"{_OPEN}.spreadsheet", "content.xml"),
    "odp": _zip("office", f"{_OPEN}.presentation", "content.xml"),
    "txt": Format("text", "text/plain"),
    "csv": Format("text", "text/csv"),
    "md": Format("text", "text/markdown"),
    "ics": Format("text", "text/calendar"),
    "vcf": Format("text", "text/vcard"),
    "eml": Format("mail", "message/rfc822"),
    "msg": Format("mail", "application/vnd.ms-outlook", ((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),)),
    "mp3": Format("media", "audio/mpeg", ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"))),
    "m4a": Format("media", "audio/mp4", _MOVIE),
    "mp4": Format("media", "video/mp4", _MOVIE),
    "mov": Format("media", "video/quicktime", _MOVIE),
    "zip": Format("archive", "application/zip", ((0, _ZIP), (0, b"PK\x05\x06"))),
}
#: Formats that the product shows itself; all else is fetched.
PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
TEXTS: Final = frozenset({"text/plain", "text/csv", "text/markdown", "text/calendar", "message/rfc822"})
PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True)
class FileRules:
    """What is taken: how large a file may be, and of which formats, by suffix."""

    max_bytes: int
    suffixes: frozenset[str] = frozenset(FORMATS)

    def within(self, *, max_mb: int | None = None, groups: tuple[str, ...] = ()) -> FileRules:
        """Give narrower rules: a field may ask for less than the office allows, never for more."""
        chosen = self.suffixes & suffixes_of(groups) if groups else self.suffixes
        return FileRules(min(self.max_bytes, (max_mb or self.max_bytes) * MEGABYTE), chosen)


def suffixes_of(words: tuple[str, ...]) -> frozenset[str]:
    """Give the suffixes that words stand for: groups (`image`) or suffixes (`png`); an unknown word stands for none."""
    return frozenset(suffix for suffix, kind in FORMATS.items() if suffix in words or kind.group in words)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: under which name, as what, and how large it is."""

    name: str
    media_type: str
    size: int


def check_file(name: str, content: BinaryIO, rules: FileRules) -> Checked:
    """Look at a file that was sent.

    Raises:
        InvalidInput: under `file`: it is empty, too large, of no allowed format, not what its name says, or holds macros.
    """
    kept = tidy_name(name)
    size = _size_of(content)
    if not size:
        raise refused(N_("The file “%(name)s” is empty.", name=kept) if kept else N_("Choose a file."))
    if size > rules.max_bytes:
        raise refused(too_large(kept, rules.max_bytes))
    suffix = kept.rpartition(".")[2].lower()
    kind = FORMATS.get(suffix) if "." in kept else None
    if kind is None or suffix not in rules.suffixes:
        raise refused(N_("“%(name)s” cannot be kept: files of this type are not taken here.", name=kept))
    content.seek(0)
    head = content.read(_HEAD)
    if kind.magic and not any(head[at : at + len(sign)] == sign for at, sign in kind.magic):
        raise refused(N_("“%(name)s” is not what its name says.", name=kept))
    if kind.magic and kind.magic[0][1] == _ZIP:
        _check_archive(kept, content, size, kind)
    if not kind.magic and (b"\0" in head or head.startswith((b"MZ", b"\x7fELF", b"PK", b"%PDF-"))):
        raise refused(N_("“%(name)s” is not what its name says.", name=kept))
    content.seek(0)
    return Checked(kept, kind.media_type, size)


def tidy_name(name: str) -> str:
    """Give the name to keep: the last part of a path, without signs that a machine reads as more than a name."""
    last = clean(name[-1000:].replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(sign for sign in last if sign not in '<>:"|?*;').strip(". ")
    stem, dot, suffix = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}" if dot and len(suffix) < 20 else kept[:LONGEST_NAME]


def too_large(name: str, most: int) -> Message:
    """Word that a file is too large."""
    return N_("“%(name)s” is too large: at most %(size)s MB.", name=name, size=most // MEGABYTE)


def _size_of(content: BinaryIO) -> int:
    content.seek(0, 2)
    return content.tell()


def _check_archive(name: str, content: BinaryIO, size: int, kind: Format) -> None:
    """Look at an archive's list of parts, never at the parts: what it says to hold, and that it is what its name says."""
    strange = refused(N_("“%(name)s” is not what its name says.", name=name))
    parts, length = _list_of_parts(content, size)
    if parts is None:
        raise strange
    if parts > MAX_PARTS or length > MAX_LIST:
        raise refused(N_("“%(name)s” is too large when unpacked.", name=name))
    content.seek(0)
    try:
        with ZipFile(content) as archive:
            entries = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        raise strange from None
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise refused(N_("“%(name)s” is too large when unpacked.", name=name))
    names = {entry.filename.lower() for entry in entries}
    if kind.part and kind.part not in names:
        raise strange
    if kind.part and any(one.endswith("vbaproject.bin") or one.startswith("basic/") for one in names):
        raise refused(N_("“%(name)s” holds macros, and is not taken.", name=name))


def _list_of_parts(content: BinaryIO, size: int) -> tuple[int | None, int]:
    """Give how many parts an archive says it has and how long their list is, from its last bytes: before it is read."""
    start = max(0, size - 65_557)
    content.seek(start)
    tail = content.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        return None, 0
    parts, length = struct.unpack_from("<HI", tail, at + 10)
    return int(parts), int(length)


def refused(message: Message) -> InvalidInput:
    """Give the refusal of a file."""
    return InvalidInput({"file": message})
