"""How each database is asked for the records whose words a search names. Words are ours and always bound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Integer, Select, String, bindparam, cast, column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from crm.records.search.models import FULL, OPEN, SearchDoc
from crm.records.search.tokens import Clause, Search, Term

_fts: Final = table("search_fts", column("rowid", Integer), column("search_fts", String))
_doc: Final = SearchDoc.__table__
_vector: Final = column("vector", TSVECTOR, _selectable=_doc)


def found_records(dialect: str, full_types: Sequence[int] = ()) -> list[Select[Any]]:
    """Give selects of the ids of records that hold what is searched for: bind `index_query` to what that gives.

    Args:
        dialect: the database's name.
        full_types: types of which the full documents may be looked in, not only the open ones.
    """
    if dialect == "postgresql":
        condition = _vector.op("@@")(cast(bindparam("index_query", type_=String), TSQUERY))
        found = [select(_doc.c.record_id).where(condition, _doc.c.kind == OPEN)]
        full = select(_doc.c.record_id).where(condition, _doc.c.kind == FULL, _doc.c.type_id.in_(full_types))
        return [*found, full] if full_types else found
    condition = _fts.c.search_fts.op("MATCH")(bindparam("index_query", type_=String))
    found = [select(_fts.c.rowid.op(">>")(1).label("record_id")).where(condition, _fts.c.rowid.op("&")(1) == OPEN)]
    full = select(_doc.c.record_id).join_from(_fts, _doc, _doc.c.id == _fts.c.rowid)
    full = full.where(condition, _doc.c.kind == FULL, _doc.c.type_id.in_(full_types))
    return [*found, full] if full_types else found


def index_query(dialect: str, search: Search) -> str:
    """Word a search, which is not empty, for the database's index."""
    return postgresql_query(search) if dialect == "postgresql" else sqlite_query(search)


def sqlite_query(search: Search) -> str:
    """Word a search for FTS5."""

    def term(one: Term) -> str:
        star = "*" if one.prefix else ""
        ways = [f'"{" ".join([*one.words[:-1], last])}"{star}' for last in one.endings()]
        return ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"

    return _worded(search, term, " AND ", " OR ")


def postgresql_query(search: Search) -> str:
    """Word a search as a tsquery: its words as they stand, not parsed a second time."""

    def term(one: Term) -> str:
        star = ":*" if one.prefix else ""
        head = [f"'{word}'" for word in one.words[:-1]]
        ways = [" <-> ".join([*head, f"'{last}'{star}"]) for last in one.endings()]
        return f"({' | '.join(f'({way})' for way in ways)})"

    return _worded(search, term, " & ", " | ")


def _worded(search: Search, term: Callable[[Term], str], both: str, either: str) -> str:
    def clause(one: Clause) -> str:
        ways = [both.join(map(term, alternative)) for alternative in one]
        return ways[0] if len(ways) == 1 else f"({either.join(f'({way})' for way in ways)})"

    return both.join(map(clause, search.clauses))
