"""Searching: the records of all types that hold some words, best first, counted by type, and only what the actor may see.

Rights, trash and private records are conditions of the one statement, the same as of lists (`UnitOfWork.visible`), so that a count
never tells of what is hidden. What the index has not come to yet is found by its title.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, literal, or_, select, true, tuple_, union

from crm.kernel.text import slug, sort_key
from crm.records.bounds import row_condition
from crm.records.models import Change, ChangeCursor, record_table
from crm.records.query import Count
from crm.records.search.follow import READER
from crm.records.search.index import found_records
from crm.records.search.models import SearchState
from crm.records.search.shape import unreadable
from crm.records.search.tokens import Search, Term, read_search
from crm.records.types import RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: Where a record holds the words: its title begins with them, has them all, or they stand elsewhere.
_FIRST, _IN_TITLE, _IN_TEXT = 0, 1, 2
#: Records that one search looks at; what is more common is counted as "10,000+", like lists.
MOST: Final = 10_000
#: Changes that the index has not read yet, whose records are looked at by title.
MOST_PENDING: Final = 1_000
_record = record_table.c
_columns = (SearchState.type_id, SearchState.apart, SearchState.built, ChangeCursor.txid, ChangeCursor.change_id)
#: The state of every type, and whether the log has lines that the index has not come to: one query. On SQLite txid is always 0.
_STATES: Final = {
    dialect: select(*_columns, exists().where(unread).correlate(ChangeCursor).label("late")).join(
        ChangeCursor, ChangeCursor.reader == READER
    )
    for dialect, unread in (
        ("sqlite", Change.id > ChangeCursor.change_id),
        ("postgresql", tuple_(Change.txid, Change.id) > tuple_(ChangeCursor.txid, ChangeCursor.change_id)),
    )
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found. `in_title` says that its title alone holds all the words."""

    id: int
    type_key: str
    title: str
    state: str | None
    updated_at: datetime
    in_title: bool

    @property
    def url(self) -> str:
        """Where the record opens."""
        return f"/r/{self.id}/{slug(self.title)}"


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one type: some of it, and how much there is."""

    type: RecordType
    hits: tuple[Hit, ...]
    count: Count


@dataclass(frozen=True)
class _Looked:
    """Where each type is looked for: in the index, in its full documents too, or in titles alone."""

    covered: tuple[int, ...]
    full: tuple[int, ...]
    by_title: tuple[int, ...]
    #: How far the index has come in the log, when it has not come to its end.
    late_after: tuple[int, int] | None


def find(uow: UnitOfWork, text: str, *, each: int = 8, start: int = 0, types: Sequence[str] = ()) -> list[Group]:
    """Find records, two queries whatever is found.

    Args:
        uow: on whose behalf.
        text: what was typed: words, beginnings of words, "phrases".
        each: hits of each type.
        start: hits of each type that are passed over.
        types: keys of the types to look in; none for all that may be read.

    Returns:
        The types in which anything was found, in the order of the menu.
    """
    search = read_search(text)
    readable = [
        item for item in uow.registry.types.values() if uow.access.may("read", item.key) and (not types or item.key in types)
    ]
    if not search or not readable:
        return []
    rows = uow.session.execute(_statement(uow, search, text, readable, start, each)).all()
    capped = sum({row.type_id: row.number for row in rows}.values()) > MOST
    by_type: dict[int, list[Any]] = {}
    for row in rows:
        by_type.setdefault(row.type_id, []).append(row)
    return [_group(item, by_type[item.id], capped=capped) for item in readable if item.id in by_type]


def matching(uow: UnitOfWork, record_type: RecordType, text: str) -> ColumnElement[bool] | None:
    """Give the condition of a type's records that a search finds, for a list's own query; None when it names no word."""
    search = read_search(text)
    if not search:
        return None
    found, titled = _holds(uow, search, [record_type])
    return and_(_record.id.in_(select(found.c.record_id)), *titled)


def _group(record_type: RecordType, rows: Sequence[Any], *, capped: bool) -> Group:
    hits = tuple(Hit(row.id, record_type.key, row.title, row.state, row.updated_at, row.tier < _IN_TEXT) for row in rows)
    return Group(record_type, hits, Count(min(rows[0].number, MOST), capped))


def _statement(uow: UnitOfWork, search: Search, text: str, types: Sequence[RecordType], start: int, each: int) -> Select[Any]:
    """Give the best hits of each type, and how many the type has: one walk over what the index names.

    The walk is kept (`seen`), since counting and choosing the best would do it twice; window functions took four times as long.
    """
    whole = sort_key(text.strip('" '))
    begins = _record.title_sort.startswith(whole, autoescape=True)
    tier = case((begins, _FIRST), (_by_title(search, _record.title_sort), _IN_TITLE), else_=_IN_TEXT).label("tier")
    found, titled = _holds(uow, search, types)
    seen = (
        select(_record.id, _record.type_id, _record.updated_at, tier)
        .join_from(found, record_table, _record.id == found.c.record_id)
        .where(_record.deleted_at.is_(None), _may_see(uow, types), *titled)
        .limit(MOST + 1)
        .cte("seen")
        .prefix_with("MATERIALIZED", dialect="postgresql")
        .prefix_with("MATERIALIZED", dialect="sqlite")
    )
    counted = select(seen.c.type_id, func.count().label("number")).group_by(seen.c.type_id).cte("counted")
    best = select(seen.c.id).where(seen.c.type_id == counted.c.type_id).correlate(counted)
    best = best.order_by(seen.c.tier, seen.c.updated_at.desc(), seen.c.id.desc()).limit(each).offset(start)
    columns = (_record.id, _record.type_id, _record.title, _record.state, _record.updated_at, tier, counted.c.number)
    if uow.session.get_bind().dialect.name == "postgresql":
        top = best.lateral("top")
        chosen = select(*columns).select_from(counted.join(top, true()).join(record_table, _record.id == top.c.id))
    else:
        chosen = select(*columns).join_from(counted, record_table, _record.id.in_(best))
    return chosen.order_by(_record.type_id, tier, _record.updated_at.desc(), _record.id.desc())


def _may_see(uow: UnitOfWork, types: Sequence[RecordType]) -> ColumnElement[bool]:
    """The types, and of those that something bounds only the actor's rows: looked up hit by hit."""
    free = [item.id for item in types if uow.visible(item) is None]
    # A sum: else SQLite walks all records of the types, by their index, instead of the few that were found.
    parts: list[ColumnElement[bool]] = [(_record.type_id + 0).in_(free)] if free else []
    for item in types:
        if item.id in free:
            continue
        storage = uow.registry.storage(item.key)
        spine, own = record_table.alias(), None if storage.own is None else storage.own.alias()
        condition = row_condition(uow, item, "read", spine, own)
        rows = select(literal(1)).select_from(storage.source(spine, own)).where(spine.c.id == _record.id)
        parts.append(and_(_record.type_id == item.id, exists(rows if condition is None else rows.where(condition))))
    return or_(*parts)


def _holds(uow: UnitOfWork, search: Search, types: Sequence[RecordType]) -> tuple[Subquery, list[ColumnElement[bool]]]:
    """Give the ids of records that hold the words (`record_id`), whoever may see them, and what else must hold of the records."""
    looked = _look(uow, types)
    titled = _by_title(search, _record.title_sort)
    parts: list[Select[Any]] = []
    if looked.covered:
        parts += found_records(uow.session.get_bind().dialect.name, search, looked.full)
    if looked.by_title:
        parts.append(
            select(_record.id.label("record_id")).where(_record.type_id.in_(looked.by_title), _record.deleted_at.is_(None), titled)
        )
    if looked.late_after is not None:
        pending = _unread(uow, looked.late_after).subquery()
        parts.append(select(_record.id.label("record_id")).where(_record.id.in_(select(pending.c.record_id)), titled))
    found = (union(*parts) if len(parts) > 1 else parts[0]).subquery("found")
    # The index may hold texts of these that the actor may not read: they are found by their titles only.
    return found, [or_(_record.type_id.not_in(looked.by_title), titled)] if looked.by_title else []


def _unread(uow: UnitOfWork, cursor: tuple[int, int]) -> Select[Any]:
    """Give the records of the last changes that the index has not come to."""
    late = select(Change.record_id).order_by(Change.txid.desc(), Change.id.desc()).limit(MOST_PENDING)
    if uow.session.get_bind().dialect.name == "sqlite":
        return late.where(Change.id > cursor[1])
    return late.where(tuple_(Change.txid, Change.id) > tuple_(*(literal(part, Change.id.type) for part in cursor)))


def _look(uow: UnitOfWork, types: Sequence[RecordType]) -> _Looked:
    """Say where each type is looked for; one query."""
    states = {row.type_id: row for row in uow.session.execute(_STATES[uow.session.get_bind().dialect.name])}
    covered, full, by_title = [], [], []
    for item in types:
        state = states.get(item.id)
        hidden = unreadable(uow.access, item)
        if state is None or not state.built or not hidden <= frozenset(state.apart):
            by_title.append(item.id)
            continue
        covered.append(item.id)
        if state.apart and not hidden:
            full.append(item.id)
    late = next(((row.txid, row.change_id) for row in states.values() if row.late), None)
    return _Looked(tuple(covered), tuple(full), tuple(by_title), late)


def _by_title(search: Search, title: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a title has all the words; of several ways to write figures, one will do."""
    return and_(*(or_(*(and_(*(_begins(title, term) for term in way)) for way in clause)) for clause in search.clauses))


def _begins(title: ColumnElement[Any], term: Term) -> ColumnElement[bool]:
    """Whether a word of the title begins so; what follows it within a term stands behind a sign, anywhere."""
    first = term.endings() if len(term.words) == 1 else term.words[:1]
    keys = [sort_key(word) for word in first]
    ways = [title.startswith(key, autoescape=True) for key in keys]
    ways += [title.contains(f" {key}", autoescape=True) for key in keys]
    return and_(or_(*ways), *(title.contains(sort_key(word), autoescape=True) for word in term.words[1:]))
