"""What may be said of an extra field when it is made: a wrong word here would stop every process that reads the types."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from typing import Any, Final

from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_
from crm.records.fields.base import shown

_OPTION_KEY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
_ASKED: Final = frozenset({"hidden", "optional", "required"})
MAX_OPTIONS: Final = 500

Check = Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**14


def _is_whole(low: int, high: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_asked(value: Any) -> bool:
    return isinstance(value, str) and value in _ASKED


def _are_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) and 0 < len(one) <= 100 for one in value)


def _is_option(value: Any) -> bool:
    if not isinstance(value, Mapping) or not set(value) <= {"key", "label", "colour", "retired"}:
        return False
    key, label = value.get("key"), value.get("label")
    named = isinstance(label, Mapping) and set(label) <= {"da", "en"} and any(label.values())
    worded = named and isinstance(label, Mapping) and all(isinstance(text, str) for text in label.values())
    plain = isinstance(value.get("colour", ""), str) and isinstance(value.get("retired", False), bool)
    return isinstance(key, str) and _OPTION_KEY.fullmatch(key) is not None and worded and plain


def _are_options(value: Any) -> bool:
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MAX_OPTIONS or not all(_is_option(one) for one in value):
        return False
    return len({one["key"] for one in value}) == len(value)


#: What each kind takes, and how it is checked. Regular expressions and storage words are for built-in types alone.
ALLOWED: Final[Mapping[str, Mapping[str, Check]]] = {
    "text": {"multiline": _is_flag, "max_length": _is_whole(1, 20_000)},
    "number": {
        "decimals": _is_whole(0, 4),
        "unit": lambda value: isinstance(value, str) and len(value) <= 20,
        "min": _is_number,
        "max": _is_number,
    },
    "date": {"end": _is_asked, "time": _is_asked},
    "choice": {"options": _are_options},
    "relation": {"targets": _are_texts, "many": _is_flag, "roles": _are_texts},
}
NEEDED: Final[Mapping[str, str]] = {"choice": "options", "relation": "targets"}


def check_config(kind: str, config: Mapping[str, Any], types: Container[str]) -> None:
    """Refuse a setting that the kind does not know, or a value that it cannot use.

    Raises:
        InvalidInput: which, under `config`.
    """
    allowed = ALLOWED.get(kind, {})
    for name, value in config.items():
        if name not in allowed or not allowed[name](value):
            raise InvalidInput({"config": N_("“%(name)s” cannot be set so for this kind of field.", name=shown(name))})
    needed = NEEDED.get(kind)
    if needed is not None and not config.get(needed):
        raise InvalidInput({"config": N_("This kind of field needs “%(name)s”.", name=needed)})
    for key in config.get("targets", ()):
        if key not in types:
            raise InvalidInput({"config": N_("There is no kind of record called “%(key)s”.", key=shown(key))})
