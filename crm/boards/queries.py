"""Reads of the meeting work."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.boards.models import Mandate
from crm.records.models import record_table
from crm.security.actors import MandateSpan


def mandates_of(session: Session, person_id: int) -> tuple[MandateSpan, ...]:
    """Give all seats of a person, past and to come ones too: what the scope *board* asks for."""
    seats = Mandate.__table__
    rows = session.execute(
        select(seats.c.board_id, record_table.c.starts_at, record_table.c.ends_at)
        .join(record_table, record_table.c.id == seats.c.id)
        .where(seats.c.person_id == person_id, record_table.c.deleted_at.is_(None))
        .order_by(seats.c.id)
    )
    return tuple(MandateSpan(row.board_id, _day(row.starts_at), _day(row.ends_at)) for row in rows)


def _day(moment: datetime | None) -> date | None:
    """Give the day that an all-day column stands for: it holds the office's midnight, so noon UTC of that day is near."""
    return None if moment is None else (moment + timedelta(hours=12)).date()
