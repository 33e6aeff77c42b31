"""How what was done to a file is taken back: a file that came goes, one that went comes back, an old version is in force again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm.kernel.errors import NotFound
from crm.kernel.i18n import N_
from crm.records.files.reading import file_row
from crm.records.files.services import KIND, changeable, delete_file, describe_file, name_in_field, note, refuse_held, restore_file
from crm.records.models import StoredFile
from crm.records.undo import Past, Skipped, register_inverse

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

_SINCE = N_("The file has been changed since.")


def undo_file(uow: UnitOfWork, past: Past) -> Sequence[Skipped]:
    """Take one change of a file back, if the file is still as that change left it."""
    old, new = past.patch[KIND]
    if new is None:
        restore_file(uow, old["id"])
        return ()
    try:
        row = file_row(uow, new["id"])
    except NotFound:
        return [Skipped(past.record_id, N_("The file is no longer there."))]
    if row.replaced_by is not None or row.name != new["name"]:
        return [Skipped(past.record_id, _SINCE)]
    if old is None:
        delete_file(uow, row.id)
    elif old["id"] == new["id"]:
        describe_file(uow, row.id, old["name"], row.description or "")
    else:
        _back_to(uow, row, old)
    return ()


def _back_to(uow: UnitOfWork, row: StoredFile, old: dict[str, Any]) -> None:
    """Put another version in force again: the one before, and the later one goes to the trash; or, redone, the later one."""
    record = changeable(uow, row.record_id or 0, row.field)
    other = uow.session.get(StoredFile, old["id"])
    if other is None or other.record_id != row.record_id:
        raise NotFound
    if other.version > row.version:
        other.deleted_at, other.deleted_by, row.replaced_by = None, None, other.id
    else:
        refuse_held(uow, record, row)
        row.deleted_at, row.deleted_by, other.replaced_by = uow.now(), uow.actor.user_id, None
    uow.session.flush()
    note(uow, record, row, other)
    name_in_field(uow, other)


def install() -> None:
    """Have undo know it."""
    register_inverse(KIND, undo_file)
