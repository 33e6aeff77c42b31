"""Collaborations on organisations' pages, in one panel for both sides; what is unconfirmed, and what was written down twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from crm.collaboration.queries import KEY, count_of, of_organisation, same_as
from crm.collaboration.rules import is_unconfirmed, partner_of
from crm.kernel.i18n import N_
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens.panels import Badge, Panel, hide_related, register, register_badges, register_list_hint
from crm.screens.present import BLANK, Presenter, Shown
from crm.web.context import current_locale

#: What a line says of a collaboration beside its partner.
SAID: Final = ("kind", "status", "intensity", "period")


@dataclass(frozen=True, slots=True)
class Line:
    """A collaboration seen from one organisation: with whom, and what is said of it."""

    row: Row
    #: The other side; for a company that takes part, the pair by its title.
    partner: Shown
    shown: Mapping[str, Shown]
    unconfirmed: bool


def may_read(uow: UnitOfWork, _row: Row) -> bool:
    """Whether the actor may see collaborations at all."""
    return uow.access.may("read", KEY)


def organisation_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load the collaborations of an organisation: one query, one for links, one for the partners' names."""
    if not may_read(uow, row):
        return None
    presenter, record_type = Presenter(uow, current_locale()), uow.registry.get(KEY)
    rows = of_organisation(uow, row.id)
    presenter.prepare_rows([record_type.by_name["one"], record_type.by_name["other"]], rows)
    lines = [_line(presenter, found, row.id) for found in rows]
    new = {"one": str(row.id), "next": f"{row.url}?tab=collaborations"}
    return {
        "lines": lines,
        "labels": {name: record_type.by_name[name].label for name in SAID},
        "unconfirmed": sum(line.unconfirmed for line in lines),
        "new_url": f"/t/{KEY}/new?{urlencode(new)}" if uow.access.may("create", KEY) else None,
    }


def _line(presenter: Presenter, found: Row, organisation_id: int) -> Line:
    fields = presenter.uow.registry.get(KEY).by_name
    partner_id = partner_of(found.values, organisation_id)
    partner = BLANK if partner_id is None else presenter.show(fields["one"], partner_id)
    shown = {name: presenter.show(fields[name], found.values[name]) for name in SAID if name in found.values}
    return Line(found, partner, shown, "confirmed" in found.values and is_unconfirmed(found.values))


def organisation_count(uow: UnitOfWork, row: Row) -> int | None:
    """Count them, for the tab."""
    return count_of(uow, row.id) or None


def twin_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load what says the same as a collaboration; nothing when it stands alone."""
    twins = same_as(uow, row)
    return {"twins": twins} if twins else None


def unconfirmed_badge(_uow: UnitOfWork, row: Row, _day: date) -> Sequence[Badge]:
    """Mark what neither side has confirmed."""
    if "confirmed" not in row.values or not is_unconfirmed(row.values):
        return ()
    return (Badge(N_("Unconfirmed"), "amber"),)


def install() -> None:
    """Register the tab, the warning and the mark; called once, when the app is made."""
    panel = Panel(
        "collaborations",
        N_("Collaborations"),
        "collaboration/_organisation_panel.html",
        organisation_panel,
        31,
        tab=True,
        count=organisation_count,
        fits=may_read,
    )
    register("organisation", panel)
    for side in ("one", "other"):
        hide_related("organisation", KEY, side)
    register(KEY, Panel("twins", N_("Written down twice?"), "collaboration/_twin_panel.html", twin_panel, position=1))
    register_badges(KEY, unconfirmed_badge)
    register_list_hint(KEY, N_("Write down the first pair of organisations that work together, and who says so."))
