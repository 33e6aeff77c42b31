"""What the store keeps beside the values: keys of several values, values that only one record may have, automatic numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import CursorResult, Table, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from crm.kernel.db import adding
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_, Message
from crm.records.fields import KINDS
from crm.records.fields.auto_number import number_of, number_text
from crm.records.models import record_table
from crm.records.storage import field_key
from crm.records.store.orders import Draft
from crm.records.store.references import visible_ids
from crm.records.types import Field, RecordType
from crm.records.value_models import NumberCounter, RecordValue, UniqueValue

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: Bound values a statement at most (SQLite takes 32,766), four a row.
ROWS: Final = 5000


def several_fields(record_type: RecordType) -> list[Field]:
    """Give the fields whose keys stand in `record_value`."""
    return [item for item in record_type.fields if KINDS[item.kind].several]


def unique_fields(record_type: RecordType) -> list[Field]:
    """Give the fields whose values no two records share."""
    return [item for item in record_type.fields if item.config.get("unique") or item.kind == "auto_number"]


def has_late_checks(record_types: Sequence[RecordType]) -> bool:
    """Say whether a refusal may come after the first write: two writers may take the same value at the same moment."""
    return any(unique_fields(item) for item in record_types)


# -- automatic numbers -------------------------------------------------------------------------------------------------


def give_numbers(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Give new records their numbers, one after the other; the counter's row stays locked until the transaction ends.

    A number that an import of the system brings along is kept, and the counter goes on after it.
    """
    for item in (one for one in record_type.fields if one.kind == "auto_number"):
        brought = [number_of(draft.new.get(item.api_name)) or 0 for draft in drafts]
        waiting = [draft for draft, number in zip(drafts, brought, strict=True) if not number]
        last = _count_on(uow, record_type.id, field_key(item), len(waiting), max(brought))
        for number, draft in enumerate(waiting, last - len(waiting) + 1):
            draft.new[item.api_name] = number_text(item, number)
            draft.changed[item.api_name] = (None, draft.new[item.api_name])
            draft.title = _titled(record_type, draft)


def _titled(record_type: RecordType, draft: Draft) -> str:
    """Name the record anew: its name may hold its number."""
    head = {"id": draft.record_id, "type": draft.type_key, "state": draft.state, "owner": draft.owner_id}
    return (record_type.functions.title({**head, **draft.new}) or "").strip()[:500] or draft.title


def _count_on(uow: UnitOfWork, type_id: int, key: str, more: int, least: int) -> int:
    """Lock the counter and count on; gives the last number taken."""
    place = (NumberCounter.type_id == type_id, NumberCounter.field == key)
    found = uow.session.scalar(select(NumberCounter.last).where(*place).with_for_update())
    if found is None:
        _insert_new(uow, NumberCounter, [{"type_id": type_id, "field": key, "last": 0}])
        found = uow.session.scalar(select(NumberCounter.last).where(*place).with_for_update()) or 0
    last = max(found, least) + more
    if last != found:
        uow.session.execute(update(NumberCounter).where(*place).values(last=last), execution_options={"synchronize_session": False})
    return last


# -- unique values -----------------------------------------------------------------------------------------------------


def check_unique(uow: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Refuse a value that another record has already, by that record's name: one query a type.

    The drafts are taken in their order: what one lets go of, the next may take.

    Raises:
        InvalidInput: of the first draft that has such a value.
    """
    by_type: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_type.setdefault(draft.type_key, []).append(draft)
    for type_key, members in by_type.items():
        record_type = uow.registry.get(type_key)
        unique = unique_fields(record_type)
        wanted = {(field_key(item), key) for draft in members for item in unique for key in _sides(item, draft)[1]}
        if not wanted:
            continue
        holders: dict[tuple[str, str], int | Draft] = {**_holders(uow, record_type, wanted)}
        for draft in members:
            for item in unique:
                _claim(uow, record_type, item, draft, holders)


def _claim(
    uow: UnitOfWork, record_type: RecordType, item: Field, draft: Draft, holders: dict[tuple[str, str], int | Draft]
) -> None:
    old, new = _sides(item, draft)
    place = field_key(item)
    for key in old:
        if holders.get((place, key)) in (draft, draft.record_id):
            del holders[place, key]
    for key in new:
        holder = holders.get((place, key))
        if isinstance(holder, Draft) and holder is not draft:
            raise InvalidInput({item.api_name: N_("“%(title)s” has this value already.", title=holder.title)})
        if isinstance(holder, int) and holder != draft.record_id:
            raise InvalidInput({item.api_name: _taken(uow, record_type, holder)})
        holders[place, key] = draft


def _sides(item: Field, draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the keys that a draft lets go of, and those that it takes."""
    if item.api_name not in draft.changed:
        return (), ()
    old, new = (KINDS[item.kind].keys(item, value) for value in draft.changed[item.api_name])
    return old, new


def _holders(uow: UnitOfWork, record_type: RecordType, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    pairs = sorted(wanted)
    for start in range(0, len(pairs), ROWS):
        some = tuple_(UniqueValue.field, UniqueValue.key).in_(pairs[start : start + ROWS])
        columns = (UniqueValue.field, UniqueValue.key, UniqueValue.record_id)
        statement = select(*columns).where(UniqueValue.type_id == record_type.id, some)
        found.update({(row.field, row.key): row.record_id for row in uow.session.execute(statement)})
    return found


def _taken(uow: UnitOfWork, record_type: RecordType, holder: int | None) -> Message:
    """Name the other record, if the actor may see it."""
    if (
        holder is None
        or holder not in visible_ids(uow, {holder: {"type": record_type.key}})
        or not uow.access.may("read", record_type.key)
    ):
        return N_("Another record has this value already.")
    columns = (record_table.c.title, record_table.c.deleted_at)
    row = uow.session.execute(select(*columns).where(record_table.c.id == holder)).one()
    if row.deleted_at is not None:
        return N_("“%(title)s” in the trash has this value already.", title=row.title)
    return N_("“%(title)s” has this value already.", title=row.title)


# -- writing -----------------------------------------------------------------------------------------------------------


def write_keys(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Keep the keys of what has changed, after the records themselves are written.

    Raises:
        InvalidInput: another writer has just taken a value that only one record may have.
    """
    _rewrite(uow, record_type, drafts, several_fields(record_type), RecordValue)
    write_unique(uow, record_type, drafts)


def new_keys(record_type: RecordType, draft: Draft) -> list[tuple[str, str]]:
    """Give the keys of a new record's several values: the field's key, and the value's."""
    filled = [item for item in several_fields(record_type) if draft.new.get(item.api_name) is not None]
    return sorted((field_key(item), key) for item in filled for key in {*KINDS[item.kind].keys(item, draft.new[item.api_name])})


def write_unique(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Keep the keys of what only one record may have.

    Raises:
        InvalidInput: another writer has just taken such a value.
    """
    unique = unique_fields(record_type)
    rows = _rewrite(uow, record_type, drafts, unique, UniqueValue)
    if not rows:
        return
    by_key = {field_key(item): item for item in unique}
    holders = _holders(uow, record_type, {(row["field"], row["key"]) for row in rows})
    for row in rows:
        holder = holders.get((row["field"], row["key"]))
        if holder != row["record_id"]:
            raise InvalidInput({by_key[row["field"]].api_name: _taken(uow, record_type, holder)})


def _rewrite(
    uow: UnitOfWork,
    record_type: RecordType,
    drafts: Sequence[Draft],
    fields: Sequence[Field],
    table: type[RecordValue | UniqueValue],
) -> list[dict[str, Any]]:
    """Replace the changed fields' rows; gives the rows that are wanted."""
    rows: list[dict[str, Any]] = []
    for item in fields:
        changed = [draft for draft in drafts if item.api_name in draft.changed]
        old = [draft.record_id for draft in changed if draft.changed[item.api_name][0] is not None]
        for start in range(0, len(old), ROWS):
            gone = table.record_id.in_(old[start : start + ROWS])
            statement = delete(table).where(gone, table.field == field_key(item))
            uow.session.execute(statement, execution_options={"synchronize_session": False})
        rows += [
            {"type_id": record_type.id, "field": field_key(item), "key": key, "record_id": draft.record_id}
            for draft in changed
            for key in dict.fromkeys(KINDS[item.kind].keys(item, draft.changed[item.api_name][1]))
        ]
    rows.sort(key=lambda row: (row["field"], row["key"], row["record_id"]))  # two writers never wait for each other
    if table is UniqueValue:
        _insert_new(uow, table, rows)
    elif rows:
        uow.session.connection().execute(adding(cast("Table", table.__table__)), rows)
    return rows


def _insert_new(uow: UnitOfWork, table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    """Insert what is not there yet; waits for another transaction that inserts the same."""
    dialect: Any = postgresql if uow.session.get_bind().dialect.name == "postgresql" else sqlite
    for start in range(0, len(rows), ROWS):
        statement = dialect.insert(table.__table__).values(list(rows[start : start + ROWS])).on_conflict_do_nothing()
        done: CursorResult[Any] = uow.session.execute(statement)  # type: ignore[assignment]
        done.close()
