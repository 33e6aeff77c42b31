"""What stands above a list: chips of its filters in words, each with a way to take it away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.filters import All, Condition
from crm.filters.resolve import ME
from crm.records.work import UnitOfWork
from crm.screens.listing.filters import by_value, exact_fields
from crm.screens.listing.state import ListState, where_parts
from crm.screens.listing.table import Asked
from crm.screens.listing.words import FilterWords
from crm.screens.present import Presenter


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the address of the list without it."""

    words: str
    url: str
    #: The part of the filter tree, to open the builder at; None for a filter by value.
    part: int | None = None


def load_bar(uow: UnitOfWork, asked: Asked, presenter: Presenter) -> Mapping[str, Any]:
    """Word the filters; names of records and users are read in one go."""
    return {
        "chips": chips(uow, asked, presenter) if asked.state.filtered else (),
        "hidden": [(name, value) for name, value in asked.state.start().pairs() if name != "q"],
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
    return " · ".join([*own, *(chip.words for chip in chips(uow, asked, presenter))])


def _exact(asked: Asked) -> list[Condition]:
    state: ListState = asked.state
    fields = {item.api_name: item for item in exact_fields(asked.type)} if state.exact else {}
    return [
        Condition(name, by_value(fields[name]) or "is", ME if text == "me" else text) for name, text in sorted(state.exact.items())
    ]
