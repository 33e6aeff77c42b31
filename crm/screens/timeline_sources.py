"""The one timeline of a record: sources of lines, each paged by its own index, merged newest first.

A source gives lines older than a place of its own, so that no line is skipped or shown twice however many come in between.
A feature adds its own: `register_source("files", N_("Files"), load_files, template="files/_timeline_line.html")`.
"""

from __future__ import annotations

import base64
import binascii
import heapq
import json
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Exists

from crm.kernel.i18n import Label, Message
from crm.records import attached
from crm.records.models import MAX_ID
from crm.records.query import Row
from crm.records.work import UnitOfWork

#: Lines that one page of the timeline shows.
PAGE: Final = 15


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline.

    Attributes:
        id: the line's place within its source: older lines have smaller ones.
        at: when it happened, in UTC.
        line: what the source's template shows, as `line`.
        source: the source's key; set when it is merged.
    """

    id: int
    at: datetime
    line: Any
    source: str = ""


#: Gives at most `limit` of a record's lines that are older than the place `before` (None: the newest), newest first, by an index.
Load = Callable[[UnitOfWork, Row, int | None, int], Sequence[Entry]]
#: Words the lines that made it onto the page, in one language: gives what the template shows, in the same order.
Present = Callable[[UnitOfWork, Row, Sequence[Entry], str], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of line. `log_kinds` are kinds of changes that this source shows better than the log does.

    `some` tells of the record bound as `record_id` whether it may have any such line.
    """

    key: str
    label: Label | Message
    load: Load
    template: str
    present: Present | None = None
    position: int = 50
    log_kinds: tuple[str, ...] = ()
    some: Exists | None = None


_sources: dict[str, Source] = {}


def register_source(
    key: str,
    label: Label | Message,
    load: Load,
    *,
    template: str,
    present: Present | None = None,
    position: int = 50,
    log_kinds: Sequence[str] = (),
    some: Exists | None = None,
) -> None:
    """Add a kind of line to every record's timeline; one of the same key is replaced.

    Args:
        key: its name in the address (`tl=files`).
        label: what its chip says.
        load: reads it; rights beyond the record's own are its business.
        template: draws one `<li>` from `line` (and `row`, `entry`).
        present: words the lines of a page at once, so that names are read in one go.
        position: where its chip stands.
        log_kinds: kinds of changes that it shows instead of the log.
        some: whether the record bound as `record_id` may have any: asked for all sources in one query, and only those that
            have something are loaded. A source without it is always loaded.
    """
    _sources[key] = Source(key, label, load, template, present, position, tuple(log_kinds), some)
    if some is not None:
        attached.register(_question(key), some)


def _question(key: str) -> str:
    return f"timeline.{key}"


def sources() -> list[Source]:
    """Give all kinds of lines in the order of their chips."""
    return sorted(_sources.values(), key=lambda source: (source.position, source.key))


def shown_elsewhere() -> list[str]:
    """Give the kinds of changes that a source of their own shows."""
    return sorted({kind for source in _sources.values() for kind in source.log_kinds})


def filled_sources(uow: UnitOfWork, record_id: int) -> frozenset[str]:
    """Give the kinds of lines that a record may have; it tells nothing of which of them the actor may see."""
    there = attached.attached(uow, record_id)
    return frozenset(source.key for source in sources() if source.some is None or _question(source.key) in there)


#: How far a reader has come in each source, by its key; 0 where there is nothing more.
Places = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Merged:
    """A page of the timeline: its entries as their sources loaded them, and where the next page begins (None: no more)."""

    entries: tuple[Entry, ...]
    places: Places | None = None
    templates: Mapping[str, str] = field(default_factory=dict)


def merge(
    uow: UnitOfWork, row: Row, kinds: Sequence[str], places: Places, limit: int = PAGE, filled: Container[str] | None = None
) -> Merged:
    """Read one page: from each source at most `limit` + 1 lines, the newest of all together.

    Args:
        uow: the transaction.
        row: the record.
        kinds: the chosen sources; none for all.
        places: how far the reader has come.
        limit: so many lines.
        filled: the sources that have anything, if it was asked.
    """
    wanted = [source for source in sources() if not kinds or source.key in kinds]
    loaded: dict[str, list[Entry]] = {}
    for source in wanted:
        before = places.get(source.key)
        nothing = before == 0 or (filled is not None and source.key not in filled)
        entries = [] if nothing else source.load(uow, row, before, limit + 1)
        loaded[source.key] = [Entry(one.id, one.at, one.line, source.key) for one in entries]
    together = heapq.merge(*loaded.values(), key=lambda entry: (entry.at, entry.source), reverse=True)
    page = [entry for entry, _ in zip(together, range(limit), strict=False)]
    more = sum(len(entries) for entries in loaded.values()) > len(page)
    after = {**places}
    for source in wanted:
        taken = [entry.id for entry in page if entry.source == source.key]
        if len(taken) == len(loaded[source.key]) and len(taken) <= limit:
            after[source.key] = 0
        elif taken:
            after[source.key] = taken[-1]
    return Merged(tuple(page), after if more else None, {source.key: source.template for source in wanted})


def present(uow: UnitOfWork, row: Row, merged: Merged, locale: str) -> list[Entry]:
    """Word a page: each source its own lines, all of them at once."""
    worded: dict[tuple[str, int], Any] = {}
    for source in sources():
        own = [entry for entry in merged.entries if entry.source == source.key]
        if own and source.present is not None:
            lines = source.present(uow, row, own, locale)
            worded.update({(source.key, entry.id): line for entry, line in zip(own, lines, strict=True)})
    return [Entry(one.id, one.at, worded.get((one.source, one.id), one.line), one.source) for one in merged.entries]


def write_places(places: Places) -> str:
    """Give the text of a cursor."""
    return base64.urlsafe_b64encode(json.dumps(dict(places), separators=(",", ":")).encode()).decode().rstrip("=")


def read_places(text: str | None) -> Places:
    """Read a cursor; a broken one begins at the newest line."""
    if not text or len(text) > 2000:
        return {}
    try:
        raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        return {}
    if not isinstance(raw, dict):
        return {}
    return {key: one for key, one in raw.items() if type(one) is int and 0 <= one <= MAX_ID and key in _sources}
