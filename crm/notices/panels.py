"""The bell's number, and the buttons on every record by which one follows it or hears nothing of it."""

from __future__ import annotations

from collections.abc import Sequence

from crm.kernel.i18n import N_
from crm.notices.queries import count_unread, my_muting
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens import navigation
from crm.screens.panels import EVERYWHERE, Act, register_acts


def follow_acts(uow: UnitOfWork, row: Row) -> Sequence[Act]:
    """Offer to follow, or say that one follows and offer to stop; to mute stands in the menu."""
    muted = my_muting(uow, row.id)
    at = f"/r/{row.id}"
    if muted is None:
        return [
            Act("follow", N_("Follow"), f"{at}/follow", icon="bell"),
            Act("mute", N_("Mute"), f"{at}/mute", icon="eye-off", more=True),
        ]
    if muted:
        return [Act("unmute", N_("Muted – hear of it again"), f"{at}/unfollow", icon="eye-off")]
    return [
        Act("unfollow", N_("Following"), f"{at}/unfollow", icon="bell"),
        Act("mute", N_("Mute"), f"{at}/mute", icon="eye-off", more=True),
    ]


def install() -> None:
    """Register them; called once, when the app is made."""
    register_acts(EVERYWHERE, follow_acts)
    navigation.add_count("bell", count_unread)
