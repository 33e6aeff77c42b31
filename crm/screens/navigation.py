"""The side menu: sections of record types, and pages that features add. Only what the actor may open is shown.

A count stands only beside what waits for the one who looks (`product.md`, Home); it is loaded after the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from crm.kernel.i18n import N_, Label, Message
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.screens.offered import is_offered
from crm.security.policies import Access

#: Sections in order, by the key that a type names; another word is shown as it stands.
SECTIONS: Final[dict[str, Message]] = {
    "directory": N_("Relations"),
    "work": N_("Work"),
    "outreach": N_("Outreach"),
    "boards": N_("Leadership"),
    "apps": N_("Own apps"),
    "admin": N_("Administration"),
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry. `count` gives how many wait for the actor; `area` or `type_key` says who may open it."""

    key: str
    label: Label | Message
    url: str
    icon: str
    section: str = ""
    position: int = 50
    count: Callable[[UnitOfWork], int] | None = None
    area: str = "@crm"
    type_key: str = ""

    @property
    def counted(self) -> bool:
        """Whether a number may stand beside it."""
        return self.count is not None

    def is_here(self, path: str) -> bool:
        """Whether a page lies under this entry."""
        return path == self.url or (self.url != "/" and path.startswith(self.url.rstrip("/") + "/"))

    def open_to(self, access: Access) -> bool:
        """Whether the actor may open it."""
        return access.may_use(self.area) and (not self.type_key or access.may("read", self.type_key))


@dataclass(frozen=True, slots=True)
class QuickAct:
    """What one does so often that it stands in the top bar of every page, with a key of its own: logging a sparring.

    The page at `url` makes a record of a type; scripts may show it over the page (`data-quick` is its key in the template).
    """

    key: str
    label: Label | Message
    url: str
    icon: str
    #: The single key that does it.
    hotkey: str
    type_key: str

    def open_to(self, access: Access) -> bool:
        """Whether the actor may do it."""
        return access.may("create", self.type_key)


@dataclass(frozen=True, slots=True)
class NavSection:
    """A heading (none for the first) and its entries."""

    label: Label | Message | None
    items: tuple[NavItem, ...]


_items: dict[str, NavItem] = {}
_quick: dict[str, QuickAct] = {}
#: Numbers that stand elsewhere on every page (the bell), asked for together with the menu's.
_counts: dict[str, Callable[[UnitOfWork], int]] = {}


def add(item: NavItem) -> None:
    """Add an entry to the menu; one with the same key is replaced."""
    _items[item.key] = item


def add_quick(act: QuickAct) -> None:
    """Put an act into the top bar; one with the same key is replaced."""
    _quick[act.key] = act


def quick_acts(access: Access) -> list[QuickAct]:
    """Give those that the actor may do."""
    return [act for act in _quick.values() if act.open_to(access)]


def new_url(type_key: str) -> str:
    """Give where a record of a type is made: the page of its quick act, if it has one, else its form."""
    return next((act.url for act in _quick.values() if act.type_key == type_key), f"/t/{type_key}/new")


def add_count(key: str, count: Callable[[UnitOfWork], int]) -> None:
    """Put a number into the element `count-<key>` of every page; one with the same key is replaced."""
    _counts[key] = count


def of_type(record_type: RecordType, position: int) -> NavItem:
    """Give the entry of a record type."""
    return NavItem(
        key=record_type.key,
        label=record_type.names.title,
        url=f"/t/{record_type.key}",
        icon=record_type.icon,
        section=record_type.section or "",
        position=position,
        type_key=record_type.key,
    )


def sections(uow: UnitOfWork) -> list[NavSection]:
    """Give the menu of the actor."""
    offered = [item for item in uow.registry.types.values() if item.section and is_offered(uow, item.key)]
    types = [of_type(item, place) for place, item in enumerate(offered)]
    entries = [item for item in (*_items.values(), *types) if item.open_to(uow.access)]
    entries.sort(key=lambda item: item.position)
    named = [key for key in SECTIONS if any(item.section == key for item in entries)]
    other = [item.section for item in entries if item.section and item.section not in SECTIONS]
    found = []
    for key in ("", *named, *dict.fromkeys(other)):
        inside = tuple(item for item in entries if item.section == key)
        if inside:
            found.append(NavSection(_heading(key), inside))
    return found


def _heading(key: str) -> Label | Message | None:
    return (SECTIONS.get(key) or Label(da=key)) if key else None


def counts(uow: UnitOfWork) -> dict[str, int]:
    """Count what waits for the actor, by entry."""
    found = {item.key: item.count(uow) for item in _items.values() if item.count is not None and item.open_to(uow.access)}
    return {**found, **{key: count(uow) for key, count in _counts.items()}}


def any_counted() -> bool:
    """Whether any entry has a number at all: else the page need not ask for them."""
    return bool(_counts) or any(item.counted for item in _items.values())


def makeable(uow: UnitOfWork) -> list[RecordType]:
    """Give the types that the menu *New* offers."""
    types = (item for item in uow.registry.types.values() if item.section and is_offered(uow, item.key))
    return [item for item in types if uow.access.may("create", item.key)]


add(NavItem("home", N_("Home"), "/", "home", position=-20))
add(NavItem("trash", N_("Trash"), "/trash", "trash", section="admin", position=80))
