"""How a list is arranged: its columns, their order and widths, sorting and grouping, as a form holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm.kernel.i18n import Message
from crm.records.types import Field, RecordType
from crm.screens.listing.columns import NARROWEST, WIDEST, choosable, columns_of, is_sortable, usual_names
from crm.screens.listing.grouping import PARTS, USUAL_PART, groupable, read_by
from crm.screens.listing.state import TABLE, ListState


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that may stand in a column; `width` as it was typed."""

    field: Field
    on: bool
    width: str = ""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What the form offers and holds."""

    choices: Sequence[Choice]
    sortable: Sequence[Field]
    groups: Sequence[Field]
    sort: str
    descending: bool
    by: str
    part: str
    dated: bool
    hide_empty: bool
    parts: Mapping[str, Message]


def arrangement(record_type: RecordType, readable: frozenset[str] | None, state: ListState) -> Arrangement:
    """Give the form for a list as it is: the columns on show in their order, then the others."""
    shown = columns_of(record_type, readable, state.columns)
    names = {column.name for column in shown}
    fields = choosable(record_type, readable)
    chosen = [Choice(column.field, True, str(column.width or "")) for column in shown]
    rest = [Choice(item, False) for item in fields if item.api_name not in names]
    by = read_by(record_type, state.by)
    return Arrangement(
        [*chosen, *rest],
        [item for item in fields if is_sortable(item)],
        groupable(record_type, readable),
        state.sort,
        state.descending,
        "" if by is None else by.field.api_name,
        (by.part if by is not None else "") or USUAL_PART,
        by is not None and bool(by.part),
        state.hide_empty,
        PARTS,
    )


def read_arrangement(
    record_type: RecordType, readable: frozenset[str] | None, state: ListState, form: Mapping[str, Sequence[str]]
) -> ListState:
    """Give the list as a posted form arranges it; what is no field of the list, or no width, is passed over."""
    known = {item.api_name: item for item in choosable(record_type, readable)}
    on = set(form.get("on", ())) | {"title"}
    wanted = [name for name in dict.fromkeys(form.get("col", ())) if name in known and name in on]
    columns = tuple((name, _width(_one(form, f"width.{name}"))) for name in wanted)
    if columns == tuple((name, 0) for name in usual_names(record_type) if name in known):
        columns = ()
    sort = _one(form, "sort")
    names = {item.api_name: item for item in groupable(record_type, readable)}
    by = names.get(_one(form, "by"))
    part = _one(form, "part")
    text = "" if by is None else by.api_name if by.kind != "date" else f"{by.api_name}:{part if part in PARTS else USUAL_PART}"
    arranged: dict[str, Any] = {
        "columns": columns,
        "sort": sort if sort in known and is_sortable(known[sort]) else "title",
        "descending": _one(form, "dir") == "desc",
        "by": text,
        "shut": state.shut if text == state.by else (),
        "hide_empty": bool(form.get("hide")) and bool(text),
    }
    if text and state.layout == TABLE:
        arranged["more"] = {}
    return replace(state.start(), **arranged)


def moved(form: Mapping[str, Sequence[str]], act: str) -> list[str]:
    """Give the order of the columns after a button: `up:kind`, `down:kind`; anything else leaves it."""
    order = list(dict.fromkeys(form.get("col", ())))
    verb, _colon, name = act.partition(":")
    if name in order and verb in {"up", "down"}:
        here = order.index(name)
        there = max(0, min(len(order) - 1, here + (-1 if verb == "up" else 1)))
        order[here], order[there] = order[there], order[here]
    return order


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _width(text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 5:
        return 0
    return max(NARROWEST, min(WIDEST, int(digits)))
