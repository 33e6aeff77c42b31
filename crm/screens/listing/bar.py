"""What stands above a list: chips of its filters in words, each with a way to take it away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.filters import All, Condition
from crm.filters.resolve import ME
from crm.kernel import format as forms
from crm.kernel.i18n import N_
from crm.records.work import UnitOfWork
from crm.screens.listing.filters import by_value, exact_fields
from crm.screens.listing.grouping import read_by
from crm.screens.listing.state import ListState, where_parts
from crm.screens.listing.table import Asked
from crm.screens.listing.words import FilterWords
from crm.screens.past import past_of
from crm.screens.present import Presenter, head_field


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the address of the list without it."""

    words: str
    url: str
    #: The part of the filter tree, to open the builder at; None for a filter by value.
    part: int | None = None


def load_bar(uow: UnitOfWork, asked: Asked, presenter: Presenter, columns: int | None = None) -> Mapping[str, Any]:
    """Word the filters, and how the list is arranged; names of records and users are read in one go.

    Args:
        uow: the one who looks.
        asked: the list.
        presenter: its language, and the names known already.
        columns: how many columns it has; None when it is no table.
    """
    state = asked.state
    return {
        "chips": chips(uow, asked, presenter) if state.filtered else (),
        "has_past": past_of(asked.type.key) is not None,
        "today_url": state.as_of(None).url(),
        "on_words": "" if state.on is None else forms.day(state.on, presenter.locale),
        "arranged": arranged_words(asked, presenter.locale, columns),
        "hidden": [(name, value) for name, value in asked.state.start().pairs() if name not in {"q", "on"}],
    }


def chips(uow: UnitOfWork, asked: Asked, presenter: Presenter) -> list[Chip]:
    """Give the chips: filters by value, and each part of the tree that must hold."""
    state = asked.state
    tree = All((*_exact(asked), *where_parts(state.where)))
    words = FilterWords(uow, asked.type, presenter)
    words.prepare(tree)
    found = [
        Chip(words.sentence(part), state.without(name).url()) for name, part in zip(sorted(state.exact), _exact(asked), strict=True)
    ]
    parts = enumerate(where_parts(state.where))
    return [*found, *(Chip(words.sentence(part, inside=True), state.without_part(number).url(), number) for number, part in parts)]


def filter_words(uow: UnitOfWork, asked: Asked, presenter: Presenter) -> str:
    """Give all filters of a list as one sentence, the text searched for included; "" without any."""
    text = asked.state.text
    own = [f"”{text}”" if presenter.locale == "da" else f"“{text}”"] if text else []
    if asked.state.on is not None:
        own.append(N_("as of %(day)s", day=forms.day(asked.state.on, presenter.locale))(presenter.locale))
    return " · ".join([*own, *(chip.words for chip in chips(uow, asked, presenter))])


def _exact(asked: Asked) -> list[Condition]:
    state: ListState = asked.state
    fields = {item.api_name: item for item in exact_fields(asked.type)} if state.exact else {}
    return [
        Condition(name, by_value(fields[name]) or "is", ME if text == "me" else text) for name, text in sorted(state.exact.items())
    ]


def arranged_words(asked: Asked, locale: str, columns: int | None = None) -> str:
    """Say how the list is arranged: Sorteret efter Navn ↑ · Grupperet: ingen · 8 kolonner."""
    state = asked.state
    item = head_field(asked.type, state.sort)
    by = read_by(asked.type, state.by)
    grouped = N_("no groups") if by is None else N_("grouped by %(field)s", field=by.field.label)
    parts = [
        N_("Sorted by %(field)s", field=item.label if item is not None else state.sort)(locale)
        + (" ↓" if state.descending else " ↑"),
        grouped(locale),
    ]
    if columns is not None:
        parts.append(N_("%(number)s columns", number=columns)(locale))
    return " · ".join(parts)
