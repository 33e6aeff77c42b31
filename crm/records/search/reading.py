"""Searching: the records of all types that hold some words, best first, counted by type, and only what the actor may see.

Rights, trash and private records are conditions of the one statement, the same as of lists (`UnitOfWork.visible`), so that a count
never tells of what is hidden. What the index has not come to yet is found by its title.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, tuple_, union

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
_STATES: Final = select(SearchState.type_id, SearchState.apart, SearchState.built, ChangeCursor.txid, ChangeCursor.change_id).join(
    ChangeCursor, ChangeCursor.reader == READER
)


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
    cursor: tuple[int, int] | None


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
    statement = _statement(uow, search, text, readable)
    ranked = statement.subquery()
    wanted = select(ranked).where(ranked.c.place > start, ranked.c.place <= start + each)
    by_type: dict[int, list[Any]] = {}
    for row in uow.session.execute(wanted.order_by(ranked.c.type_id, ranked.c.place)):
        by_type.setdefault(row.type_id, []).append(row)
    return [_group(item, by_type[item.id]) for item in readable if item.id in by_type]


def matching(uow: UnitOfWork, record_type: RecordType, text: str) -> ColumnElement[bool] | None:
    """Give the condition of a type's records that a search finds, for a list's own query; None when it names no word."""
    search = read_search(text)
    return _holds(uow, search, [record_type]) if search else None


def _group(record_type: RecordType, rows: Sequence[Any]) -> Group:
    hits = tuple(Hit(row.id, record_type.key, row.title, row.state, row.updated_at, row.tier < _IN_TEXT) for row in rows)
    return Group(record_type, hits, Count(min(rows[0].number, MOST), capped=rows[0].total > MOST))


def _statement(uow: UnitOfWork, search: Search, text: str, types: Sequence[RecordType]) -> Select[Any]:
    """Give hits with their place among those of their type, best first, and how many there are."""
    columns = (_record.id, _record.type_id, _record.title, _record.title_sort, _record.state, _record.updated_at)
    where = (_holds(uow, search, types), _record.deleted_at.is_(None), _may_see(uow, types))
    seen = select(*columns).where(*where).limit(MOST + 1).subquery()
    whole = sort_key(text.strip('" '))
    begins = seen.c.title_sort.startswith(whole, autoescape=True)
    tier = case((begins, _FIRST), (_by_title(search, seen.c.title_sort), _IN_TITLE), else_=_IN_TEXT).label("tier")
    tiers = select(seen, tier).subquery()
    order = (tiers.c.tier, tiers.c.updated_at.desc(), tiers.c.id.desc())
    place = func.row_number().over(partition_by=tiers.c.type_id, order_by=order)
    number = func.count().over(partition_by=tiers.c.type_id)
    return select(tiers, place.label("place"), number.label("number"), func.count().over().label("total"))


def _may_see(uow: UnitOfWork, types: Sequence[RecordType]) -> ColumnElement[bool]:
    """The types, and of those that something bounds only the actor's rows: looked up hit by hit."""
    free = [item.id for item in types if uow.visible(item) is None]
    parts: list[ColumnElement[bool]] = [_record.type_id.in_(free)] if free else []
    for item in types:
        if item.id in free:
            continue
        storage = uow.registry.storage(item.key)
        spine, own = record_table.alias(), None if storage.own is None else storage.own.alias()
        condition = row_condition(uow, item, "read", spine, own)
        rows = select(literal(1)).select_from(storage.source(spine, own)).where(spine.c.id == _record.id)
        parts.append(and_(_record.type_id == item.id, exists(rows if condition is None else rows.where(condition))))
    return or_(*parts)


def _holds(uow: UnitOfWork, search: Search, types: Sequence[RecordType]) -> ColumnElement[bool]:
    """Give the condition of records that hold the words, whoever may see them."""
    looked = _look(uow, types)
    titled = _by_title(search, _record.title_sort)
    parts: list[Select[Any]] = []
    if looked.covered:
        parts += found_records(uow.session.get_bind().dialect.name, search, looked.full)
    if looked.by_title:
        parts.append(select(_record.id).where(_record.type_id.in_(looked.by_title), _record.deleted_at.is_(None), titled))
    if looked.cursor is not None:
        cursor = tuple_(*(literal(part, Change.id.type) for part in looked.cursor))
        late = select(Change.record_id).where(tuple_(Change.txid, Change.id) > cursor)
        pending = late.order_by(Change.txid.desc(), Change.id.desc()).limit(MOST_PENDING).subquery()
        parts.append(select(_record.id).where(_record.id.in_(select(pending.c.record_id)), titled))
    own = [part.correlate(None) for part in parts]
    found = _record.id.in_(union(*own) if len(own) > 1 else own[0])
    # The index may hold texts of these that the actor may not read: they are found by their titles only.
    return and_(found, or_(_record.type_id.not_in(looked.by_title), titled)) if looked.by_title else found


def _look(uow: UnitOfWork, types: Sequence[RecordType]) -> _Looked:
    """Say where each type is looked for; one query."""
    states = {row.type_id: row for row in uow.session.execute(_STATES)}
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
    cursor = next(((row.txid, row.change_id) for row in states.values()), None)
    return _Looked(tuple(covered), tuple(full), tuple(by_title), cursor)


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
