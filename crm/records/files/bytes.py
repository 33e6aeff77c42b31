"""Where the bytes of files lie: a folder that no web server serves, named by their hash."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import structlog

from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_

log = structlog.get_logger()

_PIECE: Final = 1024 * 1024
#: What a file is called while it is written, and while the sweep looks a last time.
_WRITING: Final = "new-"
_LEAVING: Final = "old-"


class FileStore(Protocol):
    """Where bytes lie: a disk now, object storage later."""

    def put(self, content: bytes | BinaryIO) -> str:
        """Keep bytes and give their SHA-256; they are durable when this returns."""
        ...

    def get(self, sha256: str) -> bytes:
        """Give bytes.

        Raises:
            NotFound: they are gone, or damaged.
        """
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Give a stream of the bytes, whose hash was just checked; the caller closes it.

        Raises:
            NotFound: they are gone, or damaged.
        """
        ...

    def older_than(self, moment: float) -> Iterator[str]:
        """Give the hashes of what was last put before a moment (seconds since 1970), and clear away broken-off writes."""
        ...

    def set_aside(self, sha256: str, moment: float) -> bool:
        """Take bytes out of reach, unless they were put again since a moment; whether they are."""
        ...

    def bring_back(self, sha256: str) -> None:
        """Undo `set_aside`: somebody names them after all."""
        ...

    def throw_away(self, sha256: str) -> None:
        """Delete what was set aside."""
        ...


class DiskFileStore:
    """Bytes in a folder, named by their hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _aside(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{_LEAVING}{sha256}"

    def put(self, content: bytes | BinaryIO) -> str:
        """Write beside, flush to the disk, rename: bytes are there whole or not at all."""
        source = BytesIO(content) if isinstance(content, bytes) else content
        source.seek(0)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=_WRITING)
        try:
            with os.fdopen(handle, "wb") as file:
                sha256 = _copy(source, file)
                path = self._path(sha256)
                if _touch(path):
                    return sha256
                file.flush()
                os.fsync(file.fileno())
            path.parent.mkdir(exist_ok=True, mode=0o700)
            Path(name).rename(path)
            _flush_folder(path.parent)
            return sha256
        finally:
            Path(name).unlink(missing_ok=True)

    def get(self, sha256: str) -> bytes:
        """Read and check them."""
        with self.open(sha256) as file:
            return file.read()

    def open(self, sha256: str) -> BinaryIO:
        """Read through them once: what a disk has spoiled is not handed out as if it were whole."""
        try:
            file = self._path(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound from None
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            file.close()
            log.error("file_damaged", sha256=sha256)
            raise NotFound(N_("The file is damaged on the disk: its content is not what was kept. Fetch it from a backup."))
        file.seek(0)
        return file

    def older_than(self, moment: float) -> Iterator[str]:
        """Look through the folder; what has our names only."""
        if not self._folder.is_dir():
            return
        for path in self._folder.glob(f"{_WRITING}*"):
            _remove_older(path, moment)
        for folder in sorted(path for path in self._folder.iterdir() if path.is_dir() and len(path.name) == 2):
            for path in folder.iterdir():
                if path.name.startswith(_LEAVING):
                    self._settle(path, moment)
                elif len(path.name) == 64 and _mtime(path, moment) < moment:
                    yield path.name

    def _settle(self, path: Path, moment: float) -> None:
        """A sweep that broke off left it aside: it comes back, and is looked at again next time."""
        if _mtime(path, moment) < moment:
            self.bring_back(path.name.removeprefix(_LEAVING))

    def set_aside(self, sha256: str, moment: float) -> bool:
        """Rename, then look at the clock: one who puts the same bytes either made them young first, or writes them anew."""
        aside = self._aside(sha256)
        try:
            self._path(sha256).rename(aside)
        except FileNotFoundError:
            return False
        if _mtime(aside, moment) < moment:
            return True
        self.bring_back(sha256)
        return False

    def bring_back(self, sha256: str) -> None:
        """Rename back; what was put anew meanwhile is the same."""
        with suppress(FileNotFoundError):
            self._aside(sha256).rename(self._path(sha256))

    def throw_away(self, sha256: str) -> None:
        """Delete."""
        self._aside(sha256).unlink(missing_ok=True)


def _copy(source: BinaryIO, target: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := source.read(_PIECE):
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest()


def _touch(path: Path) -> bool:
    """Make bytes that are there young, so that no sweep takes them; whether they are there."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _mtime(path: Path, otherwise: float) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return otherwise


def _remove_older(path: Path, moment: float) -> None:
    if _mtime(path, moment) < moment:
        path.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    """Let the new name outlast a power cut, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
