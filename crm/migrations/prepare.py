"""What every database needs beside its tables: a number for each built-in type, the roles and their default grants.

Run after each upgrade; adds what is missing and changes nothing that is there.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.records.models import RecordTypeRow
from crm.security.defaults import seed_roles
from crm.security.models import PlatformState


def write_type_rows(session: Session, keys: Iterable[str]) -> int:
    """Give each built-in type a number of its own, kept for ever; gives how many were new."""
    present = set(session.scalars(select(RecordTypeRow.key)))
    number = session.scalar(select(func.max(RecordTypeRow.id))) or 0
    missing = [key for key in keys if key not in present]
    for key in missing:
        number += 1
        session.add(RecordTypeRow(id=number, key=key, source="builtin"))
    if missing:
        session.get_one(PlatformState, 1).registry_epoch += 1
    return len(missing)


def prepare(session: Session, type_keys: Iterable[str]) -> None:
    """Write what is missing."""
    write_type_rows(session, type_keys)
    seed_roles(session)
