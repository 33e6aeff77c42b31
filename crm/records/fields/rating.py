"""Stars."""

from __future__ import annotations

from typing import Final

from crm.records.fields.checks import is_whole
from crm.records.fields.whole import WholeKind
from crm.records.types import Field

USUAL: Final = 5


class RatingKind(WholeKind):
    """config: `max` (2–10, default 5). The value is a whole number from 1 to it; none given is empty, not nought."""

    key = "rating"
    settings = {"max": is_whole(2, 10)}

    def bounds(self, field: Field) -> tuple[int, int]:
        """From one star to all."""
        return 1, int(field.config.get("max", USUAL))
