"""Reads of collaborations: those of one organisation, whichever side it stands on, and statements that say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, func, or_, select

from crm.collaboration.models import Collaboration
from crm.collaboration.rules import same_statement
from crm.records import query
from crm.records.models import RecordLink, record_table
from crm.records.query import Row

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

KEY: Final = "collaboration"
_collaboration: Final[Any] = Collaboration.__table__
_link: Final[Any] = RecordLink.__table__
#: So many stand on an organisation's page.
MOST: Final = 200


def of_organisation(uow: UnitOfWork, record_id: int) -> list[Row]:
    """Give the collaborations of an organisation, each once: those it is a side of, and those it takes part in as a company.

    What runs comes first, then by when it began, the latest first. Ask only where collaborations may be read.
    """
    record_type = uow.registry.get(KEY)
    wanted = query.readable_fields(uow, record_type)
    statement = uow.registry.storage(KEY).select(wanted).where(*_concerning(uow, record_id))
    found = uow.session.execute(statement.order_by(record_table.c.starts_at.desc(), record_table.c.id.desc()).limit(MOST))
    rows = [query.read_row(uow, record_type, row, wanted) for row in found.mappings()]
    return sorted(rows, key=lambda row: row.values.get("status") == "ended")


def count_of(uow: UnitOfWork, record_id: int) -> int:
    """Count them."""
    source = uow.registry.storage(KEY).source()
    return uow.session.scalar(select(func.count()).select_from(source).where(*_concerning(uow, record_id))) or 0


def _concerning(uow: UnitOfWork, record_id: int) -> list[ColumnElement[bool]]:
    """Give the conditions; a side that the actor may not read of collaborations does not count."""
    readable = uow.access.readable(KEY)
    names = [name for name in ("one", "other") if readable is None or name in readable]
    sides: list[ColumnElement[bool]] = [_collaboration.c[f"{name}_id"] == record_id for name in names]
    if readable is None or "companies" in readable:
        linked = select(_link.c.from_id).where(_link.c.to_id == record_id, _link.c.field == "companies")
        sides.append(_collaboration.c.id.in_(linked))
    return [*query.live(uow, uow.registry.get(KEY), by_type=False), or_(False, *sides)]


def same_as(uow: UnitOfWork, row: Row) -> list[Row]:
    """Give the other collaborations that say the same as one: pair, kind, and a time in common. One query."""
    one, other = row.values.get("one"), row.values.get("other")
    if one is None or other is None or not {"kind", "period"} <= row.values.keys():
        return []
    record_type = uow.registry.get(KEY)
    wanted = query.readable_fields(uow, record_type)
    table = _collaboration.c
    statement = uow.registry.storage(KEY).select(wanted).where(*query.live(uow, record_type, by_type=False))
    statement = statement.where(table.one_id.in_((one, other)), table.other_id.in_((one, other)), table.id != row.id)
    found = uow.session.execute(statement.order_by(record_table.c.id)).mappings()
    rows = (query.read_row(uow, record_type, line, wanted) for line in found)
    return [line for line in rows if same_statement(row.values, line.values)]
