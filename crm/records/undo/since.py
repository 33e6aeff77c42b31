"""Who changed something since: what undo says about what it leaves alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from crm.records.changes import UNDO
from crm.records.models import Act, Change, ChangeValue
from crm.records.undo.past import Past
from crm.security.models import user_table

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Since:
    """A later change: whose, and when (UTC)."""

    who: str
    at: datetime


def _later(past: Past) -> Select[Any]:
    """Give the select of later changes of the same record, the last first."""
    return (
        select(Change.at, Change.kind, ChangeValue.patch, Act.system, Act.cause, user_table.c.first_name, user_table.c.last_name)
        .join(Act, Act.id == Change.act_id)
        .outerjoin(ChangeValue, ChangeValue.change_id == Change.id)
        .outerjoin(user_table, user_table.c.id == Change.actor_id)
        .where(Change.record_id == past.record_id, Change.id > past.change_id)
        .order_by(Change.id.desc())
    )


def _told(row: Any) -> Since:
    name = f"{row.first_name} {row.last_name}".strip() if row.first_name is not None else f"Klynge ({row.system or row.cause})"
    return Since(name, row.at)


def last_change(uow: UnitOfWork, past: Past, names: Collection[str]) -> Since | None:
    """Give the last later change of one of some fields; of the record itself (trash and back) without names."""
    for row in uow.session.execute(_later(past)):
        touched = row.patch or {}
        if any(name in touched for name in names) or (not names and row.kind in {"delete", "restore"}):
            return _told(row)
    return None


def changed_by_others(uow: UnitOfWork, past: Past) -> Since | None:
    """Give the last later change by another user; what the product itself did, or undid, does not count."""
    others = _later(past).where(Change.actor_id.is_not(None), Act.cause != UNDO)
    if past.actor_id is not None:
        others = others.where(Change.actor_id != past.actor_id)
    row = uow.session.execute(others.limit(1)).first()
    return None if row is None else _told(row)
