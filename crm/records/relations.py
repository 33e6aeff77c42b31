"""What points at a record: relations of other types and links, how many records each brings, and the rows of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, literal, or_, select, union_all

from crm.kernel.i18n import Label
from crm.records.models import RecordLink, record_table
from crm.records.query import Count, Row, live, read_row
from crm.records.types import Field, Links, RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: Related records are counted exactly up to this; a page must not walk a hundred thousand rows for a number on a tab.
CAP: Final = 1000
_link: Final[Any] = RecordLink.__table__


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation field of another type (or the same) that may point at a record."""

    type: RecordType
    field: Field

    @property
    def key(self) -> str:
        """A name for it in addresses and on pages."""
        return f"{self.type.key}.{self.field.api_name}"

    @property
    def label(self) -> Label:
        """How the record pointed at calls them."""
        return self.field.back_label or self.type.names.title


@dataclass(frozen=True, slots=True)
class LinkSide:
    """A field of links, seen from the record that holds it (`outgoing`) or from the other end."""

    type: RecordType
    field: Field
    outgoing: bool

    @property
    def key(self) -> str:
        """A name for it in addresses and on pages."""
        return f"{self.type.key}-{self.field.api_name}-{'out' if self.outgoing else 'in'}"

    @property
    def label(self) -> Label:
        """How the record calls them."""
        return self.field.label if self.outgoing else (self.field.back_label or self.field.label)


def relations_to(uow: UnitOfWork, record_type: RecordType) -> list[Relation]:
    """Give the relations that lead to records of a type and that the actor may read, in the order of the types."""
    return [
        Relation(other, item)
        for other, item in uow.registry.pointing_at(record_type.key)
        if item.back_label is not None and not isinstance(item.place, Links) and _may_read(uow, other, item)
    ]


def link_sides(uow: UnitOfWork, record_type: RecordType) -> list[LinkSide]:
    """Give the fields of links that a type holds, then those by which others link to it."""
    own = [LinkSide(record_type, item, True) for item in record_type.fields if isinstance(item.place, Links)]
    pointing = uow.registry.pointing_at(record_type.key)
    others = [LinkSide(other, item, False) for other, item in pointing if isinstance(item.place, Links) and item.back_label]
    return [side for side in (*own, *others) if _may_read(uow, side.type, side.field)]


def _may_read(uow: UnitOfWork, holder: RecordType, item: Field) -> bool:
    allowed = uow.access.readable(holder.key)
    return uow.access.may("read", holder.key) and (allowed is None or item.api_name in allowed)


def count_relations(uow: UnitOfWork, record_id: int, relations: Sequence[Relation]) -> dict[str, Count]:
    """Count what each relation brings, by its key: one query for all, and one for each type that the actor's scopes bound."""
    free = [relation for relation in relations if uow.visible(relation.type) is None]
    statements: list[Any] = [_count(uow, relation) for relation in relations if relation not in free]
    if free:
        storage = uow.registry.storage(free[0].type.key)
        key = ("counts", *(relation.key for relation in free))

        def all_of_them() -> Any:
            return union_all(*(_count(uow, relation) for relation in free))

        statements.append(storage.kept(key, all_of_them))
    found = {}
    for statement in statements:
        for row in uow.session.execute(statement, {"target": record_id}):
            found[row.relation] = Count(min(row.number, CAP), row.number > CAP)
    return found


def _count(uow: UnitOfWork, relation: Relation) -> Any:
    inner = select(literal(1).label("one")).select_from(uow.registry.storage(relation.type.key).source())
    inner = inner.where(*_pointing(uow, relation)).limit(CAP + 1)
    return select(literal(relation.key).label("relation"), func.count().label("number")).select_from(inner.subquery())


def _pointing(uow: UnitOfWork, relation: Relation) -> list[ColumnElement[bool]]:
    """Give the conditions of the live rows, readable for the actor, that point at `target`."""
    storage = uow.registry.storage(relation.type.key)
    column = storage.key_column(relation.field, record_table, storage.own)
    if column is None:
        raise ValueError(f"{relation.key} holds links: they are counted by `count_links`")
    return [*live(uow, relation.type, by_type=storage.own is None), column == bindparam("target")]


def relation_rows(uow: UnitOfWork, relation: Relation, record_id: int, fields: tuple[Field, ...], limit: int) -> tuple[Row, ...]:
    """Give the first rows of a relation, with these fields: the latest first, those without a date last."""
    storage = uow.registry.storage(relation.type.key)

    def make() -> Select[Any]:
        undated = case((record_table.c.starts_at.is_(None), 1), else_=0)
        order = (undated, record_table.c.starts_at.desc(), record_table.c.title_sort, record_table.c.id)
        return storage.select(fields).where(*_pointing(uow, relation)).order_by(*order).limit(bindparam("most"))

    key = ("related", relation.field.api_name, tuple(item.api_name for item in fields))
    statement = storage.kept(key, make) if uow.visible(relation.type) is None else make()
    rows = uow.session.execute(statement, {"target": record_id, "most": limit}).mappings()
    return tuple(read_row(uow, relation.type, row, fields) for row in rows)


def count_links(uow: UnitOfWork, record_type: RecordType, record_id: int, sides: Sequence[LinkSide]) -> dict[str, int]:
    """Count the links of each side whose other end the actor may see, by the side's key: one query."""
    if not sides:
        return {}
    ends = {key for side in sides for key in (side.field.targets if side.outgoing else (side.type.key,))}
    readable = [one for one in uow.registry.types.values() if one.key in ends and uow.access.may("read", one.key)]
    bounded = [one for one in readable if uow.visible(one) is not None]
    free = tuple(one.id for one in readable if one not in bounded)
    storage = uow.registry.storage(record_type.key)
    statement = _link_counts(uow, free, bounded) if bounded else storage.kept(("links", *free), lambda: _link_counts(uow, free, []))
    numbers = {
        (row.field, bool(row.outgoing), row.type_id): row.number for row in uow.session.execute(statement, {"me": record_id})
    }
    found = {}
    for side in sides:
        types = [number for (name, out, type_id), number in numbers.items() if _is_of(side, name, type_id, outgoing=out)]
        found[side.key] = sum(types)
    return found


def _is_of(side: LinkSide, name: str, type_id: int, *, outgoing: bool) -> bool:
    return name == side.field.api_name and outgoing is side.outgoing and (outgoing or type_id == side.type.id)


def _link_counts(uow: UnitOfWork, free: Sequence[int], bounded: Sequence[RecordType]) -> Any:
    me: Any = bindparam("me")
    other = record_table.alias("other")
    ends = union_all(
        select(_link.c.field, literal(1).label("outgoing"), _link.c.to_id.label("end")).where(_link.c.from_id == me),
        select(_link.c.field, literal(0).label("outgoing"), _link.c.from_id.label("end")).where(
            _link.c.to_id == me, _link.c.from_id != me
        ),
    ).subquery()
    seen: list[ColumnElement[bool]] = [other.c.type_id.in_(free)]
    for one in bounded:
        source = uow.registry.storage(one.key).source()
        mine = select(record_table.c.id).select_from(source).where(uow.visible(one))  # type: ignore[arg-type]  # bounded: not None
        seen.append(and_(other.c.type_id == one.id, other.c.id.in_(mine)))
    columns = (ends.c.field, ends.c.outgoing, other.c.type_id)
    statement = select(*columns, func.count().label("number")).select_from(ends.join(other, other.c.id == ends.c.end))
    return statement.where(other.c.deleted_at.is_(None), or_(*seen)).group_by(*columns)
