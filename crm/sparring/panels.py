"""What sparring adds to other pages: the act in the top bar, lines on timelines, acts on the pages of people and organisations."""

from __future__ import annotations

from collections.abc import Sequence

from crm.kernel.i18n import N_
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens import navigation
from crm.screens.panels import Act, register_acts, register_list_hint, tuck_away
from crm.sparring import timeline
from crm.sparring.types import SECTION, SPARRING


def brief_acts(uow: UnitOfWork, row: Row) -> Sequence[Act]:
    """Offer the brief before a call to those who may read sparrings."""
    if not uow.access.may("read", SPARRING.key):
        return []
    return [Act("brief", N_("Before you call"), f"/sparring/brief/{row.id}", icon="phone", method="get", hotkey="b")]


def install() -> None:
    """Register them; called once, when the app is made."""
    timeline.install()
    for type_key in ("organisation", "person"):
        tuck_away(type_key, "sparring.referred_to")
    navigation.add_quick(navigation.QuickAct("sparring", N_("Log sparring"), "/sparring/new", "pencil", "l", "sparring"))
    words, address = N_("Sparring totals"), "/sparring/totals"
    navigation.add(navigation.NavItem("sparring-totals", words, address, "chart-bar", SECTION, 45, type_key=SPARRING.key))
    for type_key in timeline.SHOWN_ON:
        register_acts(type_key, brief_acts)
    register_list_hint("sparring", N_("Press L on any page, or “Log sparring” above: it takes ten seconds."))
