"""What sparring adds to other pages: the act in the top bar, lines on timelines, acts on the pages of people and organisations."""

from __future__ import annotations

from crm.kernel.i18n import N_
from crm.screens import navigation
from crm.screens.panels import register_list_hint
from crm.sparring import timeline
from crm.sparring.types import SECTION, SPARRING


def install() -> None:
    """Register them; called once, when the app is made."""
    timeline.install()
    navigation.add_quick(navigation.QuickAct("sparring", N_("Log sparring"), "/sparring/new", "pencil", "l", "sparring"))
    words, address = N_("Sparring totals"), "/sparring/totals"
    navigation.add(navigation.NavItem("sparring-totals", words, address, "chart-bar", SECTION, 45, type_key=SPARRING.key))
    register_list_hint("sparring", N_("Press L on any page, or “Log sparring” above: it takes ten seconds."))
