"""How long something took, or is to take."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from crm.kernel.i18n import N_
from crm.records.fields.base import ValueProblem, shown
from crm.records.fields.number import read_number
from crm.records.fields.whole import WholeKind
from crm.records.types import Field

HOUR: Final = 3600
_CLOCK: Final = re.compile(r"(?P<h>\d{1,5})[:.](?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?", re.ASCII)
_AMOUNT: Final = r"(\d{1,7}(?:,\d{1,2})?)\s*"
_WORDS: Final = re.compile(
    rf"(?:{_AMOUNT}(?:t|tim|time|timer|h|hr|hour|hours)\.?)?\s*(?:og|and)?\s*"
    rf"(?:{_AMOUNT}(?:m|min|minut|minutter|minute|minutes)\.?)?\s*(?:og|and)?\s*"
    rf"(?:{_AMOUNT}(?:s|sek|sekund|sekunder|sec|second|seconds)\.?)?",
    re.ASCII | re.IGNORECASE,
)


class DurationKind(WholeKind):
    """The value is a number of seconds. People write `1 t 30 min`, `1:30` or `90` (minutes); a JSON number is seconds."""

    key = "duration"

    def read(self, raw: Any) -> Decimal | None:
        """Read seconds, or what people write."""
        if not isinstance(raw, str):
            return read_number(raw)
        text = " ".join(raw.split())
        if not text:
            return None
        seconds = _typed(text)
        if seconds is None:
            raise ValueProblem(N_("“%(raw)s” is not a duration. Write for example 1 t 30 min, 1:30 or 90.", raw=shown(raw)))
        return seconds

    def to_form(self, field: Field, value: Any, zone: str) -> dict[str, str]:
        """Hours and minutes, 1:30; seconds only where there are some."""
        return {field.api_name: "" if value is None else clock(value)}


def clock(seconds: int) -> str:
    """Write a duration as 1:30, or 1:30:05."""
    hours, rest = divmod(seconds, HOUR)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}" + (f":{left:02}" if left else "")


def _typed(text: str) -> Decimal | None:
    found = _CLOCK.fullmatch(text)
    if found is not None:
        return Decimal(int(found["h"]) * HOUR + int(found["m"]) * 60 + int(found["s"] or 0))
    if len(text) < 8 and text.isascii() and text.isdigit():
        return Decimal(int(text) * 60)
    found = _WORDS.fullmatch(text) if len(text) < 60 else None
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (Decimal((part or "0").replace(",", ".")) for part in found.groups())
    return hours * HOUR + minutes * 60 + seconds
