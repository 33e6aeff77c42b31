"""Places and shapes that these types share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from crm.records.types import Spine, Values

SECTION: Final = "directory"
TITLE: Final = Spine(("title",))
PERIOD: Final = Spine(("starts_at", "ends_at", "all_day"))


def day_of(value: Any) -> date | None:
    """Give the day that a date field holds."""
    start = getattr(value, "start", None)
    return start.date() if isinstance(start, datetime) else start


def last_day_of(value: Any) -> date | None:
    """Give the last day of a period; None: it is open."""
    end = getattr(value, "end", None)
    return end.date() if isinstance(end, datetime) else end


def derived_title(new: Values) -> str:
    """Give the title that the type's `derive` found."""
    return str(new.get("_title") or "")
