"""The timeline as the record page shows it: chips, the comment box, what is pinned, and the newest lines of all kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crm.kernel.i18n import Label, Message
from crm.records.comments import pinned_on
from crm.records.query import Row
from crm.records.work import UnitOfWork
from crm.screens import timeline_files, timeline_lines
from crm.screens.queries import may_do
from crm.screens.timeline_sources import PAGE, Entry, Places, filled_sources, merge, present, read_places, sources, write_places

#: Known to be lines of every timeline as soon as there is one.
OWN_SOURCES: Final = (timeline_lines, timeline_files)
#: The name of the address's part that chooses kinds of lines.
PARAMETER: Final = "tl"


@dataclass(frozen=True, slots=True)
class Chip:
    """A kind of line that can be chosen. `kinds` is the choice that the chip leads to, as it stands in the address."""

    key: str
    label: Label | Message
    chosen: bool
    kinds: str


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """A part of a record's timeline, ready for the page.

    Attributes:
        entries: the lines, newest first; `templates` draws each kind.
        after: where the next part begins; None when this is the last.
        kinds: the chosen kinds as they stand in the address; empty for all.
    """

    row: Row
    entries: tuple[Entry, ...]
    templates: dict[str, str]
    after: str | None
    kinds: str
    chips: tuple[Chip, ...] = ()
    pinned: tuple[timeline_lines.CommentShown, ...] = ()
    may_comment: bool = False


def load_timeline(uow: UnitOfWork, row: Row, locale: str, kinds: str = "") -> TimelinePage:
    """Read the whole of it: a constant number of queries, each by an index of its source."""
    chosen = chosen_kinds(kinds)
    record_type = uow.registry.get(row.type_key)
    filled = filled_sources(uow, row.id)
    lines = _lines(uow, row, locale, chosen, {}, PAGE, filled)
    may_comment = row.deleted_at is None and any(may_do(uow, act, record_type, row.id) for act in ("comment", "update"))
    comments = pinned_on(uow, row.id) if timeline_lines.COMMENTS in filled else []
    pinned = [timeline_lines.show_comment(uow, line, locale) for line in comments]
    return TimelinePage(row, lines.entries, lines.templates, lines.after, lines.kinds, _chips(chosen), tuple(pinned), may_comment)


def load_lines(
    uow: UnitOfWork, row: Row, locale: str, kinds: str = "", after: str | None = None, limit: int = PAGE
) -> TimelinePage:
    """Read a part of the lines alone: what *show more* fetches, and what stands on paper."""
    places = read_places(after)
    return _lines(uow, row, locale, chosen_kinds(kinds), places, limit, None if places else filled_sources(uow, row.id))


def _lines(
    uow: UnitOfWork, row: Row, locale: str, chosen: Sequence[str], places: Places, limit: int, filled: frozenset[str] | None
) -> TimelinePage:
    merged = merge(uow, row, chosen, places, limit, filled)
    entries = tuple(present(uow, row, merged, locale))
    further = write_places(merged.places) if merged.places is not None else None
    return TimelinePage(row, entries, dict(merged.templates), further, ",".join(chosen))


def chosen_kinds(text: str) -> list[str]:
    """Read the choice out of the address; unknown kinds are none."""
    wished = {part.strip() for part in text[:400].split(",")}
    found = [source.key for source in sources() if source.key in wished]
    return found if len(found) < len(sources()) else []


def _chips(chosen: Sequence[str]) -> tuple[Chip, ...]:
    def toggled(key: str) -> str:
        return ",".join(source.key for source in sources() if (source.key in chosen) is not (source.key == key))

    return tuple(Chip(source.key, source.label, source.key in chosen, toggled(source.key)) for source in sources())
