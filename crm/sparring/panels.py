"""What sparring adds to other pages: the act in the top bar, lines on timelines, acts on the pages of people and organisations."""

from __future__ import annotations

from crm.kernel.i18n import N_
from crm.screens import navigation
from crm.screens.panels import register_list_hint
from crm.sparring import timeline


def install() -> None:
    """Register them; called once, when the app is made."""
    timeline.install()
    navigation.add_quick(navigation.QuickAct("sparring", N_("Log sparring"), "/sparring/new", "pencil", "l", "sparring"))
    register_list_hint("sparring", N_("Press L on any page, or “Log sparring” above: it takes ten seconds."))
