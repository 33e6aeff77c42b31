"""The API's rate limit: counted in one small file of the home folder that all web processes of a machine share.

Neither a count per process (two processes would allow twice as much) nor a write to the database on every read. Behind
several machines each one counts for itself; the proxy in front is then the place for a common limit.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Final

from crm.kernel.errors import DomainError
from crm.kernel.i18n import N_

_SLOT: Final = struct.Struct("<QII")
#: Callers are told apart by number; with more callers than slots, two may share one and its limit.
_SLOTS: Final = 8192
_MINUTE: Final = 60


class TooManyRequests(DomainError):
    """A caller sends more than the limit; `wait` says for how long to pause."""

    code = "too_many_requests"

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        seconds = max(1, -(-int(wait.total_seconds()) // 1))
        super().__init__(N_("Too many requests. Wait %(seconds)s seconds and try again.", seconds=seconds))


class RequestCounter:
    """Counts requests by caller and minute, over all processes that open the same file.

    A sliding minute: the last whole minute counts by the part of it that is still less than 60 seconds ago.

    Args:
        path: the shared file; made (0600) when missing.
        per_minute: how many requests a caller may make; 0 sets no limit.
    """

    def __init__(self, path: Path, per_minute: int) -> None:
        self.per_minute = per_minute
        self._lock = Lock()
        if per_minute:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            os.ftruncate(self._file, _SLOT.size * _SLOTS)
            self._memory = mmap.mmap(self._file, _SLOT.size * _SLOTS)

    def count(self, caller: int, now: float) -> None:
        """Count one request of a caller.

        Args:
            caller: a number that tells callers apart.
            now: seconds since 1970.

        Raises:
            TooManyRequests: it is one too many; it is not counted.
        """
        if not self.per_minute:
            return
        offset = caller % _SLOTS * _SLOT.size
        minute, passed = divmod(now, _MINUTE)
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX, _SLOT.size, offset)
            try:
                current, before = self._counts(offset, int(minute))
                weighed = current + before * (1 - passed / _MINUTE)
                if weighed >= self.per_minute:
                    raise TooManyRequests(self._wait(current, before, passed))
                _SLOT.pack_into(self._memory, offset, int(minute), current + 1, before)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, _SLOT.size, offset)

    def _counts(self, offset: int, minute: int) -> tuple[int, int]:
        """Give how many this minute and in the one before."""
        stored, current, before = _SLOT.unpack_from(self._memory, offset)
        if stored == minute:
            return current, before
        return 0, current if stored == minute - 1 else 0

    def _wait(self, current: int, before: int, passed: float) -> timedelta:
        """Give when the weighed count falls below the limit again."""
        if current >= self.per_minute:
            # Over into the next minute, until this one's share has shrunk.
            rest = _MINUTE - passed
            share = _MINUTE * (1 - (self.per_minute - 1) / current)
            return timedelta(seconds=rest + share)
        free = (self.per_minute - current) / before
        return timedelta(seconds=max(1.0, _MINUTE * (1 - free) - passed))

    def close(self) -> None:
        """Let the file go."""
        if self.per_minute:
            self._memory.close()
            os.close(self._file)
            self.per_minute = 0
