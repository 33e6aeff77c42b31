"""The lifecycles of a meeting and of a follow-up: states, steps, and guards with plain reasons. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crm.boards import rules
from crm.boards.rules import ItemFacts, ItemType
from crm.kernel.i18n import N_, Label, Message
from crm.lifecycle.engine import Lifecycle, State, Transition

DRAFT: Final = "draft"
ASSEMBLED: Final = "assembled"
FOR_APPROVAL: Final = "for_approval"
PUBLISHED: Final = "published"
HELD: Final = "held"
MINUTES_OUT: Final = "minutes_out"
MINUTES_APPROVED: Final = "minutes_approved"

#: States in which a meeting is the board's to see.
PUBLIC_STATES: Final = (PUBLISHED, HELD, MINUTES_OUT, MINUTES_APPROVED)
#: States in which the agenda is a fact and no longer changed.
AFTER_HELD: Final = (HELD, MINUTES_OUT, MINUTES_APPROVED)
#: States in which a pack may be assembled for the first time, or again before it is sent.
BEFORE_PUBLISHED: Final = (DRAFT, ASSEMBLED, FOR_APPROVAL)

OPEN: Final = "open"
DONE: Final = "done"


def agenda_is_ready(_values: Mapping[str, Any], facts: Mapping[str, Any]) -> Message | None:
    """Every item has what its type asks for; the first that lacks it is named."""
    items: list[ItemFacts] = facts["items"]
    return next(iter(rules.agenda_problems(items)), None)


def pack_is_assembled(_values: Mapping[str, Any], facts: Mapping[str, Any]) -> Message | None:
    """There is an unpublished pack, and nothing was changed since it was assembled."""
    if not facts["assembled"]:
        return N_("The material has not been assembled.")
    if facts["changed_since"]:
        return N_("The agenda has been changed since the material was assembled. Assemble it again.")
    return None


def pack_is_approved(_values: Mapping[str, Any], facts: Mapping[str, Any]) -> Message | None:
    """Someone with the right to it has approved the pack as it is."""
    return None if facts["approved"] else N_("The material has not been approved.")


def meeting_day_has_come(_values: Mapping[str, Any], facts: Mapping[str, Any]) -> Message | None:
    """A meeting cannot have been held before its day."""
    return None if facts["held_on"] is None or facts["held_on"] <= facts["today"] else N_("The meeting's day has not come yet.")


def every_decision_is_written(_values: Mapping[str, Any], facts: Mapping[str, Any]) -> Message | None:
    """Minutes tell what was decided under every item that was up for decision."""
    for item in facts["items"]:
        if item.item_type == ItemType.DECISION and not item.standing and item.number not in facts["decided"]:
            return N_("Item %(number)s “%(title)s” has no decision in the minutes.", number=item.number, title=item.title)
    return None


MEETING: Final = Lifecycle(
    states=(
        State(DRAFT, Label(da="Kladde", en="Draft"), "grey"),
        State(ASSEMBLED, Label(da="Samlet", en="Assembled"), "teal"),
        State(FOR_APPROVAL, Label(da="Til godkendelse", en="For approval"), "blue"),
        State(PUBLISHED, Label(da="Udsendt", en="Sent"), "green"),
        State(HELD, Label(da="Afholdt", en="Held"), "slate"),
        State(MINUTES_OUT, Label(da="Referat i høring", en="Minutes out for comments"), "amber"),
        State(MINUTES_APPROVED, Label(da="Referat godkendt", en="Minutes approved"), "green", final=True),
    ),
    transitions=(
        Transition(
            "assemble",
            Label(da="Saml materialet", en="Assemble the material"),
            BEFORE_PUBLISHED,
            ASSEMBLED,
            act="build",
            by_hand=False,
        ),
        Transition(
            "submit",
            Label(da="Send til godkendelse", en="Submit for approval"),
            (ASSEMBLED,),
            FOR_APPROVAL,
            (agenda_is_ready, pack_is_assembled),
        ),
        Transition("reopen", Label(da="Tilbage til kladde", en="Back to draft"), (ASSEMBLED, FOR_APPROVAL), DRAFT, act="submit"),
        Transition(
            "publish", Label(da="Udsend", en="Send"), (FOR_APPROVAL,), PUBLISHED, (pack_is_approved,), act="approve", by_hand=False
        ),
        Transition("hold", Label(da="Markér som afholdt", en="Mark as held"), (PUBLISHED,), HELD, (meeting_day_has_come,)),
        Transition(
            "send_minutes",
            Label(da="Send referat i høring", en="Send minutes for comments"),
            (HELD,),
            MINUTES_OUT,
            (every_decision_is_written,),
            act="minutes",
        ),
        Transition(
            "approve_minutes", Label(da="Godkend referat", en="Approve minutes"), (MINUTES_OUT,), MINUTES_APPROVED, act="minutes"
        ),
    ),
)

FOLLOW_UP: Final = Lifecycle(
    states=(
        State(OPEN, Label(da="Åben", en="Open"), "amber"),
        State(DONE, Label(da="Udført", en="Done"), "green", final=True),
    ),
    transitions=(
        Transition("complete", Label(da="Udført", en="Done"), (OPEN,), DONE),
        Transition("reopen", Label(da="Åbn igen", en="Open again"), (DONE,), OPEN),
    ),
)
