"""Cursors: opaque places in a sorted list. A cursor of another list, or of older types, is noticed and starts anew."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the run (filled or empty values), the last sort value, the last id."""

    run: str
    value: Any
    last_id: int


def fingerprint(*parts: Any) -> str:
    """Give a short mark of what a cursor belongs to: type, filter, sort, epoch."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def write_cursor(place: Place, mark: str) -> str:
    """Give the text of a cursor."""
    raw = json.dumps([place.run, place.value, place.last_id, mark], separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def read_cursor(text: str | None, mark: str) -> Place | None:
    """Read a cursor; None when there is none, or when it is broken or belongs to something else."""
    if not text or len(text) > 2000:
        return None
    try:
        raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        run, value, last_id, found = raw
    except (ValueError, TypeError, RecursionError, binascii.Error):
        return None
    if found != mark or run not in ("filled", "empty") or (run == "filled" and value is None):
        return None
    return Place(run, value, last_id) if isinstance(last_id, int) and 0 <= last_id < 2**63 else None
