"""The countries of the world by their two letters (ISO 3166-1), named by Babel. Beside the kit: base data that needs no file."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from babel import Locale

from crm.kernel.i18n import Label
from crm.kernel.text import sort_key
from crm.records.types import Option

_TWO_LETTERS: Final = re.compile(r"[A-Z]{2}")
#: What CLDR names by two letters but ISO 3166-1 does not: unions, reserved codes, and codes for tests. Kosovo's XK stays.
_NOT_COUNTRIES: Final = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})


def _names(locale: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale(locale).territories.items()}


@cache
def countries() -> tuple[Option, ...]:
    """Give the countries as options, in the order of their Danish names."""
    danish, english = _names("da"), _names("en")
    codes = [code for code in danish if _TWO_LETTERS.fullmatch(code) and code not in _NOT_COUNTRIES]
    codes.sort(key=lambda code: sort_key(danish[code]))
    return tuple(Option(code, Label(da=danish[code], en=english.get(code, danish[code]))) for code in codes)
