"""What features add to the record pages of their types: panels, acts, a word for an empty list. Registered once, at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from crm.kernel.i18n import Label, Message
from crm.records.query import Row
from crm.records.work import UnitOfWork

Words = Label | Message


@dataclass(frozen=True, slots=True)
class Panel:
    """A box on the record page.

    `load` reads what the template needs beside `row`; None leaves the box out. Positions below 5 stand above both columns,
    below 50 on the overview below the fields, the others after them; `side` puts it above the timeline.

    With `tab` it is a tab of its own, whose `load` runs only when the tab is opened; `count` gives the number beside the tab's
    name (None: no number) and runs on each page, so it must be cheap.
    """

    key: str
    label: Words
    template: str
    load: Callable[[UnitOfWork, Row], Mapping[str, Any] | None] = lambda _uow, _row: {}
    position: int = 50
    side: bool = False
    tab: bool = False
    count: Callable[[UnitOfWork, Row], int | None] = lambda _uow, _row: None
    #: Whether a tab belongs on this record's page for this actor; asked on each page too.
    fits: Callable[[UnitOfWork, Row], bool] = lambda _uow, _row: True


@dataclass(frozen=True, slots=True)
class Act:
    """A button in the heading of a record page. With `reasons` it is greyed and says why it cannot be used now."""

    key: str
    label: Words
    url: str
    primary: bool = False
    icon: str | None = None
    confirm: Words | None = None
    reasons: Sequence[Message] = ()
    method: str = "post"
    #: It stands in the menu of further acts.
    more: bool = False
    #: The single key that does it on the record's page, for an act that is a page (`get`).
    hotkey: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """A few words beside a record's name: what one must know of it at once."""

    text: Words
    colour: str = "grey"
    icon: str | None = None
    url: str | None = None


Acts = Callable[[UnitOfWork, Row], Sequence[Act]]
#: Gives the badges of a record as it was on a day.
Badges = Callable[[UnitOfWork, Row, date], Sequence[Badge]]

#: Panels of every type stand under this name.
EVERYWHERE: Final = "*"

_panels: dict[str, dict[str, Panel]] = {}
_acts: dict[str, list[Acts]] = {}
_badges: dict[str, list[Badges]] = {}
_hints: dict[str, Words] = {}
_hidden_relations: set[tuple[str, str, str]] = set()
_tucked: dict[str, set[str]] = {}


def register(type_key: str, panel: Panel) -> None:
    """Show a panel on a type's record pages (`EVERYWHERE`: on all); one of the same key is replaced."""
    _panels.setdefault(type_key, {})[panel.key] = panel


def register_acts(type_key: str, acts: Acts) -> None:
    """Offer acts on a type's record pages (`EVERYWHERE`: on all); `acts` gives those that fit the record and the actor."""
    known = _acts.setdefault(type_key, [])
    if acts not in known:
        known.append(acts)


def register_badges(type_key: str, badges: Badges) -> None:
    """Show badges beside the names of a type's records; each page asks for them, so they must be cheap."""
    known = _badges.setdefault(type_key, [])
    if badges not in known:
        known.append(badges)


def register_list_hint(type_key: str, words: Words) -> None:
    """Say on an empty list of this type what to do."""
    _hints[type_key] = words


def hide_related(type_key: str, other_key: str, field: str) -> None:
    """Leave out the plain panel of records that point here, because a panel of the feature's own shows them."""
    _hidden_relations.add((type_key, other_key, field))


def tuck_away(type_key: str, *tabs: str) -> None:
    """Put tabs of a type's records, by key (`event.host`), into the menu behind the others: what is looked at seldom."""
    _tucked.setdefault(type_key, set()).update(tabs)


def is_tucked(type_key: str, tab: str) -> bool:
    """Whether a tab stands in the menu behind the others."""
    return tab in _tucked.get(type_key, ())


def panels_of(type_key: str) -> list[Panel]:
    """Give a type's panels in order; its own replaces one of the same key that stands everywhere."""
    found = {**_panels.get(EVERYWHERE, {}), **_panels.get(type_key, {})}
    return sorted(found.values(), key=lambda panel: panel.position)


def acts_on(uow: UnitOfWork, row: Row) -> list[Act]:
    """Give the acts of a record."""
    offered = (*_acts.get(row.type_key, ()), *_acts.get(EVERYWHERE, ()))
    return [act for acts in offered for act in acts(uow, row)]


def badges_on(uow: UnitOfWork, row: Row, day: date) -> list[Badge]:
    """Give the badges of a record as it was on a day."""
    return [badge for badges in _badges.get(row.type_key, ()) for badge in badges(uow, row, day)]


def hint_of(type_key: str) -> Words | None:
    """Give the word for an empty list."""
    return _hints.get(type_key)


def is_hidden(type_key: str, other_key: str, field: str) -> bool:
    """Whether a feature shows these related records itself."""
    return (type_key, other_key, field) in _hidden_relations
