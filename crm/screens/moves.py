"""Moving records on a board or in a calendar: what was done or refused, as JSON in the words of the one who acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from crm.kernel.errors import AccessDenied, Conflict, DomainError, InvalidInput, NotFound, RuleViolation
from crm.kernel.i18n import N_
from crm.records.models import record_table
from crm.records.query import Row
from crm.records.store import StaleRecord
from crm.records.store.references import visible_ids
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens.present import user_names

#: What a move may be answered with; anything else is a fault of ours and goes its ordinary way.
Refusals: Final = (InvalidInput, RuleViolation, Conflict, AccessDenied, NotFound)
_STATUSES: Final[dict[type[DomainError], int]] = {InvalidInput: 422, RuleViolation: 422, Conflict: 409, NotFound: 404}


def refusal(error: DomainError, locale: str) -> tuple[dict[str, Any], int]:
    """Word a refusal: the first of what is wrong, since a move changes one thing."""
    message = next(iter(error.fields.values())) if isinstance(error, InvalidInput) and error.fields else error.message
    status = next((code for kind, code in _STATUSES.items() if isinstance(error, kind)), 403)
    return {"refused": message(locale)}, status


def overtaken(uow: UnitOfWork, stale: StaleRecord, locale: str) -> tuple[dict[str, Any], int]:
    """Word a move that came too late: who was first."""
    writer = uow.session.scalar(select(record_table.c.updated_by).where(record_table.c.id == stale.record_id))
    name = None if writer is None else user_names(uow, [writer]).get(writer)
    if name is None:
        return refusal(stale, locale)
    return {"refused": N_("%(name)s has moved it in the meantime. Reload to see where it is.", name=name)(locale)}, 409


def may_write(uow: UnitOfWork, record_type: RecordType, field: Field) -> bool:
    """Whether the actor may change this field on at least some records of the type."""
    if field.read_only or not uow.access.may("update", record_type.key):
        return False
    writable = uow.access.writable("update", record_type.key)
    return writable is None or field.api_name in writable


def movable_ids(uow: UnitOfWork, record_type: RecordType, rows: Sequence[Row], act: str = "update") -> set[int]:
    """Give those of some rows that the actor may do an act on: one query where a scope bounds it, else none."""
    return visible_ids(uow, {row.id: {"type": record_type.key} for row in rows}, act) if rows else set()


def undo_url(uow: UnitOfWork) -> str | None:
    """Give where the act of this unit of work is taken back; None when nothing was written."""
    return f"/acts/{uow.act.id}/undo" if uow.act.written else None
