"""What stands above a list: chips of its filters, each with a way to take it away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.records.types import Field
from crm.screens.listing.filters import exact_fields
from crm.screens.listing.table import Asked
from crm.screens.present import Presenter


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the address of the list without it."""

    words: str
    url: str


def load_bar(asked: Asked, presenter: Presenter) -> Mapping[str, Any]:
    """Word the filters; names of records and users are read in one go."""
    state = asked.state
    fields = {item.api_name: item for item in exact_fields(asked.type)} if state.exact else {}
    values = {name: _as_value(fields[name].kind, text) for name, text in state.exact.items() if text != "me"}
    presenter.prepare((fields[name], value) for name, value in values.items())
    chips = [
        Chip(f"{fields[name].label(presenter.locale)}: {_shown(presenter, fields[name], text, values)}", state.without(name).url())
        for name, text in state.exact.items()
    ]
    hidden = [(name, value) for name, value in state.start().pairs() if name != "q"]
    return {"chips": chips, "hidden": hidden}


def _shown(presenter: Presenter, item: Field, text: str, values: Mapping[str, Any]) -> str:
    return "me" if text == "me" else presenter.show(item, values[item.api_name]).text


def _as_value(kind: str, text: str) -> Any:
    if kind in {"relation", "user", "users"}:
        number = int(text) if text.isdecimal() and len(text) < 16 else None
        return (number,) if kind == "users" and number is not None else number
    return text == "true" if kind == "yes_no" else (text,) if kind in {"choices", "tags"} else text
