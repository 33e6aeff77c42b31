"""A record as `filters.evaluate` looks at it: the Python side of what `records.sql` compiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crm.filters.evaluate import EXACT, Subject
from crm.filters.tree import bad_filter
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.records.fields import KINDS, ValueProblem
from crm.records.fields.base import shown
from crm.records.registry import Registry
from crm.records.sql import SPINE_FIELDS, spine_field
from crm.records.storage import reads_slot
from crm.records.types import Field, RecordType

#: Gives the values of a record by id (with `type`), or None where there is none to be seen.
Read = Callable[[int], Mapping[str, Any] | None]


def subject_of(registry: Registry, record_type: RecordType, values: Mapping[str, Any], zone: str, read: Read) -> Subject:
    """Make the subject of a record.

    Args:
        registry: the types, for paths over relations.
        record_type: the record's own.
        values: its values by api_name, with the head's (`store.values`); links as a list of ids or of links.
        zone: the office's zone.
        read: reads the records that paths lead to.
    """
    storage = registry.storage(record_type.key)

    def field(name: str) -> Field:
        item = record_type.by_name.get(name) or spine_field(record_type, name)
        if item is None:
            raise bad_filter(N_("There is no field “%(field)s” to filter by.", field=shown(name, 60)))
        return item

    def operand(name: str, raw: Any) -> Any:
        item = field(name)
        if item.kind == "text":
            if not isinstance(raw, str):
                raise bad_filter(N_("“%(field)s” is compared with text.", field=item.label))
            return clean(raw[:400])[:200]
        try:
            value = KINDS[item.kind].operand(item, raw, zone)
        except ValueProblem as problem:
            raise bad_filter(problem.message) from None
        return value if KINDS[item.kind].by_key or KINDS[item.kind].several else _comparable(item, value, zone)

    def follow(name: str, record_id: int) -> Subject | None:
        found = read(record_id)
        return None if found is None else subject_of(registry, registry.get(found["type"]), found, zone, read)

    items = {name: field(name) for name in {*record_type.by_name, *SPINE_FIELDS}}
    held = {name: _held(item, values.get(name), zone) for name, item in items.items()}
    exact = {name for name, item in items.items() if item.kind == "link" or (item.kind == "text" and not storage.holds_key(item))}
    kinds = {name: EXACT if name in exact else item.kind for name, item in items.items()}
    return Subject(held, kinds, zone, operand, follow)


def _held(item: Field, value: Any, zone: str) -> Any:
    kind = KINDS[item.kind]
    return kind.keys(item, value) if kind.several else _comparable(item, value, zone)


def _comparable(item: Field, value: Any, zone: str) -> Any:
    """Give a value as it is compared: addresses made in the browser by the small letters that their slot holds."""
    kind = KINDS[item.kind]
    by_key = kind.by_key or (item.kind == "link" and reads_slot(item))
    return kind.slot_value(item, value, zone) if by_key and value is not None else value
