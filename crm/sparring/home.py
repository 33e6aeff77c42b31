"""The front page's *Ikke talt med i 90 dage*: clusters of the catalogue that nobody has talked with for a while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crm.filters import Condition
from crm.filters.id_sets import pack
from crm.kernel.i18n import N_
from crm.membership.queries import shows_catalogue
from crm.screens import home_boxes
from crm.screens.home_boxes import HomeBox, HomeContext, list_url
from crm.sparring.queries.contact import may_tell, quiet_clusters

#: So many stand in the box; the number beside its heading leads to all.
MOST: Final = 6


def _load(context: HomeContext) -> Mapping[str, Any] | None:
    uow, days = context.uow, context.settings.quiet_days
    if not shows_catalogue(uow) or not may_tell(uow):
        return None
    found = quiet_clusters(uow, days)
    where = Condition("id", "in", (pack(one.cluster.id for one in found),))
    return {
        "lines": found[:MOST],
        "days": days,
        "heading": N_("Not talked with for %(days)s days", days=days),
        "count": len(found) or None,
        "url": list_url("organisation", where),
    }


def install() -> None:
    """Register the box."""
    home_boxes.add(HomeBox("quiet", N_("Not talked with lately"), "sparring/_home_box.html", _load, 70))
