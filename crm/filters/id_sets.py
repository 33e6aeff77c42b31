"""A set of records as one short word in a filter: `@ids:…`, by which a number leads to just the records it counted.

A condition `id in ["@ids:eJx…"]` holds thousands of ids where an address has room for a few hundred: their differences, seven
bits a byte, packed by zlib and written in base64url. `filters.resolve` puts the ids in the word's place. Pure.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

SIGN: Final = "@ids:"
#: More than these are no list that anybody reads; it also bounds what a made-up word can unpack to.
MOST: Final = 20_000
#: Nine bytes for each of the most: no honest word unpacks to more.
_LARGEST: Final = 9 * MOST


def pack(ids: Iterable[int]) -> str:
    """Write a set of ids as a word."""
    data, last = bytearray(), 0
    for one in sorted(set(ids)):
        step, last = one - last, one
        while step > 127:
            data.append(step & 127 | 128)
            step >>= 7
        data.append(step)
    return SIGN + base64.urlsafe_b64encode(zlib.compress(bytes(data), 9)).rstrip(b"=").decode()


def is_packed(value: Any) -> bool:
    """Whether a condition's value is such a word."""
    return isinstance(value, str) and value.startswith(SIGN)


def unpack(word: str) -> tuple[int, ...] | None:
    """Read the ids of a word, in order; None when it is none, or holds more than `MOST`."""
    text = word.removeprefix(SIGN)
    if not text.isascii():
        return None
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        reader = zlib.decompressobj()
        data = reader.decompress(packed, _LARGEST)
    except (binascii.Error, ValueError, zlib.error):
        return None
    if reader.unconsumed_tail or not reader.eof:
        return None
    ids = tuple(_ids(data))
    return ids if len(ids) <= MOST else None


def _ids(data: bytes) -> Iterator[int]:
    last = step = shift = 0
    for byte in data:
        step |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            last += step
            yield last
            step = shift = 0
