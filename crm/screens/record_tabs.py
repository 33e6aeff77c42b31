"""The tabs of a record page: the overview, what is related, what features add. Only the tab that is looked at is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from crm.kernel.i18n import N_, Label, Message
from crm.records.query import Count, Row
from crm.records.relations import LinkSide, Relation, count_links, count_relations, link_sides, relations_to
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.screens import panels
from crm.screens.offered import is_offered
from crm.screens.panels import Panel

OVERVIEW: Final = "overview"


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: the overview, a relation of others, links from others, or a feature's panel."""

    key: str
    label: Label | Message
    url: str
    relation: Relation | None = None
    side: LinkSide | None = None
    panel: Panel | None = None
    #: It stands in the menu behind the others.
    tucked: bool = False

    @property
    def id(self) -> str:
        """A name for its number on the page."""
        return "tab-count-" + self.key.replace(".", "-")

    @property
    def fragment(self) -> str:
        """Where the tab alone is fetched."""
        path, _question, query = self.url.partition("?")
        on = "&".join(part for part in query.split("&") if part.startswith("on="))
        return f"/r/{path.split('/')[2]}/tab/{self.key}{'?' if on else ''}{on}"


@dataclass(frozen=True, slots=True)
class ExtraPanel:
    """A feature's panel with what it loaded."""

    panel: Panel
    context: Mapping[str, Any]


def load_panels(uow: UnitOfWork, row: Row, wanted: Sequence[Panel]) -> list[ExtraPanel]:
    """Load feature panels; those that have nothing to show are left out."""
    return [ExtraPanel(panel, context) for panel in wanted if (context := panel.load(uow, row)) is not None]


def own_sides(uow: UnitOfWork, record_type: RecordType) -> list[LinkSide]:
    """Give the fields of links that stand on the overview, as fields of the record's own."""
    return [side for side in link_sides(uow, record_type) if side.outgoing]


def tabs_of(uow: UnitOfWork, record_type: RecordType, row: Row, day: date | None = None) -> list[Tab]:
    """Give the tabs; their numbers come after the page (`counts_of`). With a day their addresses keep it."""
    on = "" if day is None else f"&on={day.isoformat()}"
    relations = [
        relation
        for relation in relations_to(uow, record_type)
        if not panels.is_hidden(record_type.key, relation.type.key, relation.field.api_name) and is_offered(uow, relation.type.key)
    ]
    sides = [side for side in link_sides(uow, record_type) if not side.outgoing]
    found = [Tab(OVERVIEW, N_("Overview"), f"{row.url}{on.replace('&', '?')}")]
    found += [Tab(one.key, one.label, f"{row.url}?tab={one.key}{on}", side=one) for one in sides]
    found += [Tab(one.key, one.label, f"{row.url}?tab={one.key}{on}", relation=one) for one in relations]
    own = [panel for panel in panels.panels_of(record_type.key) if day is None and panel.tab and panel.fits(uow, row)]
    found += [Tab(one.key, one.label, f"{row.url}?tab={one.key}", panel=one) for one in own]
    return [replace(tab, tucked=True) if panels.is_tucked(record_type.key, tab.key) else tab for tab in found]


def counts_of(uow: UnitOfWork, record_type: RecordType, row: Row, tabs: Sequence[Tab]) -> list[tuple[Tab, Count]]:
    """Count what stands behind the tabs: one query for relations, one for links, and what each feature's count asks."""
    related = count_relations(uow, row.id, [tab.relation for tab in tabs if tab.relation is not None])
    linked = count_links(uow, record_type, row.id, [tab.side for tab in tabs if tab.side is not None])
    numbers = {**related, **{key: Count(number) for key, number in linked.items()}}
    for tab in tabs:
        number = tab.panel.count(uow, row) if tab.panel is not None else None
        if number is not None:
            numbers[tab.key] = Count(number)
    return [(tab, numbers[tab.key]) for tab in tabs if tab.key in numbers]


def chosen_tab(tabs: Sequence[Tab], key: str) -> Tab:
    """Give the tab that an address names; the overview when there is no such tab (any more)."""
    return next((tab for tab in tabs if tab.key == key), tabs[0])
