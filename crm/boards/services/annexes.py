"""Annexes of an agenda item: files of the record platform, of which those that were sent with a pack stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.boards.models import AgendaItem
from crm.boards.queries import kept_annexes, versions
from crm.kernel.i18n import N_, Message
from crm.records.files import register_hold

if TYPE_CHECKING:
    from crm.records.models import StoredFile
    from crm.records.work import UnitOfWork

SENT: Final = N_("The annex has been sent with the material, so it stays. A new version can be added.")


def hold_sent(uow: UnitOfWork, row: StoredFile) -> Message | None:
    """Keep what was sent with a pack from being deleted or taken back."""
    item = uow.session.get(AgendaItem, row.record_id)
    if item is None:
        return None
    return SENT if (row.first_id or row.id) in kept_annexes(uow, versions(uow, item.meeting_id)) else None


def install() -> None:
    """Have the file platform ask."""
    register_hold("agenda_item", hold_sent)
