"""Which version of a record a writer had seen: `If-Match`, or `version` in the body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from crm.api.errors import BadRequest
from crm.kernel.i18n import N_

_ETAG: Final = re.compile(r'(?:W/)?"?(\d{1,9})"?', re.ASCII)
_LARGEST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Seen:
    """The version seen, if any was named; `strict` when any change since refuses the write."""

    version: int | None
    strict: bool


def seen_version(if_match: str | None, body: dict[str, Any]) -> Seen:
    """Read the version; takes `version` out of the body, where it is no field.

    Raises:
        BadRequest: it cannot be read, or the two differ.
    """
    named = _in_body(body.pop("version", None))
    header = (if_match or "").strip()
    if header in {"", "*"}:
        return Seen(named, False)
    match = _ETAG.fullmatch(header)
    if match is None:
        raise BadRequest(N_("“If-Match” takes one ETag as this API gave it out."))
    version = int(match[1])
    if named is not None and named != version:
        raise BadRequest(N_("“If-Match” and “version” name different versions."))
    return Seen(version, True)


def _in_body(raw: Any) -> int | None:
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw <= _LARGEST:
        raise BadRequest(N_("“version” is the number that you read with the record."))
    return raw
