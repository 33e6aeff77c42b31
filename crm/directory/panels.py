"""What the pages of organisations and people show beyond any record: region, names, sites, consents; what one must see at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from crm.directory import past, rules
from crm.directory.consents import CHANNELS, PURPOSES, WAYS, Given, Standing, standing
from crm.directory.models import OrganisationName, Site
from crm.directory.names import Name, corrected
from crm.directory.queries import belonging, consents_of, names_of, positions_on, protected_among
from crm.directory.regions import Coverage, coming_changes, region_map, weights_on
from crm.directory.views import OrganisationScreen
from crm.kernel.i18n import N_, Label
from crm.records.attached import has, register_pointing
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens.panels import (
    Act,
    Badge,
    Panel,
    hide_related,
    register,
    register_acts,
    register_badges,
    register_list_hint,
    tuck_away,
)
from crm.screens.queries import may_do
from crm.screens.record_screen import register_screen

#: Without these a place by region says nothing; who may not read them is not told by this panel either.
_PLACES: Final = frozenset({"municipality", "primary_region", "regions", "region_rule"})


def doubt_panel(_uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Word the doubt about the company number; nothing when there is none."""
    warning = rules.cvr_warning(row.values.get("cvr"))
    return None if warning is None else {"warning": warning}


def region_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Give the regions in which an organisation counts today, and those in which it will; nothing while there are none."""
    if not row.values.keys() >= _PLACES:
        return None
    coverage, today, names = Coverage.of(row.values), uow.today(), region_map().names
    spells: list[tuple[date | None, list[str]]] = []
    for day in (today, *coming_changes(today)):
        found = [names[key] for key in weights_on(coverage, day)]
        if not spells or spells[-1][1] != found:
            spells.append((day if spells else None, found))
    now, later = spells[0][1], spells[1:]
    return {"now": now, "later": later, "is_split": coverage.is_split and len(now) > 1} if now else None


def names_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Give an organisation's names in time, the newest first; nothing while it has had but one."""
    found = names_of(uow, [row.id]) if has(uow, row.id, "organisation_name") else {}
    names = sorted(found.get(row.id, ()), key=lambda one: one.first, reverse=True)
    if not names:
        return None
    may_edit = may_do(uow, "update", uow.registry.get("organisation"), row.id) and uow.access.may("update", "organisation_name")
    return {"names": [_worded(one) for one in names], "may_edit": may_edit, "may_correct": may_edit and bool(corrected(names))}


def _worded(name: Name) -> dict[str, Any]:
    return {"id": name.record_id, "title": name.title, "first": None if name.first == date.min else name.first, "last": name.last}


def sites_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Give an organisation's sites, the head office first; nothing without any."""
    found = belonging(uow, row, "site.organisation") if has(uow, row.id, "site") else ()
    sites = sorted(found, key=lambda site: not site.values.get("main"))
    return {"sites": sites} if sites else None


@dataclass(frozen=True, slots=True)
class ConsentCell:
    """How a person stands to a purpose by a channel today."""

    purpose: str
    channel: str
    standing: Standing
    given: Given | None


def consents_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Give how a person stands to each purpose by each channel today, and whether advertising is stopped where they work."""
    given = consents_of(uow, row.id)
    if given is None:
        return None
    today = uow.today()
    rows = [
        (label, [ConsentCell(purpose, channel, *standing(given, purpose, channel, today)) for channel in CHANNELS])
        for purpose, label in PURPOSES.items()
    ]
    held = positions_on(uow, [row.id], today).get(row.id, [])
    protected = protected_among(uow, {one.organisation_id for one in held})
    stopped = [one.organisation for one in held if one.organisation_id in protected]
    shown = {"rows": rows, "channels": list(CHANNELS.values()), "ways": WAYS, "any": bool(given), "stopped": stopped}
    return {**shown, "may_add": uow.access.may("create", "consent")}


def protection_badge(_uow: UnitOfWork, row: Row, _day: date) -> Sequence[Badge]:
    """Say at once that an organisation gets no advertising."""
    if not row.values.get("advertising_protected"):
        return ()
    return (Badge(Label(da="Reklamebeskyttet", en="Protected from advertising"), "red", "ban"),)


def add_acts(uow: UnitOfWork, row: Row) -> Sequence[Act]:
    """Offer to write down an earlier name, or a site."""
    if not may_do(uow, "update", uow.registry.get("organisation"), row.id):
        return ()
    offered = (("organisation_name", N_("Add an earlier name"), "history"), ("site", N_("Add a site"), "map-pin"))
    return [
        Act(f"add-{key}", label, f"/t/{key}/new?organisation={row.id}&next={row.url}", icon=icon, method="get", more=True)
        for key, label, icon in offered
        if uow.access.may("create", key)
    ]


def install() -> None:
    """Show the panels on the pages of organisations and people, and offer them as of a day."""
    past.install()
    register_pointing("organisation_name", OrganisationName.__table__.c.organisation_id)
    register_pointing("site", Site.__table__.c.organisation_id)
    register_screen(OrganisationScreen())
    register("organisation", Panel("doubt", N_("Look up"), "directory/_doubt_panel.html", doubt_panel, position=1))
    register("organisation", Panel("region", N_("Region"), "directory/_region_panel.html", region_panel, position=5, side=True))
    register("organisation", Panel("names", N_("Names in time"), "directory/_names_panel.html", names_panel, position=6, side=True))
    register("organisation", Panel("sites", N_("Sites"), "directory/_sites_panel.html", sites_panel, position=7, side=True))
    register("person", Panel("consents", N_("Consents"), "directory/_consents_panel.html", consents_panel, position=45))
    for type_key, other in (("organisation", "organisation_name"), ("organisation", "site"), ("person", "consent")):
        hide_related(type_key, other, type_key)
    register_badges("organisation", protection_badge)
    tuck_away("organisation", "organisation.parent")
    register_acts("organisation", add_acts)
    register_list_hint("consent", N_("Consents are written down on the person's page."))
