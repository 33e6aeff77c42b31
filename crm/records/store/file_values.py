"""Fields of kind `file`: what they name must be files of this record, or files that the same person has just sent for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from crm.kernel.i18n import N_
from crm.records.fields.file import FileValue
from crm.records.file_formats import FORMATS, MEGABYTE
from crm.records.models import StoredFile
from crm.records.search.writing import drop_text, put_text
from crm.records.store.orders import Draft
from crm.records.store.references import live_types
from crm.records.types import Field, RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


def file_fields(record_type: RecordType) -> list[Field]:
    """Give the fields that hold files."""
    return [item for item in record_type.fields if item.kind == "file"]


def _given(uow: UnitOfWork, drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Field]]:
    for draft in drafts:
        for item in file_fields(uow.registry.get(draft.type_key)):
            if draft.new.get(item.api_name):
                yield draft, item


def check_files(uow: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Give each file its name, and note those that are none for this field; those that were there before are left alone.

    One query, whatever the number of drafts.
    """
    pairs = list(_given(uow, drafts))
    if not pairs:
        return
    rows = _rows(uow, {one.id for draft, item in pairs for one in draft.new[item.api_name]})
    sources = _readable_sources(uow, rows.values())
    for draft, item in pairs:
        held = {one.id: one for one in (draft.old or {}).get(item.api_name) or ()}
        found = []
        for one in draft.new[item.api_name]:
            row = rows.get(one.id)
            if row is not None and _may_stand(uow, draft, item, row):
                found.append(FileValue(one.id, row.name))
            elif one.id in held:
                found.append(held[one.id])
            elif row is not None and row.id in sources and _fits(item, row):
                found.append(_copy(uow, item, row))
            else:
                draft.problems.setdefault(item.api_name, N_("A chosen file is not there, or cannot be used in this field."))
        draft.new[item.api_name] = tuple(found) or None


def _rows(uow: UnitOfWork, ids: set[int]) -> dict[int, Any]:
    """Give the newest version of each file, by its first one; in the trash too, since undo brings files back."""
    columns = (
        StoredFile.id,
        StoredFile.first_id,
        StoredFile.record_id,
        StoredFile.field,
        StoredFile.created_by,
        StoredFile.name,
        StoredFile.size,
        StoredFile.sha256,
        StoredFile.media_type,
        StoredFile.deleted_at,
        StoredFile.version,
    )
    wanted = select(*columns).where(StoredFile.first_id.in_(sorted(ids)), StoredFile.replaced_by.is_(None))
    found: dict[int, Any] = {}
    for row in uow.session.execute(wanted.order_by(StoredFile.deleted_at.is_(None), StoredFile.version)):
        found[row.first_id] = row  # live ones and later versions come last
    return found


def _may_stand(uow: UnitOfWork, draft: Draft, item: Field, row: Any) -> bool:
    """A file of this record's field, or one that waits and that the same person sent; of the types and size of the field."""
    own = row.record_id is not None and row.record_id == draft.record_id and row.field == item.api_name
    waiting = row.record_id is None and row.created_by == uow.actor.user_id and row.field == item.api_name
    return own or (waiting and _fits(item, row))


def _fits(item: Field, row: Any) -> bool:
    suffix = row.name.rpartition(".")[2].lower()
    words = tuple(item.config.get("types", ()))
    fits = not words or suffix in words or (suffix in FORMATS and FORMATS[suffix].group in words)
    return bool(fits and row.size <= item.config.get("max_mb", 1024) * MEGABYTE)


def _readable_sources(uow: UnitOfWork, rows: Iterable[Any]) -> set[int]:
    """Give the files of records that the actor may read, by id: put into another record's field they become copies there."""
    held = {row.record_id for row in rows if row.record_id is not None and row.deleted_at is None}
    types = live_types(uow, held)
    found = set()
    for row in rows:
        key = types.get(row.record_id)
        if key is not None and row.deleted_at is None and uow.access.may("read", key):
            readable = uow.access.readable(key)
            if row.field is None or readable is None or row.field in readable:
                found.add(row.id)
    return found


def _copy(uow: UnitOfWork, item: Field, row: Any) -> FileValue:
    """Make a file of the same bytes that waits for the record it is put into."""
    made = StoredFile(
        sha256=row.sha256,
        size=row.size,
        media_type=row.media_type,
        name=row.name,
        field=item.api_name,
        created_at=uow.now(),
        created_by=uow.actor.user_id,
    )
    uow.session.add(made)
    uow.session.flush()
    made.first_id = made.id
    uow.session.flush()
    return FileValue(made.id, made.name)


def settle_files(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """After the records are written: what came belongs to them now, what was taken out lies in the trash."""
    for item in file_fields(record_type):
        for draft in drafts:
            if item.api_name in draft.changed:
                old, new = ({one.id: one for one in side or ()} for side in draft.changed[item.api_name])
                _take_in(uow, draft.record_id, item, [one for key, one in new.items() if key not in old])
                _put_away(uow, draft.record_id, [one for key, one in old.items() if key not in new])


def _take_in(uow: UnitOfWork, record_id: int, item: Field, values: Sequence[FileValue]) -> None:
    if not values:
        return
    rows = _rows(uow, {one.id for one in values})
    for row in rows.values():
        back = {"record_id": record_id, "deleted_at": None, "deleted_by": None}
        group = (StoredFile.first_id == row.first_id, StoredFile.version <= row.version)
        uow.session.execute(update(StoredFile).where(*group).values(back), execution_options={"synchronize_session": False})
        put_text(uow, "file", row.id, record_id, row.name, field=item.api_name)
    _look_again(uow)


def _put_away(uow: UnitOfWork, record_id: int, values: Sequence[FileValue]) -> None:
    for one in values:
        live = (StoredFile.first_id == one.id, StoredFile.record_id == record_id, StoredFile.deleted_at.is_(None))
        for file_id in uow.session.scalars(select(StoredFile.id).where(*live)).all():
            drop_text(uow, "file", file_id)
        gone = {"deleted_at": uow.now(), "deleted_by": uow.actor.user_id}
        uow.session.execute(update(StoredFile).where(*live).values(gone), execution_options={"synchronize_session": False})
    if values:
        _look_again(uow)


def _look_again(uow: UnitOfWork) -> None:
    """Let files that were read before show what is stored now."""
    for held in list(uow.session.identity_map.values()):
        if isinstance(held, StoredFile):
            uow.session.expire(held)
