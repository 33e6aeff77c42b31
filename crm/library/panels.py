"""What empty lists of publications and tools say."""

from __future__ import annotations

from crm.kernel.i18n import N_
from crm.screens.panels import register_list_hint


def install() -> None:
    """Register the hints; called once, when the app is made."""
    register_list_hint("publication", N_("Write down what you have published, with a link or the file itself."))
    register_list_hint("tool", N_("Put the templates, guides and methods here that clusters ask for."))
