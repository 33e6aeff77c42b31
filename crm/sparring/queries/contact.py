"""Whom we have not talked with: catalogue clusters without a sparring, an event or a board meeting for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, func, or_, select, union_all

from crm.boards.lifecycle import AFTER_HELD
from crm.boards.models import Mandate, Meeting
from crm.events.models import Participation
from crm.events.rules import ATTENDED
from crm.filters import Condition
from crm.kernel.clock import day_start, local_day
from crm.membership.models import CatalogueEntry
from crm.records.models import RecordLink, record_table
from crm.records.query import Title, matching_ids

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

_entry: Final[Any] = CatalogueEntry.__table__
_link: Final[Any] = RecordLink.__table__
_part: Final[Any] = Participation.__table__
_seat: Final[Any] = Mandate.__table__
_meeting: Final[Any] = Meeting.__table__
#: What must be readable for a contact to be told.
NEEDED: Final = ("organisation", "catalogue_entry", "sparring", "participation", "event", "meeting", "mandate")
CLUSTER: Final = Condition("kind", "is", "cluster")


@dataclass(frozen=True, slots=True)
class Quiet:
    """A cluster that we have not talked with for a while, and the day of the last contact that is known."""

    cluster: Title
    last: date | None


def may_tell(uow: UnitOfWork) -> bool:
    """Whether the actor may read all that a contact is known from."""
    return all(uow.access.may("read", key) for key in NEEDED)


def quiet_clusters(uow: UnitOfWork, days: int) -> list[Quiet]:
    """Give the clusters of the catalogue without contact for some days, the longest silence first: one query.

    A contact is a sparring that the actor may see, an event that somebody from there attended, or a board meeting that was held
    and where the cluster has a seat. What lies ahead is none.
    """
    contacts = _contacts(uow).subquery()
    latest = (
        select(contacts.c.organisation_id, func.max(contacts.c.at).label("last")).group_by(contacts.c.organisation_id).subquery()
    )
    since = day_start(uow.today() - timedelta(days=days), uow.zone)
    statement = (
        select(record_table.c.id, record_table.c.title, record_table.c.state, latest.c.last)
        .select_from(record_table.outerjoin(latest, latest.c.organisation_id == record_table.c.id))
        .where(record_table.c.id.in_(matching_ids(uow, "organisation", CLUSTER)), record_table.c.id.in_(_in_catalogue(uow)))
        .where(or_(latest.c.last.is_(None), latest.c.last < since))
        .order_by(latest.c.last.is_not(None), latest.c.last, record_table.c.title_sort)
    )
    return [_quiet(uow, row.id, row.title, row.state, row.last) for row in uow.session.execute(statement)]


def _quiet(uow: UnitOfWork, cluster_id: int, title: str, state: str | None, last: datetime | None) -> Quiet:
    return Quiet(Title(cluster_id, "organisation", title, state), None if last is None else local_day(last, uow.zone))


def _in_catalogue(uow: UnitOfWork) -> Select[Any]:
    """The organisations whose entry in the catalogue runs today; rows of the public catalogue are no entries of ours."""
    today = day_start(uow.today(), uow.zone)
    entry = record_table.alias()
    return (
        select(_entry.c.organisation_id)
        .join(entry, entry.c.id == _entry.c.id)
        .where(_entry.c.id.in_(matching_ids(uow, "catalogue_entry")))
        .where(or_(entry.c.starts_at.is_(None), entry.c.starts_at <= today))
        .where(or_(entry.c.ends_at.is_(None), entry.c.ends_at >= today))
    )


def _contacts(uow: UnitOfWork) -> Select[Any]:
    """Every contact until now, as organisation and moment."""
    sparring, event = record_table.alias(), record_table.alias()
    parts = (
        select(_link.c.to_id.label("organisation_id"), sparring.c.starts_at.label("at"))
        .join(sparring, sparring.c.id == _link.c.from_id)
        .where(_link.c.field == "organisations", sparring.c.id.in_(matching_ids(uow, "sparring"))),
        select(_part.c.organisation_id, event.c.starts_at)
        .join(event, event.c.id == _part.c.event_id)
        .where(_part.c.id.in_(matching_ids(uow, "participation", Condition("status", "is", ATTENDED)))),
        _board_meetings(uow),
    )
    every = union_all(*parts).subquery()
    return select(every).where(every.c.organisation_id.is_not(None), every.c.at <= uow.now())


def _board_meetings(uow: UnitOfWork) -> Select[Any]:
    """The meetings of boards that were held, for each organisation with a seat there on that day."""
    seat, meeting = record_table.alias(), record_table.alias()
    held = matching_ids(uow, "meeting", Condition("state", "in", AFTER_HELD))
    return (
        select(_seat.c.organisation_id, meeting.c.starts_at)
        .join(_meeting, _meeting.c.board_id == _seat.c.board_id)
        .join(meeting, meeting.c.id == _meeting.c.id)
        .join(seat, seat.c.id == _seat.c.id)
        .where(meeting.c.id.in_(held), seat.c.id.in_(matching_ids(uow, "mandate")))
        .where(or_(seat.c.starts_at.is_(None), seat.c.starts_at <= meeting.c.starts_at))
        .where(or_(seat.c.ends_at.is_(None), seat.c.ends_at >= meeting.c.starts_at))
    )
