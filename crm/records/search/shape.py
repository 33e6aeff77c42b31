"""What of a type is searched: which fields give text, and which of them some role may not read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.records.fields import KINDS
from crm.records.fields.base import FieldKind
from crm.records.registry import Registry
from crm.records.types import Field, Links, RecordType
from crm.security.models import Grant
from crm.security.policies import Access


@dataclass(frozen=True, slots=True)
class Shape:
    """How the documents of a type are made.

    `fields` are those whose text is searched; `apart` those of all fields that some role may not read: their text stays out of
    the open document (comments and files that hang on such a field too).
    """

    fields: tuple[str, ...]
    apart: tuple[str, ...]


def searched_fields(record_type: RecordType) -> tuple[Field, ...]:
    """Give the fields that give text to the search, in the order of the form."""
    return tuple(
        item
        for item in record_type.fields
        if type(KINDS[item.kind]).search_text is not FieldKind.search_text and not isinstance(item.place, Links)
    )


def shapes(session: Session, registry: Registry) -> Mapping[str, Shape]:
    """Give the shape of every type as grants and fields are now; one query."""
    statement = select(Grant.type_key, Grant.read_fields).where(Grant.act.in_(["read", "*"]), Grant.read_fields.is_not(None))
    bounded = [(key, frozenset(names or ())) for key, names in session.execute(statement) if names is not None]
    return {key: _shape(record_type, bounded) for key, record_type in registry.types.items()}


def _shape(record_type: RecordType, bounded: Iterable[tuple[str, frozenset[str]]]) -> Shape:
    """A field is apart if any grant that reads the type leaves it out: nobody reads less than what all grants have in common."""
    every = {item.api_name for item in record_type.fields}
    common = set(every)
    for key, names in bounded:
        if key in {record_type.key, "*"}:
            common &= names
    return Shape(tuple(item.api_name for item in searched_fields(record_type)), tuple(sorted(every - common)))


def unreadable(access: Access, record_type: RecordType) -> frozenset[str]:
    """Give the fields of a type that an actor may not read."""
    allowed = access.readable(record_type.key)
    return frozenset() if allowed is None else frozenset(item.api_name for item in record_type.fields) - allowed
