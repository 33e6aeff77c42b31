"""The one statement of a search. It is put together once for a kind of search and of rights, and kept: what is typed is bound.

Putting it together costs several times what the database takes to answer it for a rare word.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union,
)

from crm.kernel.text import sort_key
from crm.records.bounds import row_condition
from crm.records.models import Change, record_table
from crm.records.search.index import found_records, index_query
from crm.records.search.tokens import Search, Term
from crm.records.types import RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

#: Where a record holds the words: its title begins with them, has them all, or they stand elsewhere.
FIRST, IN_TITLE, IN_TEXT = 0, 1, 2
#: Records that one search looks at; what is more common is counted as "10,000+", like lists.
MOST: Final = 10_000
#: Changes that the index has not read yet, whose records are looked at by title.
MOST_PENDING: Final = 1_000
_record = record_table.c


@dataclass(frozen=True, slots=True)
class Looked:
    """Where each type is looked for: in the index, in its full documents too, or in titles alone. Types by id."""

    covered: tuple[int, ...]
    full: tuple[int, ...]
    by_title: tuple[int, ...]
    #: Whether the log has lines that the index has not come to: their records are looked at by title.
    late: bool


def kept_statement(uow: UnitOfWork, search: Search, types: Sequence[RecordType], looked: Looked) -> Select[Any]:
    """Give the statement that `parameters` fits, from those put together before."""
    rights = tuple(uow.access.scopes("read", key) for key in uow.registry.types)
    who: Hashable = (uow.actor, uow.access.everything, uow.today(), rights)
    key = ("search", who, tuple(item.id for item in types), looked, _shape(search))
    return uow.registry.storage(types[0].key).kept(key, lambda: _statement(uow, search, types, looked))


def parameters(dialect: str, search: Search, text: str, cursor: tuple[int, int]) -> dict[str, Any]:
    """Give what is bound: the query of the index, patterns for titles, and how far the index has come."""
    found: dict[str, Any] = {"index_query": index_query(dialect, search), "txid": cursor[0], "change_id": cursor[1]}
    found["whole"] = f"{_escaped(sort_key(text.strip(chr(34) + ' ')))}%"
    for number, term in enumerate(search.terms()):
        for place, word in enumerate(_first_words(term)):
            key = _escaped(sort_key(word))
            found |= {f"begins_{number}_{place}": f"{key}%", f"inside_{number}_{place}": f"% {key}%"}
        for place, word in enumerate(term.words[1:]):
            found[f"follows_{number}_{place}"] = f"%{_escaped(sort_key(word))}%"
    return found


def _escaped(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _first_words(term: Term) -> Sequence[str]:
    return term.endings() if len(term.words) == 1 else term.words[:1]


def _shape(search: Search) -> Hashable:
    """Say what searches have alike whose words differ."""
    return tuple(
        tuple(tuple((len(_first_words(term)), len(term.words)) for term in way) for way in clause) for clause in search.clauses
    )


def _statement(uow: UnitOfWork, search: Search, types: Sequence[RecordType], looked: Looked) -> Select[Any]:
    """Give the best hits of each type, and how many the type has: one walk over what the index names.

    The walk is kept (`seen`), since counting and choosing the best would do it twice; window functions took four times as long.
    """
    postgresql = uow.session.get_bind().dialect.name == "postgresql"
    begins = _like(_record.title_sort, "whole")
    tier = case((begins, FIRST), (_by_title(search), IN_TITLE), else_=IN_TEXT).label("tier")
    found, titled = _holds(uow, search, looked)
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
    best = best.order_by(seen.c.tier, seen.c.updated_at.desc(), seen.c.id.desc())
    best = best.limit(bindparam("each", type_=Integer)).offset(bindparam("start", type_=Integer))
    columns = (_record.id, _record.type_id, _record.title, _record.state, _record.updated_at, tier, counted.c.number)
    if postgresql:
        top = best.lateral("top")
        chosen = select(*columns).select_from(counted.join(top, true()).join(record_table, _record.id == top.c.id))
    else:
        chosen = select(*columns).join_from(counted, record_table, _record.id.in_(best))
    return chosen.order_by(_record.type_id, tier, _record.updated_at.desc(), _record.id.desc())


def _may_see(uow: UnitOfWork, types: Sequence[RecordType]) -> ColumnElement[bool]:
    """The types, and of those that something bounds only the actor's rows: looked up hit by hit."""
    free = [item.id for item in types if uow.visible(item) is None]
    # A sum: else SQLite walks all records of the types, by their index, instead of the few that were found. PostgreSQL needs the
    # plain column, or takes the types for rare.
    type_id = _record.type_id + 0 if uow.session.get_bind().dialect.name == "sqlite" else _record.type_id
    parts: list[ColumnElement[bool]] = [type_id.in_(free)] if free else []
    for item in types:
        if item.id in free:
            continue
        storage = uow.registry.storage(item.key)
        spine, own = record_table.alias(), None if storage.own is None else storage.own.alias()
        condition = row_condition(uow, item, "read", spine, own)
        rows = select(literal(1)).select_from(storage.source(spine, own)).where(spine.c.id == _record.id)
        parts.append(and_(_record.type_id == item.id, exists(rows if condition is None else rows.where(condition))))
    return or_(*parts)


def _holds(uow: UnitOfWork, search: Search, looked: Looked) -> tuple[FromClause, list[ColumnElement[bool]]]:
    """Give the ids of records that hold the words (`record_id`), whoever may see them, and what else must hold of the records."""
    dialect = uow.session.get_bind().dialect.name
    titled = _by_title(search)
    parts: list[Select[Any]] = []
    if looked.covered:
        parts += found_records(dialect, looked.full)
    if looked.by_title:
        live = (_record.type_id.in_(looked.by_title), _record.deleted_at.is_(None))
        parts.append(select(_record.id.label("record_id")).where(*live, titled))
    if looked.late:
        pending = _unread(dialect).subquery()
        parts.append(select(_record.id.label("record_id")).where(_record.id.in_(select(pending.c.record_id)), titled))
    ids = union(*parts) if len(parts) > 1 else parts[0]
    # PostgreSQL first takes what the index names, whatever it thinks of a query that it does not know yet (a prepared statement).
    found = ids.subquery("found") if dialect == "sqlite" else ids.cte("found").prefix_with("MATERIALIZED")
    # The index may hold texts of these that the actor may not read: they are found by their titles only.
    return found, [or_(_record.type_id.not_in(looked.by_title), titled)] if looked.by_title else []


def _unread(dialect: str) -> Select[Any]:
    """Give the records of the last changes that the index has not come to. On SQLite txid is always 0."""
    txid, change_id = bindparam("txid", type_=Change.txid.type), bindparam("change_id", type_=Change.id.type)
    late = select(Change.record_id).order_by(Change.txid.desc(), Change.id.desc()).limit(MOST_PENDING)
    return late.where(Change.id > change_id if dialect == "sqlite" else tuple_(Change.txid, Change.id) > tuple_(txid, change_id))


def _by_title(search: Search) -> ColumnElement[bool]:
    """Whether a title has all the words; of several ways to write figures, one will do."""
    numbers = {id(term): number for number, term in enumerate(search.terms())}
    return and_(*(or_(*(and_(*(_begins(term, numbers[id(term)]) for term in way)) for way in clause)) for clause in search.clauses))


def _begins(term: Term, number: int) -> ColumnElement[bool]:
    """Whether a word of the title begins so; what follows it within a term stands behind a sign, anywhere."""
    title = _record.title_sort
    ways = [_like(title, f"{where}_{number}_{place}") for place in range(len(_first_words(term))) for where in ("begins", "inside")]
    return and_(or_(*ways), *(_like(title, f"follows_{number}_{place}") for place in range(len(term.words) - 1)))


def _like(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column.like(bindparam(name, type_=String), escape="/")
