"""The ways in which a list may be shown: a table, and what others register (a board, a calendar). Registered once, at start.

A layout reads what its template needs beside the list itself; filters, saved views, the switch and the address are the list's.
`load` gets the unit of work, the type, the list's state and its whole filter as a tree; None says that the layout has nothing
to show, and the list says so. The template is included as the list's `#list`, with what `load` gave, `type` and `state`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crm.filters import Filter
from crm.kernel.i18n import N_, Label, Message
from crm.records.types import RecordType
from crm.records.work import UnitOfWork

if TYPE_CHECKING:
    from crm.screens.listing.state import ListState

Load = Callable[[UnitOfWork, RecordType, "ListState", Filter], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to show a list.

    `fits` says which types have it at all (a calendar needs a date); `params` are parameters of the address that only this
    layout knows (a calendar's month): they are kept in the list's state as `more`, and in saved views.
    """

    key: str
    label: Label | Message
    icon: str
    load: Load | None = None
    template: str = "records/_table.html"
    fits: Callable[[RecordType], bool] = lambda _record_type: True
    params: tuple[str, ...] = ()


TABLE: Final = Layout("table", N_("Table"), "table")
_layouts: dict[str, Layout] = {TABLE.key: TABLE}


def register_layout(layout: Layout) -> None:
    """Offer a layout on every list whose type it fits; one of the same key is replaced."""
    _layouts[layout.key] = layout


def layouts_of(record_type: RecordType) -> list[Layout]:
    """Give the layouts of a type, the table first, in the order in which they were registered."""
    return [layout for layout in _layouts.values() if layout.fits(record_type)]


def layout_of(key: str, record_type: RecordType) -> Layout | None:
    """Give a layout by key, if the type has it."""
    found = _layouts.get(key)
    return found if found is not None and found.fits(record_type) else None


def all_params() -> frozenset[str]:
    """Give the parameters of all layouts: another layout's are passed over, not refused."""
    return frozenset(name for layout in _layouts.values() for name in layout.params)
