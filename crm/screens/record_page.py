"""Everything a record page shows, read in one unit of work with a constant number of queries: its head, one tab, the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from crm.lifecycle.engine import Choice
from crm.records.query import Count, Row, one
from crm.records.relations import count_relations, link_sides
from crm.records.types import Field, RecordType
from crm.records.work import UnitOfWork
from crm.screens import panels
from crm.screens.forms import LinkForm
from crm.screens.link_boxes import LinkBox, load_boxes
from crm.screens.panels import Act, Badge
from crm.screens.past import fact_lines, past_of, read_day, rows_on
from crm.screens.present import Presenter, Shown, value_of
from crm.screens.queries import may_do
from crm.screens.record_facts import Facts, facts_of, may_write, shown_fields, values_of
from crm.screens.record_tabs import OVERVIEW, ExtraPanel, Tab, chosen_tab, counts_of, load_panels, own_sides, tabs_of
from crm.screens.related_tables import PAPER_ROWS, ROWS, RelatedTable, load_related
from crm.screens.steps import open_steps
from crm.screens.timeline_page import TimelinePage, load_lines, load_timeline

__all__ = ["ExtraPanel", "RecordHead", "RecordPage", "TabBody", "load_page", "load_paper", "load_peek", "load_tab_page"]

#: Values under the name: the first choices, relations and dates of the type's list.
_SAYS_WHAT: Final = frozenset({"choice", "relation", "date"})
_SUBTITLE: Final = 3


@dataclass(frozen=True, slots=True)
class RecordHead:
    """What stands above the tabs of every record, and what the actor may do with it."""

    row: Row
    type: RecordType
    subtitle: tuple[Shown, ...]
    choices: tuple[Choice, ...]
    acts: tuple[Act, ...]
    may_edit: bool
    may_delete: bool
    may_rename: bool
    parent: tuple[str, str] | None = None
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class TabBody:
    """What one tab shows: facts with the record's own links and features' panels, or a table, or links, or one panel."""

    facts: Facts | None = None
    boxes: tuple[LinkBox, ...] = ()
    extras: tuple[ExtraPanel, ...] = ()
    related: RelatedTable | None = None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What the template of a record page gets."""

    head: RecordHead
    tabs: tuple[Tab, ...]
    tab: Tab
    body: TabBody
    top: tuple[ExtraPanel, ...] = ()
    side: tuple[ExtraPanel, ...] = ()
    timeline: TimelinePage | None = None
    #: On paper: the tables of all relations.
    tables: tuple[RelatedTable, ...] = ()
    #: The day as of which it is shown, None for today, and what else is known of that day.
    on: date | None = None
    past: tuple[tuple[str, str], ...] = ()
    #: In the quick view: how much is related.
    counts: tuple[tuple[Tab, Count], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def row(self) -> Row:
        """The record."""
        return self.head.row

    @property
    def has_past(self) -> bool:
        """Whether it can be shown as of a day."""
        return past_of(self.type.key) is not None

    @property
    def type(self) -> RecordType:
        """Its type."""
        return self.head.type


def load_page(
    uow: UnitOfWork,
    record_id: int,
    locale: str,
    tab: str = OVERVIEW,
    link_form: LinkForm | None = None,
    kinds: str = "",
    on: str = "",
) -> RecordPage:
    """Read a record page with one of its tabs, and chosen kinds of the timeline; a refused form of links has its own tab.

    `on` is a day as of which it is shown: to be looked at, without features' panels, which tell of today.

    Raises:
        NotFound: there is no such record, or it may not be seen.
        InvalidInput: `on` is no day, or records of the type are shown as they are today only.
    """
    page = load_tab_page(uow, record_id, locale, tab, link_form, on)
    if page.on is not None:
        return replace(page, timeline=load_timeline(uow, page.row, locale, kinds))
    features = [panel for panel in panels.panels_of(page.type.key) if not panel.tab]
    top = load_panels(uow, page.row, [panel for panel in features if not panel.side and panel.position < 5])
    side = load_panels(uow, page.row, [panel for panel in features if panel.side])
    lines = load_timeline(uow, page.row, locale, kinds)
    return RecordPage(page.head, page.tabs, page.tab, page.body, tuple(top), tuple(side), lines)


def load_tab_page(
    uow: UnitOfWork, record_id: int, locale: str, tab: str, link_form: LinkForm | None = None, on: str = ""
) -> RecordPage:
    """Read the head, the tabs with their counts, and what one tab shows: what a change of tab fetches.

    Raises:
        NotFound: there is no such record, or it may not be seen.
        InvalidInput: `on` is no day, or records of the type are shown as they are today only.
    """
    row = one(uow, record_id)
    record_type = uow.registry.get(row.type_key)
    day = read_day(record_type.key, on)
    if day is not None:
        row = rows_on(uow, record_type.key, [row], day, locale)[0]
    tabs = tabs_of(uow, record_type, row, day)
    current = chosen_tab(tabs, tab)
    presenter, head, pairs = _looked_at(uow, row, locale, whole=current.key == OVERVIEW, day=day)
    body = _body(presenter, head, current, pairs, link_form, day)
    return RecordPage(head, tuple(tabs), current, body, on=day, past=tuple(fact_lines(row, locale)) if day else ())


def load_peek(uow: UnitOfWork, record_id: int, locale: str) -> RecordPage:
    """Read what the quick view shows: head, facts, and the tabs' counts; no panels, no history.

    Raises:
        NotFound: there is no such record, or it may not be seen.
    """
    row = one(uow, record_id)
    record_type = uow.registry.get(row.type_key)
    tabs = tabs_of(uow, record_type, row)
    presenter, head, pairs = _looked_at(uow, row, locale)
    body = TabBody(facts_of(presenter, record_type, row, pairs, may_edit=head.may_edit))
    counts = tuple(pair for pair in counts_of(uow, record_type, row, tabs) if pair[1].number)
    return RecordPage(head, tuple(tabs), tabs[0], body, counts=counts)


def load_paper(uow: UnitOfWork, record_id: int, locale: str, *, with_timeline: bool) -> RecordPage:
    """Read all of a record for paper: facts, links, every related table, and the timeline if asked for.

    Raises:
        NotFound: there is no such record, or it may not be seen.
    """
    page = load_tab_page(uow, record_id, locale, OVERVIEW)
    presenter = Presenter(uow, locale)
    relations = [tab.relation for tab in page.tabs if tab.relation is not None]
    counts = count_relations(uow, page.row.id, relations)
    tables = [load_related(presenter, one, page.row, most=PAPER_ROWS) for one in relations if counts[one.key].number]
    boxes = load_boxes(uow, page.row, link_sides(uow, page.type), locale, may_edit=False)
    body = TabBody(page.body.facts, tuple(box for box in boxes if box.lines))
    lines = load_lines(uow, page.row, locale, limit=PAPER_ROWS) if with_timeline else None
    return RecordPage(page.head, page.tabs, page.tab, body, timeline=lines, tables=tuple(tables))


def _looked_at(
    uow: UnitOfWork, row: Row, locale: str, *, whole: bool = True, day: date | None = None
) -> tuple[Presenter, RecordHead, list[tuple[Field, Any]]]:
    """Word a record's values in one go, all of them or those of its head, and give them with its head."""
    record_type = uow.registry.get(row.type_key)
    presenter = Presenter(uow, locale)
    shown = shown_fields(uow, record_type)
    pairs = values_of(row, shown if whole else _head_fields(record_type, shown))
    presenter.prepare(pairs)
    head = _head(presenter, row, record_type, shown)
    return presenter, head if day is None else _head_on(uow, head, day), pairs


def _head_on(uow: UnitOfWork, head: RecordHead, day: date) -> RecordHead:
    """Give a head as of a day: its badges are that day's, and nothing of it is changed."""
    looked_at = replace(head, choices=(), acts=(), may_edit=False, may_delete=False, may_rename=False)
    return replace(looked_at, badges=tuple(panels.badges_on(uow, head.row, day)))


def _head_fields(record_type: RecordType, shown: Sequence[Field]) -> list[Field]:
    """Give the fields whose values stand in the head: what the record belongs to, and what says what it is."""
    if record_type.says_what:
        by_name = {item.api_name: item for item in shown}
        listed = [by_name[name] for name in record_type.says_what if name in by_name]
    else:
        listed = [item for item in shown if item.kind in _SAYS_WHAT and item.api_name in record_type.list_fields]
    parent = next((item for item in shown if item.kind == "relation" and item.required), None)
    return [*listed[:_SUBTITLE], *([parent] if parent is not None and parent not in listed[:_SUBTITLE] else [])]


def _head(presenter: Presenter, row: Row, record_type: RecordType, shown: Sequence[Field]) -> RecordHead:
    uow = presenter.uow
    may_edit = may_do(uow, "update", record_type, row.id)
    title = record_type.by_name.get("title")
    parent = _parent(presenter, shown, row)
    says = [presenter.show(item, value_of(row, item.api_name)) for item in _head_fields(record_type, shown)[:_SUBTITLE]]
    return RecordHead(
        row,
        record_type,
        tuple(it for it in says if not it.blank and (parent is None or it.text != parent[0])),
        tuple(open_steps(uow, record_type, row)),
        tuple(panels.acts_on(uow, row)),
        may_edit,
        may_do(uow, "delete", record_type, row.id),
        title is not None and may_write(uow, record_type, title, may_edit=may_edit),
        parent,
        tuple(panels.badges_on(uow, row, uow.today())),
    )


def _parent(presenter: Presenter, fields: Sequence[Field], row: Row) -> tuple[str, str] | None:
    """Give what the record belongs to (its first required relation), for the breadcrumb."""
    for item in fields:
        if item.kind == "relation" and item.required:
            title = presenter.titles.get(row.values.get(item.api_name) or 0)
            if title is not None:
                return title.title, title.url
    return None


def _body(
    presenter: Presenter,
    head: RecordHead,
    tab: Tab,
    pairs: Sequence[tuple[Field, Any]],
    link_form: LinkForm | None,
    day: date | None = None,
) -> TabBody:
    uow, row, record_type = presenter.uow, head.row, head.type
    if tab.relation is not None:
        return TabBody(related=load_related(presenter, tab.relation, row, most=ROWS))
    if tab.panel is not None:
        return TabBody(extras=tuple(load_panels(uow, row, [tab.panel])))
    if tab.side is not None:
        boxes = load_boxes(uow, row, [tab.side], presenter.locale, may_edit=head.may_edit, given=link_form, day=day)
        return TabBody(boxes=tuple(boxes))
    features = [panel for panel in panels.panels_of(record_type.key) if not panel.tab and not panel.side and panel.position >= 5]
    sides = own_sides(uow, record_type)
    features = features if day is None else []
    return TabBody(
        facts_of(presenter, record_type, row, pairs, may_edit=head.may_edit),
        tuple(load_boxes(uow, row, sides, presenter.locale, may_edit=head.may_edit, given=link_form, day=day)),
        tuple(load_panels(uow, row, features)),
    )
