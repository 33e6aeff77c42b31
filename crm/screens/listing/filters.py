"""The filters of a list: those by value, which other pages link to (`f.board=12`), and the tree of the filter builder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from crm.filters import All, Condition, Filter
from crm.filters.resolve import ME
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.kernel.text import clean
from crm.records.fields import KINDS
from crm.records.types import Field, RecordType
from crm.screens.listing.state import ListState, parameter
from crm.screens.past import past_of
from crm.screens.present import MOST_KEPT, head_field

_BY_OPTION: Final = frozenset({"choice", "choices"})


@lru_cache(maxsize=MOST_KEPT)
def exact_fields(record_type: RecordType) -> tuple[Field, ...]:
    """Give the fields that a list may be filtered by exactly: those with one value or several that are chosen."""
    heads = [head_field(record_type, name) for name in ("state", "owner") if name not in record_type.by_name]
    known = (item for item in heads if item is not None and (item.options or item.kind == "user"))
    return (*known, *(item for item in record_type.fields if by_value(item) is not None))


def by_value(item: Field) -> str | None:
    """Give the operator of a filter by value: `is`, or `has` where there are several; None where a value is no choice."""
    if item.kind in {"choice", "user", "relation", "yes_no"}:
        return "is"
    return "has" if item.kind in {"choices", "tags", "users"} and "has" in KINDS[item.kind].operators else None


def read_exact(record_type: RecordType, args: Mapping[str, str]) -> dict[str, str]:
    """Read the filters by value.

    Raises:
        InvalidInput: there is no such filter, or no such option.
    """
    exact: dict[str, str] = {}
    if not args:
        return exact
    known = {parameter(item.api_name): item for item in exact_fields(record_type)}
    for name, value in args.items():
        item = known.get(name)
        if item is None:
            raise InvalidInput({name[:60]: N_("There is no filter called “%(name)s” here.", name=name[:60])})
        text = clean(value)[:100]
        if item.kind in _BY_OPTION and item.option(text) is None:
            raise InvalidInput({item.api_name: N_("“%(value)s” is not an option of “%(field)s”.", value=text, field=item.label)})
        exact[item.api_name] = text
    return exact


def filter_of(record_type: RecordType, state: ListState, _user_id: int | None = None) -> Filter:
    """Turn all filters of a list into the tree that queries take; "me" is put in by the query itself."""
    parts: list[Filter] = [Condition("title", "contains", state.text)] if state.text else []
    if state.exact:
        kinds = {item.api_name: item for item in exact_fields(record_type)}
        for name, value in state.exact.items():
            parts.append(Condition(name, by_value(kinds[name]) or "is", ME if value == "me" else value))
    past = past_of(record_type.key) if state.on is not None else None
    if past is not None and state.on is not None:
        parts.append(past.existed(state.on))
    if isinstance(state.where, All):
        parts += state.where.parts
    else:
        parts.append(state.where)
    return All(tuple(parts))
