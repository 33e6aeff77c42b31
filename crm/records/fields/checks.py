"""How the settings of a kind of field are checked when a field is made in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

_OPTION_KEY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
_ASKED: Final = frozenset({"hidden", "optional", "required"})
MAX_OPTIONS: Final = 500

Check = Callable[[Any], bool]
#: The settings that a kind takes, each with its check.
Settings = Mapping[str, Check]


def is_number(value: Any) -> bool:
    """Say whether it is a number that a column can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**14


def is_whole(low: int, high: int) -> Check:
    """Give the check for a whole number within bounds."""
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def is_flag(value: Any) -> bool:
    """Say whether it is yes or no."""
    return isinstance(value, bool)


def is_asked(value: Any) -> bool:
    """Say whether it tells how a part of a date is asked for."""
    return isinstance(value, str) and value in _ASKED


def is_short(limit: int) -> Check:
    """Give the check for a short text."""
    return lambda value: isinstance(value, str) and len(value) <= limit


def are_texts(value: Any) -> bool:
    """Say whether they are short texts."""
    return isinstance(value, list | tuple) and all(isinstance(one, str) and 0 < len(one) <= 100 for one in value)


def _is_option(value: Any) -> bool:
    if not isinstance(value, Mapping) or not set(value) <= {"key", "label", "colour", "retired"}:
        return False
    key, label = value.get("key"), value.get("label")
    named = isinstance(label, Mapping) and set(label) <= {"da", "en"} and any(label.values())
    worded = named and isinstance(label, Mapping) and all(isinstance(text, str) for text in label.values())
    plain = isinstance(value.get("colour", ""), str) and isinstance(value.get("retired", False), bool)
    return isinstance(key, str) and _OPTION_KEY.fullmatch(key) is not None and worded and plain


def are_options(value: Any) -> bool:
    """Say whether they are options with different keys."""
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MAX_OPTIONS or not all(_is_option(one) for one in value):
        return False
    return len({one["key"] for one in value}) == len(value)
