"""Where a record holds what was searched for: a piece of a text that the actor may read, with the words marked.

Made from the records as they are now, read with the actor's field rights; never from the index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from crm.kernel.i18n import N_, Label, Message
from crm.records.models import record_table
from crm.records.query import readable_fields
from crm.records.search.models import SearchPart
from crm.records.search.reading import Group
from crm.records.search.shape import searched_fields
from crm.records.search.tokens import Search, hits, marked, read_search
from crm.records.search.writing import field_texts, is_title
from crm.records.types import RecordType

if TYPE_CHECKING:
    from crm.records.work import UnitOfWork

LENGTH: Final = 160
BEFORE: Final = 50
SOURCES: Final[dict[str, Message]] = {"comment": N_("Comment"), "file": N_("File")}
Words = Label | Message


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text: of which field, and cut into (piece, whether it is a hit)."""

    label: Words
    pieces: tuple[tuple[str, bool], ...]


def snippets(uow: UnitOfWork, text: str, groups: Sequence[Group]) -> dict[int, Snippet]:
    """Give a snippet for each hit whose title does not say why it was found: one query a type, and one for other texts."""
    search = read_search(text)
    found: dict[int, Snippet] = {}
    wanted = {hit.id: group.type for group in groups for hit in group.hits if not hit.in_title}
    if not wanted:
        return found
    parts = _parts(uow, wanted)
    for group in groups:
        record_type, ids = group.type, [hit.id for hit in group.hits if hit.id in wanted]
        if not ids:
            continue
        for record_id, texts in _texts(uow, record_type, ids):
            best = _best([*texts, *parts.get(record_id, ())], search)
            if best is not None:
                found[record_id] = best
    return found


def _texts(uow: UnitOfWork, record_type: RecordType, ids: Sequence[int]) -> Iterable[tuple[int, list[tuple[Words, str]]]]:
    known = {item.api_name for item in searched_fields(record_type)}
    fields = tuple(item for item in readable_fields(uow, record_type) if item.api_name in known and not is_title(item))
    storage = uow.registry.storage(record_type.key)
    read = storage.reader(fields)
    for cells in uow.session.execute(storage.select(fields).where(record_table.c.id.in_(ids))):
        texts = field_texts(fields, read(cells, uow.zone))
        yield cells.id, [(record_type.by_name[name].label, text) for name, text in texts if name is not None]


def _parts(uow: UnitOfWork, wanted: dict[int, RecordType]) -> dict[int, list[tuple[Words, str]]]:
    part = SearchPart.__table__.c
    columns = (part.record_id, part.source, part.field, part.text)
    rows = uow.session.execute(select(*columns).where(part.record_id.in_(wanted)).order_by(part.source, part.ref_id.desc()))
    found: dict[int, list[tuple[Words, str]]] = {}
    for row in rows:
        allowed = uow.access.readable(wanted[row.record_id].key)
        if row.field is None or allowed is None or row.field in allowed:
            found.setdefault(row.record_id, []).append((SOURCES.get(row.source, SOURCES["file"]), row.text))
    return found


def _best(texts: Sequence[tuple[Words, str]], search: Search) -> Snippet | None:
    """Take the text that holds most different words of the search, the first of equals."""
    best: Snippet | None = None
    most = 0
    for label, text in texts:
        line = " ".join(text.split())
        spots = hits(line, search)
        number = len({line[start:end].casefold() for start, end in spots})
        if number > most:
            most, best = number, Snippet(label, _cut(line, spots[0][0], search))
    return best


def _cut(line: str, at: int, search: Search) -> tuple[tuple[str, bool], ...]:
    """Cut a line around its first hit, at spaces."""
    start = 0 if at <= BEFORE else line.rfind(" ", 0, at - BEFORE // 2) + 1 or at
    end = len(line) if start + LENGTH >= len(line) else max(line.rfind(" ", start, start + LENGTH), at + 1)
    piece = f"{'… ' if start else ''}{line[start:end]}{' …' if end < len(line) else ''}"
    return tuple(marked(piece, search))
