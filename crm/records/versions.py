"""Earlier versions of a record: a field's values over time, the whole record as it was, and putting old values back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, func, select

from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import N_
from crm.records.fields import KINDS
from crm.records.models import MAX_ID, Act, Change, ChangeValue
from crm.records.query import Row, one
from crm.records.store.drafts import values_at
from crm.records.types import Field, Links, RecordType
from crm.security.models import user_table

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: Kinds of changes that make a new version.
_KINDS: Final = ("create", "update", "transition", "link", "unlink", "delete", "restore", "merge")
PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a record: the change that made it."""

    change_id: int
    number: int
    at: datetime
    who: str
    cause: str
    kind: str
    act_id: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A change of one field: the version it made, and the values before and after."""

    version: Version
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two versions have differently."""

    field: Field
    first: Any
    second: Any


def _versions(record_id: int, before: int | None, limit: int) -> Select[Any]:
    return (
        select(
            *(Change.id, Change.version, Change.at, Change.kind, Change.act_id, Act.cause, Act.system),
            *(user_table.c.first_name, user_table.c.last_name, ChangeValue.patch),
        )
        .join(Act, Act.id == Change.act_id)
        .outerjoin(ChangeValue, ChangeValue.change_id == Change.id)
        .outerjoin(user_table, user_table.c.id == Change.actor_id)
        .where(Change.record_id == record_id, Change.id < (before or MAX_ID), Change.kind.in_(_KINDS))
        .order_by(Change.id.desc())
        .limit(limit)
    )


def _version(row: Any) -> Version:
    who = f"{row.first_name} {row.last_name}".strip() if row.first_name is not None else f"Klynge ({row.system or row.cause})"
    return Version(row.id, row.version, row.at, who, row.cause, row.kind, row.act_id)


def versions_of(uow: UnitOfWork, record_id: int, *, before: int | None = None, limit: int = PAGE) -> list[Version]:
    """Give the newest versions of a record: two queries.

    Raises:
        NotFound: the actor may not see the record.
    """
    one(uow, record_id)
    return [_version(row) for row in uow.session.execute(_versions(record_id, before, limit))]


def readable_field(uow: UnitOfWork, record_type: RecordType, name: str) -> Field:
    """Give a field whose history the actor may read.

    Raises:
        NotFound: there is none, it holds links, or it may not be read.
    """
    item = record_type.changeable.get(name)
    allowed = uow.access.readable(record_type.key)
    own = name not in record_type.by_name
    if item is None or isinstance(item.place, Links) or not (own or allowed is None or name in allowed):
        raise NotFound(N_("There is no field “%(field)s”.", field=name[:60]))
    return item


def field_history(uow: UnitOfWork, record_id: int, name: str, *, before: int | None = None, limit: int = PAGE) -> list[FieldChange]:
    """Give the newest changes of one field of a record: two queries.

    Raises:
        NotFound: the actor may not see the record or the field.
    """
    item = readable_field(uow, uow.registry.get(one(uow, record_id).type_key), name)
    statement = _versions(record_id, before, limit).where(Change.kind.in_(("create", "update")), _touches(uow, name))
    kind = KINDS[item.kind]
    found = []
    for row in uow.session.execute(statement):
        old, new = row.patch[name]
        found.append(FieldChange(_version(row), kind.from_json(item, old), kind.from_json(item, new)))
    return found


def _touches(uow: UnitOfWork, name: str) -> ColumnElement[bool]:
    """The condition that a patch names a field."""
    patch: Any = ChangeValue.patch
    if uow.session.get_bind().dialect.name == "postgresql":
        return patch.op("?")(name)  # type: ignore[no-any-return]  # JSONB's own "has key"
    return func.json_type(patch, f'$."{name}"').is_not(None)


def values_of_version(uow: UnitOfWork, row: Row, number: int) -> dict[str, Any]:
    """Give the readable values of a record at a version, its state and owner included.

    Raises:
        NotFound: there has been no such version.
    """
    if not 0 < number <= row.version:
        raise NotFound(N_("There is no version %(number)s.", number=number))
    record_type = uow.registry.get(row.type_key)
    then = values_at(uow, row.id, number, record_type)
    allowed = uow.access.readable(record_type.key)
    now: dict[str, Any] = {**row.values}
    if "owner" not in record_type.by_name and "owner" in record_type.changeable:
        now["owner"] = row.owner_id
    values = {name: then.get(name, value) for name, value in now.items() if name in record_type.changeable}
    values = {name: one_value for name, one_value in values.items() if allowed is None or name in allowed or name == "owner"}
    return {**values, "state": _state_at(uow, row, number)}


def _state_at(uow: UnitOfWork, row: Row, number: int) -> str | None:
    later = (
        select(ChangeValue.patch)
        .join(Change, Change.id == ChangeValue.change_id)
        .where(Change.record_id == row.id, Change.version > number, Change.kind == "transition")
        .order_by(Change.id)
        .limit(1)
    )
    patch: Mapping[str, Any] | None = uow.session.scalar(later)
    return row.state if patch is None else patch["state"][0]


def compare(uow: UnitOfWork, record_id: int, first: int, second: int) -> list[Difference]:
    """Give what two versions of a record have differently, in the order of the type's fields.

    Raises:
        NotFound: the actor may not see the record, or there has been no such version.
    """
    row = one(uow, record_id)
    record_type = uow.registry.get(row.type_key)
    one_side, other_side = values_of_version(uow, row, first), values_of_version(uow, row, second)
    fields = [item for name, item in record_type.changeable.items() if name in one_side]
    return [
        Difference(item, one_side[item.api_name], other_side[item.api_name])
        for item in fields
        if one_side[item.api_name] != other_side[item.api_name]
    ]


def restore_version(uow: UnitOfWork, record_id: int, number: int, names: Sequence[str] | None = None) -> list[str]:
    """Put back the values that a record had at a version: some fields, or all that the actor may write.

    Goes through the store like any other change, so rules hold and it can be undone. Gives the fields that were put back.

    Raises:
        NotFound, AccessDenied.
        InvalidInput: a value of then is no longer accepted, by field; nothing is changed.
    """
    row = one(uow, record_id)
    record_type = uow.registry.get(row.type_key)
    uow.access.require("update", row.type_key)
    then = values_of_version(uow, row, number)
    writable = uow.access.writable("update", record_type.key)
    wanted = {
        name: then[name]
        for name, item in record_type.changeable.items()
        if name in then and not item.read_only and (names is None or name in names) and (writable is None or name in writable)
    }
    if names is not None and set(names) - set(wanted):
        raise InvalidInput({name: N_("You may not change this field.") for name in names if name not in wanted})
    now = {**row.values, "owner": row.owner_id} if "owner" not in record_type.by_name else row.values
    changed = {name: value for name, value in wanted.items() if now.get(name) != value}
    if changed:
        uow.records.update(record_id, changed)
    return list(changed)
