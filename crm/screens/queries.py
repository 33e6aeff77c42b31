"""Reads of pages over all types: what the actor may do with a record."""

from __future__ import annotations

from sqlalchemy import select

from crm.records.models import record_table
from crm.records.types import RecordType
from crm.records.work import UnitOfWork


def may_do(uow: UnitOfWork, act: str, record_type: RecordType, record_id: int) -> bool:
    """Whether the actor may do an act on this very record; asks the database only where a scope bounds the right."""
    if not uow.access.may(act, record_type.key):
        return False
    condition = uow.visible(record_type, act)
    if condition is None:
        return True
    source = uow.registry.storage(record_type.key).source()
    statement = select(record_table.c.id).select_from(source).where(record_table.c.id == record_id, condition)
    return uow.session.scalar(statement) is not None
