"""The front page's *Udløber snart*: certificates that end in the next months, or have ended and can still be renewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from crm.certification.rules import EXPIRING_MONTHS, LEVELS, STATUS_NAMES, Status
from crm.certification.types.deriving import day_in
from crm.filters import All, Condition
from crm.kernel.i18n import N_, Label
from crm.records import query
from crm.records.query import Row, Title, titles
from crm.screens import home_boxes
from crm.screens.home_boxes import HomeBox, HomeContext, list_url

#: What stands in the box: what the rules of the day call expiring (six months unless the office says otherwise) or renewable.
ENDS: Final = All(
    (
        Condition("status", "in", (Status.EXPIRING.value, Status.RENEWABLE.value)),
        Condition("organisation.origin", "is_not", "catalogue"),
    )
)
FIELDS: Final = ("organisation", "level", "status", "valid_until", "renew_by")
#: So many lines stand in the box; the number beside its heading leads to all.
MOST: Final = 6


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate that ends or has ended: whose, at which level, on which day, and until when it can be renewed."""

    row: Row
    cluster: Title | None
    level: Label
    status: Label
    until: date | None
    renew_by: date | None
    is_over: bool


def _ending(row: Row, cluster: Title | None) -> Ending:
    status = Status(row.values["status"])
    level, over = LEVELS[str(row.values["level"])], status is Status.RENEWABLE
    until, renewable = day_in(row.values, "valid_until"), day_in(row.values, "renew_by")
    return Ending(row, cluster, level, STATUS_NAMES[status], until, renewable, over)


def _load(context: HomeContext) -> Mapping[str, Any] | None:
    uow = context.uow
    readable = uow.access.readable("certificate")
    if readable is not None and not readable >= set(FIELDS):
        return None
    page = query.list_page(uow, "certificate", where=ENDS, sort="valid_until", size=MOST, fields=FIELDS)
    number = query.count(uow, "certificate", ENDS).number if page.next_cursor else len(page.rows)
    names = titles(uow, [row.values["organisation"] for row in page.rows])
    lines = [_ending(row, names.get(row.values["organisation"])) for row in page.rows]
    months = uow.settings.get("certificate_expiring_months", EXPIRING_MONTHS)
    words = N_("Expires within %(months)s months", months=months)
    return {"lines": lines, "heading": words, "count": number or None, "url": list_url("certificate", ENDS, sort="valid_until")}


def install() -> None:
    """Register the box."""
    label = N_("Expires soon")
    home_boxes.add(HomeBox("certificates", label, "certification/_home_box.html", _load, 45, type_key="certificate"))
