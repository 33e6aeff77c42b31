"""The front page's *I dag*: the events of the day, also those that began on a day before and go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from crm.events.lifecycle import CANCELLED
from crm.filters import All, Condition
from crm.kernel.i18n import N_
from crm.records import query
from crm.screens import home_boxes
from crm.screens.home_boxes import DayLine, HomeContext

#: No event lasts longer than this.
LONGEST: Final = timedelta(days=14)
MOST: Final = 50


def _today(context: HomeContext) -> Sequence[DayLine]:
    uow, today = context.uow, context.uow.today()
    if not uow.access.may("read", "event"):
        return []
    begun = (Condition("when", "ge", today - LONGEST), Condition("when", "le", today), Condition("state", "is_not", CANCELLED))
    page = query.list_page(uow, "event", where=All(begun), size=MOST, fields=("when", "place"))
    found = []
    for row in page.rows:
        when = row.values.get("when")
        if when is not None and when.first_day(uow.zone) <= today <= when.last_day(uow.zone):
            at = None if when.all_day or when.first_day(uow.zone) < today else when.starts_at(uow.zone)
            found.append(DayLine(at, row.title, row.url, N_("Event"), row.values.get("place") or ""))
    return found


def install() -> None:
    """Tell of today's events."""
    home_boxes.add_day("events", _today)
