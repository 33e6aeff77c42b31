"""How far something has come, in per cent."""

from __future__ import annotations

from typing import Any

from crm.records.fields.whole import WholeKind
from crm.records.types import Field


class ProgressKind(WholeKind):
    """The value is a whole number from 0 to 100, shown as a bar; `40 %` is read too."""

    key = "progress"

    def bounds(self, field: Field) -> tuple[int, int]:
        """Per cent."""
        return 0, 100

    def clean(self, field: Field, raw: Any, zone: str) -> int | None:
        """Read it, with or without its sign."""
        return super().clean(field, raw.strip().removesuffix("%") if isinstance(raw, str) else raw, zone)
