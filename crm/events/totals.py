"""The page of totals: what was asked for in its address, and its tables, where every number leads to what it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from crm.directory.regions import crossing_words
from crm.events import lifecycle
from crm.events.queries import CATALOGUE, CLUSTER, EVERY, OWN, Activity, Counted, Span, activity_of, read_facts
from crm.events.tallies import Line
from crm.filters import All, Condition, Filter
from crm.filters.periods import span_of
from crm.kernel import format as fmt
from crm.kernel.i18n import N_, Label, Message
from crm.records.tally import tally
from crm.records.work import UnitOfWork
from crm.screens.listing.groups import part_words
from crm.screens.listing.state import ListState

PARTS: Final[Mapping[str, Message]] = {"year": N_("Year"), "quarter": N_("Quarter"), "month": N_("Month")}
ORIGINS: Final[Mapping[str, Message]] = {
    OWN: N_("Without the public catalogue"),
    CATALOGUE: N_("Only the public catalogue"),
    EVERY: N_("Everybody"),
}
#: A longer period is shown by year: more lines than these make is more than anybody reads.
MOST_DAYS: Final[Mapping[str, int]] = {"year": 100_000, "quarter": 20 * 366, "month": 5 * 366}
EARLIEST: Final = date(1990, 1, 1)
STRATEGY_MEETING: Final = "strategy_meeting"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    span: Span
    part: str
    today: date
    #: What of the address could not be taken as it stands.
    problem: Message | None = None

    def url(self) -> str:
        """Give the address."""
        parts = {"first": self.span.first.isoformat(), "last": self.span.last.isoformat(), "part": self.part}
        return f"/events/totals?{urlencode({**parts, 'origin': self.span.origin})}"


def read_asked(args: Mapping[str, str], today: date) -> Asked:
    """Read the address; a day that cannot be read is said, and is as usual: this year to today.

    So are the rest: by quarter, without the public catalogue.
    """
    typed = {name: args.get(name, "").strip() for name in ("first", "last")}
    days = {name: _day(text, today) for name, text in typed.items()}
    problem = N_("Write the days as 2026-01-31.") if any(typed[name] and days[name] is None for name in typed) else None
    first, last = days["first"] or today.replace(month=1, day=1), days["last"] or today
    if last < first:
        first, last, problem = last, first, problem or N_("The days stood the wrong way round; they are turned.")
    origin = args.get("origin", OWN)
    part = args.get("part", "quarter")
    span = Span(first, last, origin if origin in ORIGINS else OWN)
    part = part if part in PARTS else "quarter"
    return Asked(span, part if (last - first).days <= MOST_DAYS[part] else "year", today, problem)


def _day(text: str, today: date) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return min(max(found, EARLIEST), today.replace(month=12, day=31) + timedelta(days=3660))


def presets(asked: Asked) -> list[tuple[Message, str, bool]]:
    """Give the periods that are asked for most: words, address, whether it is this one."""
    today = asked.today
    this_year, after = span_of("year", today)
    last_year, _ = span_of("year", today, -1)
    found = []
    for words, first, last in (
        (N_("This year"), this_year, after - timedelta(days=1)),
        (N_("Last year"), last_year, this_year - timedelta(days=1)),
        (N_("The last 12 months"), span_of("month", today, -12)[0], today),
    ):
        other = replace(asked, span=replace(asked.span, first=first, last=last), problem=None)
        found.append((words, other.url(), other == asked))
    return found


@dataclass(frozen=True, slots=True)
class Number:
    """A number with where it leads."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """A line of a table: events, participants, clusters among them, people of events without a list."""

    name: Label | Message | str
    events: Number
    participants: Number
    clusters: Number
    people: Number


@dataclass(frozen=True, slots=True)
class Totals:
    """The page's tables."""

    total: TotalsRow
    by_kind: tuple[TotalsRow, ...]
    by_region: tuple[TotalsRow, ...]
    by_part: tuple[TotalsRow, ...]
    #: A cluster's strategy meetings by our role in them, and all of them.
    appearances: tuple[tuple[Label | Message, Number], ...]
    appearances_url: str
    rules: tuple[Message, ...]


def totals_of(uow: UnitOfWork, asked: Asked, locale: str) -> Totals:
    """Read and sum up: three queries, however much there is.

    Raises:
        AccessDenied, InvalidInput: as `queries.read_facts`.
    """
    span = asked.span
    facts = read_facts(uow, span)
    activity = activity_of(uow, span, facts)
    starts = _starts(span, asked.part)
    by_part = facts.by_day([one.isoformat() for one in starts], lambda day: span_of(asked.part, day)[0].isoformat())
    appeared, roles = _appearances(uow, span)
    return Totals(
        _row(N_("In all"), activity.total, span.events(), span.participations(), locale),
        tuple(_counted(one, locale) for one in activity.by_kind),
        tuple(_counted(one, locale) for one in activity.by_region),
        tuple(_part_row(asked, start, line, locale) for start, line in zip(starts, by_part, strict=True)),
        roles,
        appeared,
        _rules(activity, locale),
    )


def _starts(span: Span, part: str) -> list[date]:
    starts = [span_of(part, span.first)[0]]
    while (following := span_of(part, starts[-1])[1]) <= span.last:
        starts.append(following)
    return starts


def _counted(one: Counted, locale: str) -> TotalsRow:
    return _row(one.label, one.line, one.events, one.participations, locale)


def _part_row(asked: Asked, start: date, line: Line, locale: str) -> TotalsRow:
    """A part of the period, cut where the period begins and ends."""
    end = span_of(asked.part, start)[1] - timedelta(days=1)
    within = replace(asked.span, first=max(start, asked.span.first), last=min(end, asked.span.last))
    return _row(part_words(asked.part, start, locale), line, within.events(), within.participations(), locale)


def _row(name: Label | Message | str, line: Line, events: Filter, participations: Filter, locale: str) -> TotalsRow:
    share = line.participants
    clusters = (participations, Condition("organisation.kind", "is", CLUSTER))
    words = fmt.number(share.numerator / share.denominator, locale, decimals=0 if share.denominator == 1 else 1)
    return TotalsRow(
        name,
        Number(fmt.number(line.events, locale), ListState("event", where=events).url()),
        Number(words, ListState("participation", where=participations).url()),
        Number(fmt.number(line.clusters, locale), ListState("participation", where=All(clusters), by="organisation").url()),
        Number(fmt.number(line.people, locale), ListState("event", where=All((events, Condition("people_count", "filled")))).url()),
    )


def _appearances(uow: UnitOfWork, span: Span) -> tuple[str, tuple[tuple[Label | Message, Number], ...]]:
    """Count the clusters' own strategy meetings by what the office was there as; also gives the list of all of them."""
    everything = All(
        (Condition("kind", "is", STRATEGY_MEETING), Condition("our_role", "filled"), Condition("state", "is", lifecycle.HELD))
    )
    where = All((*everything.parts, Condition("when", "ge", span.first), Condition("when", "le", span.last)))
    options = {option.key: option.label for option in uow.registry.get("event").by_name["our_role"].options}
    lines = [
        (options[one.value], Number(str(one.number), ListState("event", where=All((*where.parts, _as(one.value)))).url()))
        for one in tally(uow, "event", "our_role", where=where)
    ]
    return ListState("event", where=everything, sort="when", descending=True).url(), tuple(lines)


def _as(role: str) -> Condition:
    return Condition("our_role", "is", role)


def _rules(activity: Activity, locale: str) -> tuple[Message, ...]:
    span = activity.span
    crossing = crossing_words(span.first, span.last, fmt.day(span.last, locale))
    return activity.rules if crossing is None else (*activity.rules, crossing)
