"""What the search page shows: groups of hits with marked words, a count each, and the pages of one type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from crm.records.query import Count
from crm.records.search import Group, Hit, Snippet, find, marked, read_search, snippets
from crm.records.types import RecordType
from crm.records.work import UnitOfWork

#: Hits of each type on the page of all, and on a page of one.
EACH: Final = 8
PAGE: Final = 50
#: No search looks further (`records.search.reading.MOST`).
LAST_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A hit: its title in pieces (text, whether it is marked), and where else the words stand."""

    hit: Hit
    title: tuple[tuple[str, bool], ...]
    snippet: Snippet | None


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one type on this page. `url` shows all of them; `more` says that there are others."""

    type: RecordType
    lines: tuple[Line, ...]
    count: Count
    url: str
    more: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The page. `only` is the type that alone is shown."""

    text: str
    found: tuple[Found, ...]
    only: RecordType | None = None
    all_url: str = ""
    next_url: str | None = None
    previous_url: str | None = None


def search_url(text: str, type_key: str = "", page: int = 1) -> str:
    """Give the address of a search."""
    pairs = [("q", text), ("type", type_key), ("page", str(page) if page > 1 else "")]
    return f"/search?{urlencode([(name, value) for name, value in pairs if value])}"


def load(uow: UnitOfWork, text: str, type_key: str = "", page: int = 1) -> SearchPage:
    """Search, in all types or in one; a type that may not be read gives nothing, like one that does not exist.

    Raises:
        NotFound: there is no such type.
    """
    only = uow.registry.get(type_key) if type_key else None
    page = max(1, min(page, LAST_PAGE))
    size, start = (PAGE, PAGE * (page - 1)) if only is not None else (EACH, 0)
    groups = find(uow, text, each=size, start=start, types=[only.key] if only is not None else ())
    pieces = snippets(uow, text, groups)
    search = read_search(text)
    found = []
    for group in groups:
        lines = tuple(Line(hit, tuple(marked(hit.title, search)), pieces.get(hit.id)) for hit in group.hits)
        found.append(Found(group.type, lines, group.count, search_url(text, group.type.key), _goes_on(group, start)))
    more = only is not None and any(item.more for item in found) and page < LAST_PAGE
    return SearchPage(
        text,
        tuple(found),
        only,
        search_url(text),
        search_url(text, type_key, page + 1) if more else None,
        search_url(text, type_key, page - 1) if only is not None and page > 1 else None,
    )


def _goes_on(group: Group, start: int) -> bool:
    return group.count.number > start + len(group.hits)
