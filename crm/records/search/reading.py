"""Searching: the records of all types that hold some words, best first, counted by type, and only what the actor may see.

Rights, trash and private records are conditions of the one statement, the same as of lists (`UnitOfWork.visible`), so that a count
never tells of what is hidden. What the index has not come to yet is found by its title.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from crm.kernel.text import slug
from crm.records.models import Change, ChangeCursor
from crm.records.query import Count
from crm.records.search.follow import READER
from crm.records.search.models import SearchState
from crm.records.search.shape import unreadable
from crm.records.search.statement import IN_TEXT, MOST, Looked, kept_statement, parameters
from crm.records.search.tokens import read_search
from crm.records.types import RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

_newest = select(Change.txid, Change.id).order_by(Change.txid.desc(), Change.id.desc()).limit(1)
#: The state of every type, how far the index has come in the log, and the log's newest line, by its index: one query.
_STATES: Final = select(
    SearchState.type_id,
    SearchState.apart,
    SearchState.built,
    ChangeCursor.txid,
    ChangeCursor.change_id,
    _newest.with_only_columns(Change.txid).scalar_subquery().label("last_txid"),
    _newest.with_only_columns(Change.id).scalar_subquery().label("last_id"),
).join(ChangeCursor, ChangeCursor.reader == READER)


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
    looked, cursor = _look(uow, readable)
    bound = parameters(uow.session.get_bind().dialect.name, search, text, cursor)
    statement = kept_statement(uow, search, readable, looked)
    rows = uow.session.connection().execute(statement, {**bound, "start": start, "each": each}).all()
    capped = sum({row.type_id: row.number for row in rows}.values()) > MOST
    by_type: dict[int, list[Any]] = {}
    for row in rows:
        by_type.setdefault(row.type_id, []).append(row)
    return [_group(item, by_type[item.id], capped=capped) for item in readable if item.id in by_type]


def _group(record_type: RecordType, rows: Sequence[Any], *, capped: bool) -> Group:
    hits = tuple(Hit(row.id, record_type.key, row.title, row.state, row.updated_at, row.tier < IN_TEXT) for row in rows)
    return Group(record_type, hits, Count(min(rows[0].number, MOST), capped))


def _look(uow: UnitOfWork, types: Sequence[RecordType]) -> tuple[Looked, tuple[int, int]]:
    """Say where each type is looked for, and how far the index has come in the log; one query."""
    states = {row.type_id: row for row in uow.session.connection().execute(_STATES)}
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
    one = next(iter(states.values()), None)
    cursor = (0, 0) if one is None else (one.txid, one.change_id)
    late = one is not None and one.last_id is not None and (one.last_txid, one.last_id) > cursor
    return Looked(tuple(covered), tuple(full), tuple(by_title), late), cursor
