"""Small cells of a table about people: what so few did is not told, for it could be read as what one of them did.

Source: practice for breakdowns of answers and participants (domain §3.3: cells under about five are suppressed).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

#: The smallest number of people that a cell tells.
LEAST: Final = 5


def telling(counts: Sequence[int], least: int = LEAST) -> tuple[int | None, ...]:
    """Give the numbers of one row or column that may be told beside their sum; None in place of one that is hidden.

    None at all (0) is told: nobody is behind it. A single hidden number could be found by taking the others from the sum, so
    the smallest of the others goes with it.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < least}
    if len(hidden) == 1:
        others = [(count, place) for place, count in enumerate(counts) if count and place not in hidden]
        hidden |= {min(others)[1]} if others else set()
    return tuple(None if place in hidden else count for place, count in enumerate(counts))
