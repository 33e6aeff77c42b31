"""Files on records: add, new version, rename and describe, delete, restore. Each is logged in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from sqlalchemy import select, update

from crm.kernel.errors import AccessDenied, Conflict, InvalidInput, NotFound, RuleViolation
from crm.kernel.i18n import N_, Message
from crm.kernel.text import clean
from crm.records.changes import LogEntry, log
from crm.records.file_formats import FileRules, check_file, tidy_name
from crm.records.files.bytes import FileStore
from crm.records.files.reading import file_row
from crm.records.models import MAX_ID, StoredFile
from crm.records.query import Row, one
from crm.records.search.writing import drop_text, put_text
from crm.records.store.references import visible_ids

if TYPE_CHECKING:
    from crm.records.types import Field
    from crm.records.work import UnitOfWork

#: The kind of change, the key of its patch, and the source of names in the search.
KIND: Final = "file"
#: A record holds at most so many files in force.
MOST: Final = 500
LONGEST_DESCRIPTION: Final = 500


#: Says why a file must stay as it is, or nothing.
Hold = Callable[["UnitOfWork", StoredFile], Message | None]
_holds: dict[str, Hold] = {}


def register_hold(type_key: str, hold: Hold) -> None:
    """Let a feature keep files of its type from being deleted or taken back: what was sent with a pack stays."""
    _holds[type_key] = hold


def refuse_held(uow: UnitOfWork, record: Row, row: StoredFile) -> None:
    """Ask the feature whose record it is.

    Raises:
        RuleViolation: the file stays, and why.
    """
    hold = _holds.get(record.type_key)
    reason = None if hold is None else hold(uow, row)
    if reason is not None:
        raise RuleViolation(reason)


def add_file(
    uow: UnitOfWork, store: FileStore, rules: FileRules, record_id: int, name: str, content: BinaryIO | bytes
) -> StoredFile:
    """Check a file that was sent and keep it on a record.

    Raises:
        NotFound, AccessDenied.
        InvalidInput: the file is none that is taken, and why (under `file`).
    """
    record = changeable(uow, record_id)
    stream = BytesIO(content) if isinstance(content, bytes) else content
    checked = check_file(name, stream, rules)
    return _keep(uow, store, record, checked.name, checked.media_type, stream)


def attach(uow: UnitOfWork, store: FileStore, record_id: int, name: str, media_type: str, content: bytes) -> StoredFile:
    """Keep bytes that the product made itself, or has checked, on a record that the actor may change.

    Raises:
        NotFound, AccessDenied.
    """
    record = changeable(uow, record_id)
    return _keep(uow, store, record, tidy_name(name) or "fil", clean(media_type)[:120], BytesIO(content))


def changeable(uow: UnitOfWork, record_id: int, field: str | None = None) -> Row:
    """Give a record whose files the actor may change.

    Raises:
        NotFound: it cannot be seen.
        AccessDenied: it can be read only, or the field that holds the file can.
    """
    row = one(uow, record_id)
    if not visible_ids(uow, {record_id: {"type": row.type_key}}, "update"):
        raise AccessDenied
    writable = uow.access.writable("update", row.type_key)
    if field is not None and writable is not None and field not in writable:
        raise AccessDenied
    return row


def _keep(uow: UnitOfWork, store: FileStore, record: Row, name: str, media_type: str, content: BinaryIO) -> StoredFile:
    """Bytes first, then the row: a row never names what is not there."""
    held = uow.session.scalars(
        select(StoredFile.id).where(StoredFile.record_id == record.id, StoredFile.deleted_at.is_(None)).limit(MOST + 1)
    ).all()
    if len(held) > MOST:
        raise InvalidInput({"file": N_("A record holds at most %(most)s files.", most=MOST)})
    row = stored(uow, store, name, media_type, content)
    row.record_id = record.id
    uow.session.flush()
    row.first_id = row.id
    uow.session.flush()
    note(uow, record, None, row)
    return row


def stored(uow: UnitOfWork, store: FileStore, name: str, media_type: str, content: BinaryIO) -> StoredFile:
    """Keep bytes and make the row of them, without a record yet."""
    content.seek(0, 2)
    size = content.tell()
    row = StoredFile(
        sha256=store.put(content),
        size=size,
        media_type=media_type,
        name=name,
        version=1,
        created_at=uow.now(),
        created_by=uow.actor.user_id,
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def add_version(
    uow: UnitOfWork, store: FileStore, rules: FileRules, file_id: int, name: str, content: BinaryIO | bytes
) -> StoredFile:
    """Put a new version in force; the one before is kept.

    Raises:
        NotFound, AccessDenied, InvalidInput: as `add_file`.
        Conflict: the file has a newer version already.
    """
    old = file_row(uow, file_id)
    record = _record_of(uow, old)
    _hold(uow, old)
    stream = BytesIO(content) if isinstance(content, bytes) else content
    checked = check_file(name, stream, _narrowed(uow, record, old, rules))
    new = stored(uow, store, checked.name, checked.media_type, stream)
    new.record_id, new.first_id, new.field = old.record_id, old.first_id or old.id, old.field
    new.version, new.description = old.version + 1, old.description
    uow.session.flush()
    old.replaced_by = new.id
    uow.session.flush()
    note(uow, record, old, new)
    name_in_field(uow, new)
    return new


def _narrowed(uow: UnitOfWork, record: Row, row: StoredFile, rules: FileRules) -> FileRules:
    item = uow.registry.get(record.type_key).by_name.get(row.field or "")
    if item is None:
        return rules
    return field_rules(rules, item)


def field_rules(rules: FileRules, item: Field) -> FileRules:
    """Narrow the office's rules by a field's own: its `types` and its `max_mb`."""
    return rules.within(max_mb=item.config.get("max_mb"), groups=tuple(item.config.get("types", ())))


def _record_of(uow: UnitOfWork, row: StoredFile) -> Row:
    if row.record_id is None:
        raise NotFound
    return changeable(uow, row.record_id, row.field)


def _hold(uow: UnitOfWork, row: StoredFile) -> None:
    """Lock a version that must be the one in force.

    Raises:
        Conflict: it is not any more.
    """
    uow.session.refresh(row, with_for_update=True)
    if row.replaced_by is not None or row.deleted_at is not None:
        raise Conflict(N_("Someone else has changed the file at the same moment. Look at it again."))


def describe_file(uow: UnitOfWork, file_id: int, name: str, description: str = "") -> StoredFile:
    """Give a file another name, its suffix kept, and a description.

    Raises:
        NotFound, AccessDenied, Conflict.
        InvalidInput: the name is empty, or the description too long.
    """
    row = file_row(uow, file_id)
    record = _record_of(uow, row)
    _hold(uow, row)
    kept, words = _named(row.name, name), clean(description)
    if len(words) > LONGEST_DESCRIPTION:
        limit = LONGEST_DESCRIPTION
        raise InvalidInput({"description": N_("At most %(limit)s characters; this is %(length)s.", limit=limit, length=len(words))})
    if (kept, words or None) == (row.name, row.description):
        return row
    before = shown(row)
    row.name, row.description = kept, words or None
    uow.session.flush()
    _write(uow, record, before, shown(row))
    put_text(uow, KIND, row.id, record.id, _searched(row), field=row.field)
    name_in_field(uow, row)
    return row


def _named(old: str, name: str) -> str:
    """Give the name to keep: people leave the suffix out, and a change of it would say something untrue."""
    suffix = old.rpartition(".")[2] if "." in old else ""
    kept = tidy_name(name)
    if suffix and not kept.lower().endswith(f".{suffix.lower()}"):
        kept = tidy_name(f"{kept}.{suffix}") if kept else ""
    if not kept or kept == f".{suffix}":
        raise InvalidInput({"name": N_("A file needs a name.")})
    return kept


def delete_file(uow: UnitOfWork, file_id: int) -> None:
    """Put a file with its versions into the trash; undo, or an administrator within 30 days, takes it back.

    Raises:
        NotFound, AccessDenied, Conflict.
        RuleViolation: a feature needs it to stay.
    """
    row = file_row(uow, file_id)
    record = _record_of(uow, row)
    refuse_held(uow, record, row)
    _hold(uow, row)
    _mark(uow, row, deleted=True)
    if row.field is not None:
        _set_in_field(uow, record, row, there=False)
    _write(uow, record, shown(row), None)


def restore_file(uow: UnitOfWork, file_id: int) -> StoredFile:
    """Take a file out of the trash, with its versions.

    Raises:
        NotFound: it is not there any more, or not theirs to see.
        AccessDenied.
    """
    row = uow.session.get(StoredFile, file_id) if 0 < file_id <= MAX_ID else None
    if row is None or row.record_id is None:
        raise NotFound
    record = changeable(uow, row.record_id, row.field)
    if row.deleted_at is None:
        return row
    _mark(uow, row, deleted=False)
    if row.field is not None:
        _set_in_field(uow, record, row, there=True)
    note(uow, record, None, row)
    return row


def _mark(uow: UnitOfWork, row: StoredFile, *, deleted: bool) -> None:
    """Delete or restore a file with its earlier versions; a version that was taken back before stays where it is."""
    first = row.first_id or row.id
    group = (StoredFile.first_id == first, StoredFile.record_id == row.record_id, StoredFile.version <= row.version)
    same = StoredFile.deleted_at.is_(None) if deleted else StoredFile.deleted_at == row.deleted_at
    values = {"deleted_at": uow.now() if deleted else None, "deleted_by": uow.actor.user_id if deleted else None}
    uow.session.execute(update(StoredFile).where(*group, same).values(values))
    uow.session.refresh(row)
    if deleted:
        drop_text(uow, KIND, row.id)


def name_in_field(uow: UnitOfWork, row: StoredFile) -> None:
    """Bring the name that a field holds to that of the version in force."""
    if row.field is not None and row.record_id is not None:
        _set_in_field(uow, one(uow, row.record_id), row, there=True)


def _set_in_field(uow: UnitOfWork, record: Row, row: StoredFile, *, there: bool) -> None:
    if row.field not in uow.registry.get(record.type_key).by_name:
        return
    first = row.first_id or row.id
    value: Any = uow.records.values(record.id).get(row.field or "") or ()
    entry = {"id": first, "name": row.name}
    listed = [entry if one.id == first else {"id": one.id, "name": one.name} for one in value if there or one.id != first]
    if there and first not in {one.id for one in value}:
        listed.append(entry)
    uow.records.update(record.id, {row.field or "": listed})


def shown(row: StoredFile) -> dict[str, Any]:
    """Give what the change log says of a file: its number and name, never its content."""
    found: dict[str, Any] = {"id": row.id, "name": row.name}
    if row.version > 1:
        found["version"] = row.version
    return found


def note(uow: UnitOfWork, record: Row, old: StoredFile | None, new: StoredFile) -> None:
    """Log that a file came, and let its name be found."""
    _write(uow, record, None if old is None else shown(old), shown(new))
    if old is not None:
        drop_text(uow, KIND, old.id)
    put_text(uow, KIND, new.id, record.id, _searched(new), field=new.field)


def _searched(row: StoredFile) -> str:
    return " ".join(part for part in (row.name, row.description) if part)


def _write(uow: UnitOfWork, record: Row, old: dict[str, Any] | None, new: dict[str, Any] | None) -> None:
    type_id = uow.registry.get(record.type_key).id
    log(uow, [LogEntry(record.id, type_id, record.version, KIND, {KIND: [old, new]})])
