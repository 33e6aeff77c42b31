"""A list page's state, all of it in the address: filters, sorting, columns, grouping, layout, place.

It survives a reload and can be sent to a colleague. A saved view stands in it by its number; what differs from the view is said
beside it, marked by `changed`, so that the view itself is never touched by looking.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from crm.filters import EVERYTHING, All, Filter
from crm.filters.tree import dump
from crm.records.types import BY_TITLE

#: How many pages back *Previous* reaches before it gives the first page instead.
TRAIL: Final = 8
SEPARATOR: Final = "~"
PREFIX: Final = "f."
TABLE: Final = "table"
#: Stands for the list without any saved view, where one opens by itself.
NO_VIEW: Final = "all"
#: Parameters that say where in the list one is; a saved view keeps none of them.
PLACE: Final = ("after", "trail")
#: A column that one has not made wider or narrower.
NATURAL: Final = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """The saved view that an address names. `query` is the view's own state as an address has it, without view and place."""

    id: int
    query: str
    #: The list without a view, asked for by somebody whose own view opens by itself.
    none: bool = False


@dataclass(frozen=True)
class ListState:
    """What the address of a list says; its texts are made once, since a page names its own address a dozen times.

    `exact` holds the filters by value, by field name; `where` the tree of the filter builder; `columns` pairs of field name and
    width in pixels (none: as the type says); `by` a field to group by, perhaps with a part of the date (`due:month`); `shut`
    the keys of collapsed groups; `more` the parameters of a layout's own.
    """

    type_key: str
    text: str = ""
    exact: Mapping[str, str] = field(default_factory=dict)
    sort: str = "title"
    descending: bool = False
    cursor: str = ""
    trail: tuple[str, ...] = ()
    where: Filter = EVERYTHING
    layout: str = TABLE
    by: str = ""
    columns: tuple[tuple[str, int], ...] = ()
    shut: tuple[str, ...] = ()
    hide_empty: bool = False
    more: Mapping[str, str] = field(default_factory=dict)
    view: Saved | None = None
    #: The day as of which the list is shown (`screens.past`); None: as it is today.
    on: date | None = None
    #: How the type's list is sorted unless told otherwise: field, and whether downwards.
    usual: tuple[str, bool] = BY_TITLE

    @property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        return bool(self.text or self.exact or self.where != EVERYTHING or self.on)

    @property
    def changed(self) -> bool:
        """Whether it differs from its saved view, or from the plain list."""
        return self._own_text != ("" if self.view is None else self.view.query)

    @cached_property
    def _own_text(self) -> str:
        return urlencode(self.own_pairs())

    def own_pairs(self) -> list[tuple[str, str]]:
        """Give what a saved view keeps, as parameters; what is as usual is left out."""
        pairs = [("q", self.text), *((parameter(name), value) for name, value in sorted(self.exact.items()))]
        if self.where != EVERYTHING:
            pairs.append(("where", where_text(self.where)))
        if self.on is not None:
            pairs.append(("on", self.on.isoformat()))
        if (self.sort, self.descending) != self.usual:
            pairs += [("sort", self.sort), ("dir", "desc" if self.descending else "")]
        if self.layout != TABLE or self.by or self.columns or self.more:
            pairs += [
                ("layout", "" if self.layout == TABLE else self.layout),
                ("by", self.by),
                ("cols", columns_text(self.columns)),
                ("shut", SEPARATOR.join(self.shut)),
                ("hide", "1" if self.hide_empty else ""),
                *sorted(self.more.items()),
            ]
        return [(name, value) for name, value in pairs if value]

    def pairs(self) -> list[tuple[str, str]]:
        """Give all parameters of the address, the saved view's and the place's included."""
        own = self.own_pairs()
        if self.view is not None:
            if self._own_text == self.view.query:
                own = []
            elif not self.view.none:
                own = [("changed", "1"), *own]
            own = [("view", NO_VIEW if self.view.none else str(self.view.id)), *own]
        place = [("after", self.cursor), ("trail", SEPARATOR.join(self.trail))]
        return [*own, *((name, value) for name, value in place if value)]

    def query(self) -> str:
        """Give the query string; what is as usual is left out."""
        return self._query

    @cached_property
    def _query(self) -> str:
        text = self._own_text if self.view is None and not self.cursor and not self.trail else urlencode(self.pairs())
        return f"?{text}" if text else ""

    def url(self, fragment: str = "") -> str:
        """Give the address of the list, or of one of its fragments (`rows`, `count`, `foot`)."""
        return f"/t/{self.type_key}{'/' + fragment if fragment else ''}{self.query()}"

    def start(self) -> ListState:
        """Give the same list from its first row."""
        return replace(self, cursor="", trail=()) if self.cursor or self.trail else self

    def sorted_by(self, name: str) -> ListState:
        """Give the list sorted by a field; the other way round when it is so already."""
        return replace(self.start(), sort=name, descending=self.sort == name and not self.descending)

    def as_of(self, day: date | None) -> ListState:
        """Give the list as of a day, or as it is today."""
        return replace(self.start(), on=day)

    def without(self, name: str) -> ListState:
        """Give the list without one filter by value, or without the text (`q`)."""
        if name == "q":
            return replace(self.start(), text="")
        return replace(self.start(), exact={key: value for key, value in self.exact.items() if key != name})

    def without_part(self, number: int) -> ListState:
        """Give the list without one part of the filter tree: those of its `all`, else the whole of it."""
        parts = where_parts(self.where)
        return self.filtered_by(All(tuple(part for place, part in enumerate(parts) if place != number)))

    def filtered_by(self, where: Filter) -> ListState:
        """Give the list with another filter tree."""
        return replace(self.start(), where=where)

    def narrowed_by(self, part: Filter) -> ListState:
        """Give the plain table with one condition more, ungrouped: what a number of a group or a footer leads to."""
        where = All((*where_parts(self.where), part))
        return replace(self.start(), where=where, by="", shut=(), layout=TABLE, more={})

    def shown_as(self, layout: str, more: Mapping[str, str] | None = None) -> ListState:
        """Give the list in another layout; what only the old one knew is forgotten, and so is a date to go by."""
        by = "" if ":" in self.by else self.by
        return replace(self.start(), layout=layout, by=by, shut=(), more=dict(more or {}))

    def grouped_by(self, by: str) -> ListState:
        """Give the list grouped by a field, or ungrouped."""
        return replace(self.start(), by=by, shut=(), hide_empty=self.hide_empty and bool(by))

    def toggled(self, key: str) -> ListState:
        """Give the list with one group opened or collapsed."""
        shut = tuple(one for one in self.shut if one != key) if key in self.shut else (*self.shut, key)
        return replace(self, shut=shut)

    def with_columns(self, columns: tuple[tuple[str, int], ...]) -> ListState:
        """Give the list with other columns; the place stays."""
        return replace(self, columns=columns)

    def after(self, cursor: str) -> ListState:
        """Give the next page."""
        return replace(self, cursor=cursor, trail=(*self.trail, self.cursor or "0")[-TRAIL:])

    def before(self) -> ListState | None:
        """Give the previous page: the remembered one, else the first; None on the first."""
        if not self.cursor:
            return None
        last = self.trail[-1] if self.trail else "0"
        return replace(self, cursor="" if last == "0" else last, trail=self.trail[:-1])


def parameter(name: str) -> str:
    """Give the name by which a filter by value stands in the address."""
    return name if name in {"state", "owner"} else PREFIX + name


def where_parts(where: Filter) -> tuple[Filter, ...]:
    """Give the parts of a filter tree that all must hold: each is a chip above the list."""
    return where.parts if isinstance(where, All) else (where,)


def where_text(where: Filter) -> str:
    """Give a filter tree as the address has it: compact JSON."""
    return json.dumps(dump(where), separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    return str(value)


def columns_text(columns: tuple[tuple[str, int], ...]) -> str:
    """Give columns as the address has them: `title:240,kind,state:100`."""
    return ",".join(f"{name}:{width}" if width else name for name, width in columns)
