"""Reads the address of a list. Whatever anybody writes there becomes a list, or a refusal in plain words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from crm.filters import EVERYTHING, Filter, parse
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.records.types import BY_TITLE, RecordType
from crm.records.work import UnitOfWork
from crm.screens import layouts
from crm.screens.listing.columns import read_columns
from crm.screens.listing.filters import read_exact
from crm.screens.listing.grouping import read_by
from crm.screens.listing.state import SEPARATOR, TABLE, TRAIL, ListState, where_text
from crm.screens.past import read_day

#: The longest filter tree in an address, and the longest address with all its signs written out; the server takes 8,190.
LONGEST_WHERE: Final = 3_000
LONGEST_ADDRESS: Final = 7_000
TOO_LONG: Final = N_("The filter is too long for an address. Take a condition away, or use lists of values.")
MOST_SHUT: Final = 200
_OWN: Final = frozenset(
    {"q", "sort", "dir", "after", "trail", "where", "layout", "by", "cols", "shut", "hide", "view", "changed", "exact", "add", "on"}
)


def usual_sort(uow: UnitOfWork, record_type: RecordType) -> tuple[str, bool]:
    """Give how a type's list is sorted unless told otherwise: by name for who may not read what it is sorted by."""
    readable = uow.access.readable(record_type.key)
    return record_type.list_sort if readable is None or record_type.list_sort[0] in readable else BY_TITLE


def read_state(record_type: RecordType, args: Mapping[str, str], usual: tuple[str, bool] = BY_TITLE) -> ListState:
    """Read the address; what it does not sort is in the `usual` order.

    Raises:
        InvalidInput: it names a field, option, column, group, layout or direction that does not exist.
    """
    layout = args.get("layout") or TABLE
    found = layouts.layout_of(layout, record_type)
    if found is None:
        raise InvalidInput({"layout": N_("There is no layout called “%(name)s” here.", name=layout[:60])})
    direction = args.get("dir", "")
    if direction not in {"", "asc", "desc"}:
        raise InvalidInput({"dir": N_("The direction is “asc” or “desc”.")})
    by = read_by(record_type, args.get("by", ""))
    more = {name: clean(args[name])[:200] for name in found.params if args.get(name)}
    given = {name: value for name, value in args.items() if name not in _OWN and name not in layouts.all_params() and value.strip()}
    return ListState(
        record_type.key,
        clean(args.get("q", ""))[:200],
        read_exact(record_type, given),
        *((args["sort"], direction == "desc") if args.get("sort") else (usual[0], direction == "desc" if direction else usual[1])),
        args.get("after", "")[:2000],
        _listed(args.get("trail", ""))[-TRAIL:],
        where=read_where(args.get("where", "")),
        layout=layout,
        by="" if by is None else by.text,
        columns=read_columns(record_type, args.get("cols", "")),
        shut=tuple(dict.fromkeys(_listed(clean(args.get("shut", ""))[:4000])))[:MOST_SHUT],
        hide_empty=args.get("hide") == "1",
        more=more,
        on=read_day(record_type.key, args.get("on", "")),
        usual=usual,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(SEPARATOR) if part)


def read_where(text: str) -> Filter:
    """Read a filter tree out of the address.

    Raises:
        InvalidInput: it is no JSON, too long, or no filter.
    """
    if not text:
        return EVERYTHING
    if len(text) > LONGEST_WHERE:
        raise InvalidInput({"where": TOO_LONG})
    try:
        raw: Any = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise InvalidInput({"where": N_("The filter in the address cannot be read: it is not JSON.")}) from None
    where = parse(raw)
    try:
        where_text(where).encode()
    except UnicodeEncodeError:
        raise InvalidInput({"where": N_("The filter in the address holds a sign that is none.")}) from None
    return where


def _no_constant(name: str) -> Any:
    raise ValueError(name)
