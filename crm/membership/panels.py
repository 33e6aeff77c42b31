"""What memberships and the catalogue add to pages; a setting says which of the two the screens show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm.kernel import format as words
from crm.kernel.i18n import N_
from crm.membership.models import CatalogueEntry, Membership
from crm.membership.queries import (
    CriterionLine,
    MembershipLine,
    criteria_of,
    entries_of,
    has_later,
    membership_line,
    memberships_of,
    shows_catalogue,
    shows_memberships,
)
from crm.membership.rules import MEMBERS, STATUS_NAMES, Status, reason
from crm.membership.types import ANSWERS
from crm.membership.types.common import last_day_of
from crm.records.attached import has, register_pointing
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens.offered import offer_when
from crm.screens.panels import Act, Panel, hide_related, register, register_acts, register_list_hint, tuck_away
from crm.screens.queries import may_do
from crm.web.context import current_locale


def memberships_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load an organisation's memberships: the one that counts today, or else the next or the last; and the others."""
    if not shows_memberships(uow):
        return None
    lines = memberships_of(uow, row.id) if has(uow, row.id, "membership") else []
    may_write = uow.access.may("create", "membership")
    if not lines and not may_write:
        return None
    current = next((line for line in lines if line.status in MEMBERS), lines[0] if lines else None)
    others = [line for line in lines if line is not current]
    return {"current": current, "why": _why(uow, current), "others": others, "may_write": may_write, "organisation": row}


def _why(uow: UnitOfWork, line: MembershipLine | None) -> Any:
    """Say why a membership is what it is; nothing where it may not be told."""
    if line is None or line.facts is None:
        return None
    locale = current_locale()
    return reason(line.facts, uow.today(), lambda day: words.day(day, locale))


def status_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Say what a membership is today and why, and whether somebody has set it by hand."""
    line = membership_line(uow, row)
    if line.facts is None or line.by_rule is None:
        return None
    return {"line": line, "why": _why(uow, line), "by_rule": STATUS_NAMES[line.by_rule]}


def renew_acts(uow: UnitOfWork, row: Row) -> Sequence[Act]:
    """Offer the next period to a membership that has an end."""
    end = last_day_of(row.values.get("period"))
    if end is None or row.values.get("organisation") is None or not uow.access.may("create", "membership"):
        return ()
    known = {"organisation": row.values["organisation"], "secretariat": row.values.get("secretariat")}
    reasons = (N_("The next period is there already."),) if has_later(uow, known, end) else ()
    pressing = row.values.get("status") in {Status.GRACE, Status.EXPIRED} and not reasons
    return (Act("renew", N_("Renew"), f"/memberships/{row.id}/renew", icon="refresh", primary=pressing, reasons=reasons),)


def catalogue_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load an organisation's entries in the catalogue."""
    if not shows_catalogue(uow):
        return None
    lines = entries_of(uow, row.id) if has(uow, row.id, "catalogue_entry") else []
    may_write = uow.access.may("create", "catalogue_entry")
    if not lines and not (may_write and row.values.get("kind") == "cluster"):
        return None
    return {"lines": lines, "today": uow.today(), "answers": ANSWERS, "may_write": may_write, "organisation": row}


def criteria_panel(uow: UnitOfWork, row: Row) -> Mapping[str, Any] | None:
    """Load the criteria with their answers, and say which parts of these the actor may write."""
    if not uow.access.may("read", "catalogue_answer"):
        return None
    lines = criteria_of(uow, row.id)
    writable = {name: _may_write(uow, name) for name in ("answer", "note")}
    return {"lines": lines, "counts": counts_of(lines), "answers": ANSWERS, "writable": writable, "entry": row}


def _may_write(uow: UnitOfWork, name: str) -> bool:
    """Whether the actor may say this of any criterion: for the first time and anew."""
    key = "catalogue_answer"
    allowed = [uow.access.writable(act, key) for act in ("create", "update")]
    may = all(uow.access.may(act, key) for act in ("create", "update"))
    return may and all(names is None or {name, "entry", "criterion"} <= names for names in allowed)


def counts_of(lines: Sequence[CriterionLine]) -> list[tuple[Any, int]]:
    """Count the answers, in their order, those that nobody gave left out; and how many there are in all."""
    given = [line.answer.key for line in lines if line.answer is not None]
    return [(option, given.count(option.key)) for option in ANSWERS if option.key in given]


def entry_acts(uow: UnitOfWork, row: Row) -> Sequence[Act]:
    """Lead from an entry to the wording of the criteria, for those who may change it."""
    if not may_do(uow, "update", uow.registry.get(row.type_key), row.id) or not uow.access.may("update", "catalogue_criterion"):
        return ()
    return (Act("criteria", N_("The criteria"), "/t/catalogue_criterion", icon="list-check", method="get", more=True),)


def types_act(uow: UnitOfWork, _row: Row) -> Sequence[Act]:
    """Lead from a membership to the kinds there are, for those who may change them."""
    if not uow.access.may("update", "membership_type"):
        return ()
    return (Act("types", N_("Membership types"), "/t/membership_type", icon="tag", method="get", more=True),)


def install() -> None:
    """Register the panels and acts, and when menu and tabs show them; called once, when the app is made."""
    register_pointing("membership", Membership.__table__.c.organisation_id)
    register_pointing("catalogue_entry", CatalogueEntry.__table__.c.organisation_id)
    side = Panel("memberships", N_("Membership"), "membership/_memberships_panel.html", memberships_panel, 4, side=True)
    register("organisation", side)
    tuck_away("person", "catalogue_entry.contact")
    register("organisation", Panel("catalogue", N_("Catalogue"), "membership/_catalogue_panel.html", catalogue_panel, 4, side=True))
    register("membership", Panel("status", N_("Status"), "membership/_status_panel.html", status_panel, 3, side=True))
    register("catalogue_entry", Panel("criteria", N_("Criteria"), "membership/_criteria_panel.html", criteria_panel, 10))
    for key in ("membership", "catalogue_entry"):
        hide_related("organisation", key, "organisation")
    register_acts("membership", renew_acts)
    register_acts("membership", types_act)
    register_acts("catalogue_entry", entry_acts)
    offer_when("membership", shows_memberships)
    offer_when("catalogue_entry", shows_catalogue)
    register_list_hint("membership", N_("Write down a membership type first, then the first member."))
    register_list_hint("catalogue_entry", N_("Take the first organisation into the catalogue."))
