"""Taking many records out of the trash in one act: those that others among them need come first."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from crm.kernel.errors import DomainError
from crm.kernel.i18n import Message

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def restore_many(uow: UnitOfWork, ids: Collection[int]) -> tuple[list[int], dict[int, Message]]:
    """Restore as many of some records as can be; gives those that came back, and why each other one did not."""
    waiting = sorted(set(ids))
    back: list[int] = []
    refused: dict[int, Message] = {}
    while waiting:
        refused = {}
        for record_id in waiting:
            try:
                with uow.session.begin_nested():
                    uow.records.restore(record_id)
            except DomainError as error:
                refused[record_id] = error.message
            else:
                back.append(record_id)
        if len(refused) == len(waiting):
            break
        waiting = sorted(refused)
    return back, refused
