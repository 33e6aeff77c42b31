"""Whether an organisation was there on a day: from its own days, else from what it came of and went on in. No database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: States of what is no more.
ENDED: Final = frozenset({"merged", "closed"})
#: The state of what is there.
LIVE: Final = "active"
RENAMED: Final = "Navneskift"
MERGED: Final = "Fusion"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Passage:
    """That one organisation went on in another, on a day if it is known."""

    role: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Lifespan:
    """The first and the last day of an organisation, as far as they are known."""

    first: date | None = None
    last: date | None = None

    def is_before(self, day: date) -> bool:
        """Whether a day lies before its first."""
        return self.first is not None and day < self.first

    def is_over(self, day: date) -> bool:
        """Whether a day lies after its last."""
        return self.last is not None and day > self.last


def lifespan(
    founded: date | None, ended: date | None, earlier: Sequence[Passage], later: Sequence[Passage], *, gone: bool
) -> Lifespan:
    """Give the days between which an organisation was there.

    Args:
        founded: the day it says it was founded.
        ended: the day it says it ended.
        earlier: how others went on in it.
        later: how it went on in others.
        gone: it is merged or closed today.

    Without a day of its own it begins on the day on which one took its name, or two or more merged into it; one alone that was
    merged into it may have been taken up by an organisation that was there before. It ends the day before the last passage.
    """
    merged = Counter(one.on for one in earlier if one.role == MERGED and one.on is not None)
    begun = [one.on for one in earlier if one.role == RENAMED and one.on is not None] + [day for day in merged if merged[day] > 1]
    left = [one.on for one in later if one.on is not None] if gone else []
    first = founded or min(begun, default=None)
    last = ended or (max(left) - _DAY if left else None)
    return Lifespan(first, last)
