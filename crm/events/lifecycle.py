"""The lifecycle of an event: states, steps, and guards with plain reasons. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crm.kernel.i18n import N_, Label, Message
from crm.lifecycle.engine import Lifecycle, State, Transition

PLANNED: Final = "planned"
OPEN: Final = "open"
HELD: Final = "held"
CANCELLED: Final = "cancelled"


def has_a_day(_values: Mapping[str, Any], facts: Mapping[str, Any]) -> Message | None:
    """People can sign up only for something that has a date."""
    return None if facts["held_on"] is not None else N_("The event has no date yet.")


def day_has_come(_values: Mapping[str, Any], facts: Mapping[str, Any]) -> Message | None:
    """An event cannot have been held before its day."""
    if facts["held_on"] is None:
        return N_("The event has no date yet.")
    return None if facts["held_on"] <= facts["today"] else N_("The event's day has not come yet.")


def nobody_attended(_values: Mapping[str, Any], facts: Mapping[str, Any]) -> Message | None:
    """What somebody took part in was not cancelled."""
    number = facts["attended"]
    return N_("%(number)s are marked as having attended.", number=number) if number else None


EVENT: Final = Lifecycle(
    states=(
        State(PLANNED, Label(da="Planlagt", en="Planned"), "blue"),
        State(OPEN, Label(da="Åben for tilmelding", en="Open for sign-up"), "green"),
        State(HELD, Label(da="Afholdt", en="Held"), "slate", final=True),
        State(CANCELLED, Label(da="Aflyst", en="Cancelled"), "grey", final=True),
    ),
    transitions=(
        Transition("open", Label(da="Åbn for tilmelding", en="Open for sign-up"), (PLANNED,), OPEN, (has_a_day,)),
        Transition("hold", Label(da="Markér som afholdt", en="Mark as held"), (PLANNED, OPEN), HELD, (day_has_come,)),
        Transition("cancel", Label(da="Aflys", en="Cancel"), (PLANNED, OPEN), CANCELLED, (nobody_attended,)),
        Transition("replan", Label(da="Planlæg igen", en="Plan again"), (CANCELLED,), PLANNED, act="cancel"),
        Transition("reopen", Label(da="Ikke afholdt alligevel", en="Not held after all"), (HELD,), OPEN, act="hold"),
    ),
)
