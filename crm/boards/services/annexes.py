"""Annexes of an agenda item: add and remove files. What a published pack holds stays."""

from __future__ import annotations

from sqlalchemy import select

from crm.boards.models import AgendaItem, PackVersion
from crm.boards.packs.document import PackDocument
from crm.boards.uploads import check_annex
from crm.kernel.errors import AccessDenied, NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.records.files import FileStore, attach
from crm.records.models import StoredFile, record_table
from crm.records.work import UnitOfWork


def add_annex(uow: UnitOfWork, files: FileStore, item_id: int, name: str, content: bytes) -> int:
    """Keep a file as an annex of an item; gives the file's id.

    Raises:
        NotFound, AccessDenied.
        InvalidInput: the file is none that may be an annex (and why).
    """
    item = _item_to_change(uow, item_id)
    kept, media_type = check_annex(name, content)
    return attach(uow, files, item.id, kept, media_type, content).id


def remove_annex(uow: UnitOfWork, item_id: int, file_id: int) -> None:
    """Take an annex away.

    Raises:
        NotFound, AccessDenied.
        RuleViolation: a published version holds it.
    """
    item = _item_to_change(uow, item_id)
    row = uow.session.get(StoredFile, file_id)
    if row is None or row.record_id != item.id:
        raise NotFound
    published = select(PackVersion.document).where(PackVersion.meeting_id == item.meeting_id, PackVersion.published_at.is_not(None))
    for document in uow.session.scalars(published):
        if any(annex.file_id == file_id for annex in PackDocument.from_json(document).annexes):
            raise RuleViolation(N_("The annex has been sent with the material, so it stays."))
    uow.session.delete(row)
    uow.session.flush()


def _item_to_change(uow: UnitOfWork, item_id: int) -> AgendaItem:
    item = uow.get(AgendaItem, item_id)
    record_type = uow.registry.get("agenda_item")
    uow.access.require("update", record_type.key)
    condition = uow.visible(record_type, "update")
    if condition is not None:
        source = uow.registry.storage(record_type.key).source()
        if uow.session.scalar(select(record_table.c.id).select_from(source).where(record_table.c.id == item_id, condition)) is None:
            raise AccessDenied
    return item
