"""Saved views in the address of a list: which one it names, what of it still fits, and what is shown of the views above."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from crm.filters import EVERYTHING
from crm.filters.tree import dump
from crm.kernel.errors import InvalidInput, NotFound
from crm.kernel.i18n import worded
from crm.records import saved_views
from crm.records.saved_views import View
from crm.records.types import RecordType
from crm.records.work import UnitOfWork
from crm.screens.listing.read import read_state, usual_sort
from crm.screens.listing.state import NO_VIEW, ListState, Saved

#: The preference that holds, by type, the view that the menu opens.
DEFAULTS: Final = "list_views"


@dataclass(frozen=True, slots=True)
class Tab:
    """A view above the list."""

    id: int
    name: str
    shared: bool
    url: str
    here: bool
    mine: bool


def kept(state: ListState) -> dict[str, Any]:
    """Give what a view keeps of a list's state: its parameters by name, the filter as a tree."""
    found: dict[str, Any] = dict(state.own_pairs())
    if state.where != EVERYTHING:
        found["where"] = dump(state.where)
    return found


def arguments(stored: Mapping[str, Any]) -> dict[str, str]:
    """Give a view's state as the parameters of an address."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in stored.items()}


def read_list(uow: UnitOfWork, record_type: RecordType, args: Mapping[str, str], views: Sequence[View] = ()) -> ListState:
    """Read an address that may name a saved view: the view's state, with what else the address says put over it.

    With `changed` the address says all by itself, and the view stands only for what it was.

    Raises:
        NotFound: there is no such view for the actor.
        InvalidInput: the address names something that does not exist.
    """
    wanted, usual = args.get("view", ""), usual_sort(uow, record_type)
    if wanted in {"", NO_VIEW}:
        state = read_state(record_type, args, usual)
        return replace(state, view=Saved(0, "", none=True)) if wanted else state
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 16):
        raise NotFound
    view = next((one for one in views if one.id == int(wanted)), None) or saved_views.view_of(uow, record_type, int(wanted))
    stored = fitting(record_type, arguments(view.state))
    mark = Saved(view.id, urlencode(read_state(record_type, stored, usual).own_pairs()))
    given = {name: value for name, value in args.items() if name != "view"}
    return replace(read_state(record_type, given if args.get("changed") else {**stored, **given}, usual), view=mark)


def fitting(record_type: RecordType, stored: Mapping[str, str]) -> dict[str, str]:
    """Give what of a view's state the type still has: a field or option that is gone takes only its own part along."""
    try:
        read_state(record_type, stored)
    except InvalidInput:
        return {name: value for name, value in stored.items() if _fits(record_type, name, value)}
    return dict(stored)


def _fits(record_type: RecordType, name: str, value: str) -> bool:
    try:
        read_state(record_type, {name: value})
    except InvalidInput:
        return False
    return True


def posted(uow: UnitOfWork, record_type: RecordType, query: str) -> ListState:
    """Read a list's state out of a form, where it stands as the query of its address."""
    return read_list(uow, record_type, dict(parse_qsl(query.lstrip("?")))).start()


def tabs(uow: UnitOfWork, record_type: RecordType, state: ListState, views: Sequence[View], locale: str) -> list[Tab]:
    """Give the views as tabs, in their order."""
    here = 0 if state.view is None else state.view.id
    return [
        Tab(
            view.id,
            worded(saved_views.named(view), locale),
            view.shared,
            f"/t/{record_type.key}?view={view.id}",
            view.id == here,
            saved_views.may_change(uow, view),
        )
        for view in views
    ]


def view_is_mine(uow: UnitOfWork, record_type: RecordType, state: ListState) -> bool:
    """Whether the actor may update the view that is open; it was read for the address already."""
    if state.view is None or state.view.none or not state.changed:
        return False
    return saved_views.may_change(uow, saved_views.view_of(uow, record_type, state.view.id))
