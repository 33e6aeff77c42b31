"""Files that wait for a record: sent while a form is still being filled in. Only who sent one sees it; a day later it is swept."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final

from sqlalchemy import func, select

from crm.kernel.errors import AccessDenied, RuleViolation
from crm.kernel.i18n import N_
from crm.records.file_formats import FileRules, check_file
from crm.records.files.bytes import FileStore
from crm.records.files.services import field_rules, stored
from crm.records.models import StoredFile

if TYPE_CHECKING:
    from crm.records.types import Field
    from crm.records.work import UnitOfWork

#: So many files may one person have waiting at once.
MOST: Final = 100


def keep_pending(
    uow: UnitOfWork, store: FileStore, rules: FileRules, type_key: str, item: Field, name: str, content: BinaryIO | bytes
) -> StoredFile:
    """Check a file for a field and keep it until its record is saved.

    Raises:
        AccessDenied: nobody is signed in, or they may fill in no such field.
        InvalidInput: the file is none that the field takes, and why (under `file`).
        RuleViolation: they have too many waiting.
    """
    acts = [act for act in ("create", "update") if uow.access.may(act, type_key)]
    writable = [uow.access.writable(act, type_key) for act in acts]
    if uow.actor.user_id is None or not any(names is None or item.api_name in names for names in writable):
        raise AccessDenied
    waiting = select(func.count()).where(StoredFile.record_id.is_(None), StoredFile.created_by == uow.actor.user_id)
    if (uow.session.scalar(waiting) or 0) >= MOST:
        raise RuleViolation(N_("You have many files waiting for records that are not saved. Save them first."))
    stream = BytesIO(content) if isinstance(content, bytes) else content
    checked = check_file(name, stream, field_rules(rules, item))
    row = stored(uow, store, checked.name, checked.media_type, stream)
    row.first_id, row.field = row.id, item.api_name
    uow.session.flush()
    return row
