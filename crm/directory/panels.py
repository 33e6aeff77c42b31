"""What an organisation's page shows beyond any record: the region it lies in today, and a doubt about its company number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.directory import past, rules
from crm.directory.queries import regions_from
from crm.kernel.i18n import N_
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens.panels import Panel, register


def doubt_panel(_uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Word the doubt about the company number; nothing when there is none."""
    warning = rules.cvr_warning(row.values.get("cvr"))
    return None if warning is None else {"warning": warning}


def region_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Give the region of the municipality today, and those that follow; nothing without a municipality."""
    code = row.values.get("municipality")
    spans = regions_from(uow.session, code, uow.today()) if code else []
    return {"now": spans[0], "later": spans[1:]} if spans else None


def install() -> None:
    """Show the panels on the pages of organisations and people, and offer them as of a day."""
    past.install()
    register("organisation", Panel("doubt", N_("Look up"), "directory/_doubt_panel.html", doubt_panel, position=1))
    register("organisation", Panel("region", N_("Region"), "directory/_region_panel.html", region_panel, position=5, side=True))
