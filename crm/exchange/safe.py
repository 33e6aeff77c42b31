"""Text that a spreadsheet must not take for a formula: the one place where it is defused, and read back.

A cell that begins with = + - @ (also full-width, also after spaces), tab or line break is a formula to some program that opens
it. An apostrophe before it says that it is text; reading takes away just what writing added, so a value comes back as it was.
"""

from __future__ import annotations

import re
from typing import Final

#: Apostrophes before it count too: what begins as our own marking does must be marked as well, or reading would take it away.
_DANGEROUS: Final = re.compile(r"'*\s*[\t\r\n=+\-@＝＋－＠]")
_MARK: Final = "'"

_is_dangerous = _DANGEROUS.match


def defused(text: str) -> str:
    """Give a text as a cell may hold it."""
    if text[:1].isalnum():  # nearly all of them, and told at once
        return text
    return _MARK + text if _is_dangerous(text) is not None else text


def fused(text: str) -> str:
    """Read what `defused` gave."""
    return text[1:] if text.startswith(_MARK) and _is_dangerous(text) is not None else text
