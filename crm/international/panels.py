"""What the work abroad adds to organisations' pages, to the menu, and to its own empty lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from crm.international.queries import KEY, MOST, SEAT_KEY, about_organisation, count_about, seats_in
from crm.kernel.i18n import N_
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens import cells, navigation
from crm.screens.listing import ListState, columns_of
from crm.screens.panels import Panel, hide_related, register, register_list_hint
from crm.screens.present import Presenter
from crm.web.context import current_locale

#: The columns on an organisation's page.
SHOWN: Final = ("title", "kind", "cluster", "country", "held", "outcome", "owner")


def may_read(uow: UnitOfWork, _row: Row) -> bool:
    """Whether the actor may see activities at all."""
    return uow.access.may("read", KEY)


def about_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load the activities that an organisation was helped by, as their cluster or as one of their companies."""
    if not may_read(uow, row):
        return None
    presenter, record_type = Presenter(uow, current_locale()), uow.registry.get(KEY)
    readable = uow.access.readable(KEY)
    columns = columns_of(record_type, readable, tuple((name, 0) for name in SHOWN))
    rows = about_organisation(uow, row.id)
    presenter.prepare_rows([column.field for column in columns], rows)
    return {
        "head": cells.head(presenter.locale, columns, ListState(KEY), choose=False) if rows else None,
        "body": cells.body(presenter, columns, rows, choose=False),
        "all_url": ListState(KEY, exact={"cluster": str(row.id)}).url() if len(rows) == MOST else None,
        "seats": seats_in(uow, row.id),
        "new_url": f"/t/{KEY}/new?{urlencode(_prefilled(row))}" if uow.access.may("create", KEY) else None,
    }


def _prefilled(row: Row) -> dict[str, str]:
    """Give what a new activity begins with on this page: a company took part in one, it is not whose activity it was."""
    there = {"next": f"{row.url}?tab=abroad"}
    return there if row.values.get("kind") == "company" else {"cluster": str(row.id), **there}


def about_count(uow: UnitOfWork, row: Row) -> int | None:
    """Count them, for the tab."""
    return count_about(uow, row.id) or None


def install() -> None:
    """Register the tab, the entry of the menu and the hints; called once, when the app is made."""
    panel = Panel(
        "abroad",
        N_("Abroad"),
        "international/_about_panel.html",
        about_panel,
        32,
        tab=True,
        count=about_count,
        fits=may_read,
    )
    register("organisation", panel)
    # One tab says it all: whose activity it was, who took part, and where one of us sits.
    hide_related("organisation", KEY, "cluster")
    hide_related("organisation", SEAT_KEY, "organisation")
    register_list_hint(KEY, N_("Write down the first company or cluster that was helped abroad."))
    register_list_hint(SEAT_KEY, N_("Write down the boards outside the office in which one of you has a seat."))
    totals = navigation.NavItem(
        "international_totals", N_("Helped by country"), "/international/totals", "map-2", "outreach", 60, type_key=KEY
    )
    navigation.add(totals)
