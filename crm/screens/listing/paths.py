"""Field paths as people follow them: `board.title` is *Udvalg › Navn*, over relations that lead to one record of one type."""

from __future__ import annotations

from crm.records.sql import SPINE_FIELDS, spine_field
from crm.records.types import Field, Links, RecordType
from crm.records.work import UnitOfWork
from crm.screens.present import head_field


def filter_field(uow: UnitOfWork, record_type: RecordType, name: str) -> Field | None:
    """Give a field that the actor may filter by, or one of the spine's own."""
    if name in record_type.by_name:
        readable = uow.access.readable(record_type.key)
        return record_type.by_name[name] if readable is None or name in readable else None
    return (head_field(record_type, name) or spine_field(record_type, name)) if name in SPINE_FIELDS else None


def beyond(uow: UnitOfWork, item: Field) -> RecordType | None:
    """Give the type that a relation leads to: one record of one type, all of whose records may be read; else None."""
    if item.kind != "relation" or isinstance(item.place, Links) or len(item.targets) != 1:
        return None
    target = item.targets[0]
    return uow.registry.types.get(target) if "all" in uow.access.scopes("read", target) else None


def path_fields(uow: UnitOfWork, record_type: RecordType, path: str) -> list[Field]:
    """Give the fields along a path; an empty list when it leads nowhere that the actor may look."""
    found: list[Field] = []
    here: RecordType | None = record_type
    for name in path.split("."):
        item = None if here is None else filter_field(uow, here, name)
        if item is None:
            return []
        found.append(item)
        here = beyond(uow, item)
    return found


def filterable(uow: UnitOfWork, record_type: RecordType) -> list[Field]:
    """Give the fields of a type that the actor may filter by, the spine's own first."""
    names = [name for name in SPINE_FIELDS if name not in record_type.by_name and name != "id"]
    if record_type.lifecycle is None and "state" in names:
        names.remove("state")
    heads = [filter_field(uow, record_type, name) for name in names]
    own = [filter_field(uow, record_type, item.api_name) for item in record_type.fields]
    return [item for item in (*heads, *own) if item is not None]
