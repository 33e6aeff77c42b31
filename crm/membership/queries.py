"""Reads of memberships and of the catalogue: those of an organisation, and how an entry meets the criteria."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from crm.kernel.clock import local_day
from crm.membership.models import CatalogueAnswer, CatalogueEntry, Membership, MembershipType
from crm.membership.rules import STATUS_NAMES, Facts, Status, status_on
from crm.membership.types import ANSWERS, facts_of
from crm.membership.types.common import day_of, last_day_of
from crm.records import query
from crm.records.models import record_table
from crm.records.query import Row, Title, titles
from crm.records.types import Option, RecordType
from crm.records.work import UnitOfWork

#: The setting of the same name: what the screens show.
VIEW_SETTING: Final = "membership_view"
#: So many periods or entries of an organisation are shown, and so many criteria.
MOST: Final = 30
MOST_CRITERIA: Final = 100
_member: Final[Any] = Membership.__table__
_kind: Final[Any] = MembershipType.__table__
_entry: Final[Any] = CatalogueEntry.__table__
_answer: Final[Any] = CatalogueAnswer.__table__


def shows_memberships(uow: UnitOfWork) -> bool:
    """Whether the screens show memberships rather than the catalogue."""
    return bool(uow.settings.get(VIEW_SETTING) == "memberships")


def shows_catalogue(uow: UnitOfWork) -> bool:
    """Whether the screens show the catalogue rather than memberships."""
    return not shows_memberships(uow)


@dataclass(frozen=True, slots=True)
class MembershipLine:
    """A membership with what it is today; `facts` is None where something that the status hangs on may not be read."""

    row: Row
    facts: Facts | None
    by_rule: Status | None
    kind: Title | None = None

    @property
    def override(self) -> Status | None:
        """The status that was set by hand."""
        value = self.row.values.get("override")
        return None if value is None else Status(value)

    @property
    def status(self) -> Status | None:
        """What it is today: as set by hand, else by the rules of the day."""
        return self.override or self.by_rule

    @property
    def status_name(self) -> Any:
        """What the status is called."""
        return None if self.status is None else STATUS_NAMES[self.status]

    @property
    def start(self) -> date | None:
        """The first day."""
        return day_of(self.row.values.get("period"))

    @property
    def end(self) -> date | None:
        """The last day; None: open."""
        return last_day_of(self.row.values.get("period"))


def membership_line(uow: UnitOfWork, row: Row) -> MembershipLine:
    """Give one membership with what it is today."""
    kind_id = row.values.get("membership_type")
    days = uow.session.execute(select(_kind.c.new_days, _kind.c.grace_days).where(_kind.c.id == kind_id)).mappings().one_or_none()
    return _line(uow, row, days, titles(uow, [kind_id] if kind_id else []))


def memberships_of(uow: UnitOfWork, organisation_id: int) -> list[MembershipLine]:
    """Give an organisation's memberships that the actor may read: the latest first. Ask only about one that may be read."""
    record_type = uow.registry.get("membership")
    if not _tells(uow, record_type, "organisation"):
        return []
    wanted = query.readable_fields(uow, record_type)
    statement = uow.registry.storage(record_type.key).select(wanted).add_columns(_kind.c.new_days, _kind.c.grace_days)
    statement = statement.join(_kind, _kind.c.id == _member.c.membership_type_id)
    statement = statement.where(*query.live(uow, record_type, by_type=False), _member.c.organisation_id == organisation_id)
    found = uow.session.execute(statement.order_by(_member.c.id.desc()).limit(MOST)).mappings().all()
    rows = [(query.read_row(uow, record_type, _plain(row), wanted), row) for row in found]
    names = titles(uow, {row.values["membership_type"] for row, _ in rows if row.values.get("membership_type")})
    lines = [_line(uow, row, days, names) for row, days in rows]
    return sorted(lines, key=lambda line: (line.start or date.min, line.row.id), reverse=True)


def _plain(row: Mapping[Any, Any]) -> dict[Any, Any]:
    """Give a row without the columns that were added to it: the reader goes by position."""
    return {name: value for name, value in row.items() if name not in {"new_days", "grace_days"}}


def _line(uow: UnitOfWork, row: Row, days: Mapping[Any, Any] | None, names: Mapping[int, Title]) -> MembershipLine:
    told = {"period", "joined", "cancelled", "override", "status"} <= row.values.keys()
    facts = facts_of(row.values, dict(days or {})) if told else None
    by_rule = None if facts is None else status_on(facts, uow.today())
    return MembershipLine(row, facts, by_rule, names.get(row.values.get("membership_type") or 0))


def has_later(uow: UnitOfWork, values: Mapping[str, Any], end: date) -> bool:
    """Whether the member has a membership of the same secretariat that begins after a day, whoever may see it."""
    columns = (record_table.c.starts_at, _member.c.secretariat_id)
    statement = select(*columns).join(_member, _member.c.id == record_table.c.id)
    live = (record_table.c.deleted_at.is_(None), record_table.c.starts_at.is_not(None))
    rows = uow.session.execute(statement.where(_member.c.organisation_id == values["organisation"], *live))
    return any(row.secretariat_id == values["secretariat"] and local_day(row.starts_at, uow.zone) > end for row in rows)


def _tells(uow: UnitOfWork, record_type: RecordType, field: str) -> bool:
    """Whether the actor may read a type, and the field that says whose its records are."""
    readable = uow.access.readable(record_type.key)
    return uow.access.may("read", record_type.key) and (readable is None or field in readable)


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion and how an entry meets it; `answer_id` is None while nobody has said."""

    row: Row
    answer_id: int | None = None
    answer: Option | None = None
    note: str = ""

    @property
    def number(self) -> int:
        """Its number."""
        return int(self.row.values.get("number") or 0)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A catalogue entry of an organisation, with how many criteria are met, partly met and not met, by the answer's key."""

    row: Row
    counts: Mapping[str, int]
    decided_at: Title | None = None

    @property
    def start(self) -> date | None:
        """Since when it stands in the catalogue."""
        return day_of(self.row.values.get("period"))

    @property
    def end(self) -> date | None:
        """Until when."""
        return last_day_of(self.row.values.get("period"))

    def holds_on(self, day: date) -> bool:
        """Whether it stood in the catalogue on a day."""
        return self.start is not None and self.start <= day and (self.end is None or day <= self.end)


def entries_of(uow: UnitOfWork, organisation_id: int) -> list[EntryLine]:
    """Give an organisation's catalogue entries that the actor may read: the latest first. Ask only about one that may be read."""
    record_type = uow.registry.get("catalogue_entry")
    if not _tells(uow, record_type, "organisation"):
        return []
    wanted = query.readable_fields(uow, record_type)
    statement = uow.registry.storage(record_type.key).select(wanted).where(*query.live(uow, record_type, by_type=False))
    statement = statement.where(_entry.c.organisation_id == organisation_id).order_by(_entry.c.id.desc()).limit(MOST)
    rows = [query.read_row(uow, record_type, row, wanted) for row in uow.session.execute(statement).mappings()]
    names = titles(uow, [row.values["decided_at"] for row in rows if row.values.get("decided_at")])
    counts = _counts(uow, [row.id for row in rows])
    lines = [EntryLine(row, counts.get(row.id, {}), names.get(row.values.get("decided_at") or 0)) for row in rows]
    return sorted(lines, key=lambda line: (line.start or date.min, line.row.id), reverse=True)


def _counts(uow: UnitOfWork, entry_ids: list[int]) -> dict[int, Counter[str]]:
    record_type = uow.registry.get("catalogue_answer")
    if not entry_ids or not _tells(uow, record_type, "entry") or not _tells(uow, record_type, "answer"):
        return {}
    source = uow.registry.storage(record_type.key).source()
    statement = select(_answer.c.entry_id, _answer.c.answer).select_from(source)
    statement = statement.where(*query.live(uow, record_type, by_type=False), _answer.c.entry_id.in_(entry_ids))
    found: dict[int, Counter[str]] = {}
    for row in uow.session.execute(statement):
        if row.answer is not None:
            found.setdefault(row.entry_id, Counter())[row.answer] += 1
    return found


def criteria_of(uow: UnitOfWork, entry_id: int) -> list[CriterionLine]:
    """Give the criteria in their order, each with how an entry meets it. Ask only about an entry that may be read."""
    if not uow.access.may("read", "catalogue_criterion"):
        return []
    readable = uow.access.readable("catalogue_criterion")
    sort = "number" if readable is None or "number" in readable else "title"
    criteria = query.list_page(uow, "catalogue_criterion", sort=sort, size=MOST_CRITERIA).rows
    answers = _answers(uow, entry_id)
    options = {option.key: option for option in ANSWERS}
    lines = []
    for row in criteria:
        given = answers.get(row.id)
        if given is None:
            lines.append(CriterionLine(row))
        else:
            answer = options.get(given.values.get("answer") or "")
            lines.append(CriterionLine(row, given.id, answer, given.values.get("note") or ""))
    return lines


def _answers(uow: UnitOfWork, entry_id: int) -> dict[int, Row]:
    """Give the answers about an entry that the actor may read, by the criterion's id."""
    record_type = uow.registry.get("catalogue_answer")
    if not _tells(uow, record_type, "entry") or not _tells(uow, record_type, "criterion"):
        return {}
    wanted = query.readable_fields(uow, record_type)
    statement = uow.registry.storage(record_type.key).select(wanted).where(*query.live(uow, record_type, by_type=False))
    rows = uow.session.execute(statement.where(_answer.c.entry_id == entry_id)).mappings()
    found = (query.read_row(uow, record_type, row, wanted) for row in rows)
    return {row.values["criterion"]: row for row in found}
