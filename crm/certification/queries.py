"""Reads of certificates: those of an organisation, and those that hold on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import or_, select

from crm.certification.models import Certificate
from crm.certification.rules import LEVELS, RANK, STATUS_NAMES, Status
from crm.certification.types.deriving import day_in, status_of
from crm.kernel.i18n import Label
from crm.kernel.text import slug
from crm.records import query
from crm.records.models import record_table
from crm.records.query import Row
from crm.records.work import UnitOfWork

_own: Final[Any] = Certificate.__table__
#: So many of an organisation's certificates are shown; one every third year is ten in thirty years.
MOST: Final = 30
#: What tells that a label is held: who may not read all of it is not told.
_TELLING: Final = frozenset({"organisation", "level", "valid_from", "valid_until"})


@dataclass(frozen=True, slots=True)
class Held:
    """The label that an organisation holds on a day: the highest that is in force."""

    organisation_id: int
    certificate_id: int
    level: str
    valid_until: date
    title: str = ""

    @property
    def level_name(self) -> Label:
        """The level's name."""
        return LEVELS[self.level]

    @property
    def url(self) -> str:
        """Where the certificate opens."""
        return f"/r/{self.certificate_id}/{slug(self.title)}"


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate as it stands in a list of an organisation's, with what it is today."""

    row: Row
    status: Status | None

    @property
    def level_name(self) -> Label | None:
        """The level's name, if it may be read."""
        return LEVELS.get(str(self.row.values.get("level")))

    @property
    def status_name(self) -> Label | None:
        """What the status is called."""
        return None if self.status is None else STATUS_NAMES[self.status]

    def day(self, name: str) -> date | None:
        """Give a day of it, or None where it has none or it may not be read."""
        return day_in(self.row.values, name)


def certificates_on(uow: UnitOfWork, organisation_ids: Collection[int], day: date) -> dict[int, Held]:
    """Give the label that each of some organisations holds on a day, by the organisation's id: one statement.

    A day in the past is answered by what is known today: a renewal that was assessed late holds without a gap.
    """
    record_type = uow.registry.get("certificate")
    readable = uow.access.readable(record_type.key)
    if not organisation_ids or not uow.access.may("read", record_type.key) or (readable is not None and not readable >= _TELLING):
        return {}
    columns = (_own.c.organisation_id, _own.c.level, _own.c.valid_until, record_table.c.id, record_table.c.title)
    in_force = (
        _own.c.organisation_id.in_(sorted(organisation_ids)),
        _own.c.valid_from <= day,
        _own.c.valid_until >= day,
        or_(_own.c.superseded_on.is_(None), _own.c.superseded_on > day),
    )
    statement = select(*columns).join(record_table, record_table.c.id == _own.c.id)
    found: dict[int, Held] = {}
    for row in uow.session.execute(statement.where(*query.live(uow, record_type, by_type=False), *in_force)):
        known = found.get(row.organisation_id)
        if known is None or (RANK[row.level], row.valid_until) > (RANK[known.level], known.valid_until):
            found[row.organisation_id] = Held(row.organisation_id, row.id, row.level, row.valid_until, row.title)
    return found


def certificates_of(uow: UnitOfWork, organisation_id: int) -> list[CertificateLine]:
    """Give an organisation's certificates that the actor may read, with their status today: the latest first.

    Ask only about organisations that may be read.
    """
    record_type = uow.registry.get("certificate")
    readable = uow.access.readable(record_type.key)
    if not uow.access.may("read", record_type.key) or (readable is not None and "organisation" not in readable):
        return []
    wanted = query.readable_fields(uow, record_type)
    statement = uow.registry.storage(record_type.key).select(wanted).where(*query.live(uow, record_type, by_type=False))
    statement = statement.where(_own.c.organisation_id == organisation_id).order_by(_own.c.assessed.desc(), _own.c.id.desc())
    rows = [query.read_row(uow, record_type, row, wanted) for row in uow.session.execute(statement.limit(MOST)).mappings()]
    return [CertificateLine(row, _status(uow, row.values)) for row in rows]


def _status(uow: UnitOfWork, values: Mapping[str, Any]) -> Status | None:
    """Give the status by the day; None where it, or what it hangs on, may not be read."""
    if not {"status", "valid_until", "renew_by", "superseded_on"} <= values.keys():
        return None
    return status_of(values, uow.today(), uow.settings)
