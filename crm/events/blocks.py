"""What events put into a pack: what was held since the last meeting and who came, by kind and by region; our appearances."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from crm.boards.packs import blocks
from crm.boards.packs.blocks import BlockContext
from crm.boards.packs.counting import counted, within
from crm.boards.packs.document import Column, Grid, Paragraph, Part
from crm.boards.packs.figures import HIDDEN, NOTHING, Cell, Counted, grid, heading, sentence
from crm.directory.regions import crossing_words
from crm.events import block_words as words
from crm.events import lifecycle
from crm.events.queries import Activity, Span, activity_of, read_facts
from crm.events.queries import Counted as CountedLine
from crm.events.tallies import Facts, PartFact
from crm.filters import All, Condition
from crm.kernel import format as fmt
from crm.kernel.small_cells import LEAST, telling
from crm.records import query
from crm.records.query import titles
from crm.records.work import UnitOfWork

#: So many appearances are listed one by one.
MOST_LISTED: Final = 40


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of activity while it is drawn: `inside` gives the participations of a line, for its clusters."""

    uow: UnitOfWork
    context: BlockContext
    activity: Activity
    facts: Facts
    lines: Sequence[CountedLine]
    inside: Callable[[str], Iterable[PartFact]]

    @property
    def least(self) -> int:
        """The smallest number of people that is told."""
        return int(self.uow.settings.get("small_cell_limit", LEAST))

    def draw(self, first: Column, *notes: str) -> Grid:
        """Draw a row a line and one in all; numbers about few people are hidden, and the notes stand under it."""
        locale = self.context.locale
        people = [counted(self.uow, "participation", line.participations) for line in self.lines]
        told = telling([len(one.ids) for one in people], self.least)
        rows: list[Sequence[Cell]] = []
        for line, those, number in zip(self.lines, people, told, strict=True):
            came = HIDDEN if number is None else _parts(those, line.line.participants, locale)
            events = counted(self.uow, "event", line.events)
            rows.append((line.label(locale), events, came, _clusters(self.inside(line.line.key))))
        everybody = self._everybody()
        rows.append((words.TOTAL(locale), self._held(), everybody, _clusters(self.facts.parts)))
        few = words.FEW(locale).format(sign=HIDDEN, least=self.least) if None in told or everybody == HIDDEN else ""
        numbers = (heading(name, locale, 20, numeric=True) for name in (words.EVENTS, words.PARTICIPANTS, words.CLUSTERS))
        return grid((first, *numbers), rows, locale, (*notes, few, self.context.drawn))

    def sentences(self) -> tuple[Paragraph, ...]:
        """Say how much there was in all; people who are not listed one by one stand apart."""
        locale, unlisted = self.context.locale, [event for event in self.facts.events if event.people]
        everybody = self._everybody()
        parts: dict[str, Cell] = {
            "period": self.context.period,
            "events": self._held(),
            "people": words.FEWER(locale).format(least=self.least) if everybody == HIDDEN else everybody,
            "clusters": _clusters(self.facts.parts),
        }
        said = (sentence(words.HELD(locale), parts, locale),)
        if not unlisted:
            return said
        at = Counted("event", tuple(sorted(event.id for event in unlisted)))
        number = fmt.number(sum(event.people for event in unlisted), locale)
        return (*said, sentence(words.UNLISTED(locale), {"people": number, "events": at}, locale))

    def _held(self) -> Counted:
        return Counted("event", tuple(sorted(event.id for event in self.facts.events)))

    def _everybody(self) -> Cell:
        found = counted(self.uow, "participation", self.activity.span.participations())
        return HIDDEN if None in telling([len(found.ids)], self.least) else found


def _parts(those: Counted, number: Fraction, locale: str) -> Counted:
    """Give a number of participants that may count in parts: 12,5."""
    if number == len(those.ids):
        return those
    return Counted(those.type_key, those.ids, fmt.number(round(float(number), 1), locale))


def _clusters(parts: Iterable[PartFact]) -> Counted:
    ids = {part.organisation_id for part in parts if part.is_cluster and part.organisation_id is not None}
    return Counted("organisation", tuple(sorted(ids)))


def _read(uow: UnitOfWork, context: BlockContext) -> tuple[Activity, Facts]:
    span = Span(context.first, context.last)
    facts = read_facts(uow, span)
    return activity_of(uow, span, facts), facts


def _nothing(context: BlockContext) -> tuple[Part, ...]:
    return (Paragraph(words.NONE_HELD(context.locale).format(period=context.period)),)


def activities(uow: UnitOfWork, context: BlockContext) -> tuple[Part, ...]:
    """Draw what was held, in total and by kind."""
    activity, facts = _read(uow, context)
    if not facts.events:
        return _nothing(context)
    kinds = {event.id: event.kind for event in facts.events}
    inside = lambda key: (part for part in facts.parts if kinds[part.event_id] == key)  # noqa: E731 - one table's own question
    table = _Table(uow, context, activity, facts, activity.by_kind, inside)
    return (*table.sentences(), table.draw(heading(words.KIND, context.locale, 40)))


def by_region(uow: UnitOfWork, context: BlockContext) -> tuple[Part, ...]:
    """Draw what was held and who came, by region, with the rules by which they were counted under the table."""
    activity, facts = _read(uow, context)
    if not facts.events:
        return _nothing(context)
    locale = context.locale
    inside = lambda key: (part for part in facts.parts if key in (part.regions or ("",)))  # noqa: E731 - one table's own question
    table = _Table(uow, context, activity, facts, activity.by_region, inside)
    crossing = crossing_words(context.first, context.last, fmt.day(context.last, locale))
    rules = [rule(locale) for rule in (crossing, *activity.rules) if rule is not None]
    return (*table.sentences(), table.draw(heading(words.REGION, locale, 40), *rules))


def appearances(uow: UnitOfWork, context: BlockContext) -> tuple[Part, ...]:
    """Draw our part in the clusters' own strategy meetings: by role, and one by one where the clusters may be named."""
    locale, options = context.locale, uow.registry.get("event").by_name["our_role"].options
    where = All(
        (
            Condition("kind", "is", "strategy_meeting"),
            Condition("state", "is", lifecycle.HELD),
            within("when", context),
        )
    )
    found = counted(uow, "event", where)
    if not found.ids:
        return (Paragraph(words.NOT_APPEARED(locale).format(period=context.period)),)
    said = sentence(words.APPEARED(locale), {"period": context.period, "events": found}, locale)
    rows: list[Sequence[Cell]] = [
        (role.label(locale), counted(uow, "event", where, Condition("our_role", "is", role.key))) for role in options
    ]
    rows = [row for row in rows if not isinstance(row[1], Counted) or row[1].ids]
    unstated = counted(uow, "event", where, Condition("our_role", "empty"))
    rows += [(words.NO_ROLE(locale), unstated)] if unstated.ids else []
    columns = (heading(words.ROLE, locale, 60), heading(words.EVENTS, locale, 40, numeric=True))
    table = grid(columns, rows, locale, (context.drawn,))
    return (said, table, *(_listed(uow, context, where) if context.audience.names_clusters else ()))


def _listed(uow: UnitOfWork, context: BlockContext, where: All) -> tuple[Part, ...]:
    """List the strategy meetings one by one, the latest first."""
    locale, role_of = context.locale, uow.registry.get("event").by_name["our_role"]
    page = query.list_page(uow, "event", where=where, sort="when", descending=True, size=MOST_LISTED)
    hosts = titles(uow, [host for row in page.rows if isinstance(host := row.values.get("host"), int)])
    rows = []
    for row in page.rows:
        host, role = hosts.get(row.values.get("host") or 0), role_of.option(str(row.values.get("our_role")))
        day = fmt.day(row.values["when"].first_day(uow.zone), locale)
        event = Counted("event", (row.id,), row.title)
        rows.append((day, event, host.title if host else NOTHING, role.label(locale) if role else NOTHING))
    columns = [heading(name, locale, share) for name, share in zip(words.LISTED, (15, 40, 25, 20), strict=True)]
    return (grid(columns, rows, locale, (context.drawn,)),)


def install() -> None:
    """Register them."""
    blocks.register("activities", activities)
    blocks.register("activities_by_region", by_region)
    blocks.register("appearances", appearances)
