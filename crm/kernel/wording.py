"""Sentences of ours as JSON: kept unworded in a row, and worded in the reader's language when they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.kernel.i18n import Label, Message


def stored(message: Message | None) -> dict[str, Any] | None:
    """Give a message as JSON."""
    if message is None:
        return None
    return {"msgid": message.msgid, "params": {name: _stored_value(value) for name, value in message.params.items()}}


def read(kept: Mapping[str, Any] | None) -> Message | None:
    """Read what `stored` wrote."""
    if kept is None:
        return None
    return Message(str(kept["msgid"]), {name: _read_value(value) for name, value in kept.get("params", {}).items()})


def _stored_value(value: Any) -> Any:
    if isinstance(value, Message):
        return stored(value)
    if isinstance(value, Label):
        return {"label": value.as_dict()}
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _read_value(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return Label.of(value["label"]) if "label" in value else read(value)
