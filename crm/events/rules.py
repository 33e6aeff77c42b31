"""Pure decisions about events: what is frozen of a participant, who they stood for on a day, and how full an event is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from crm.kernel.i18n import N_, Message
from crm.records.types import LinkFacts

REGISTERED: Final = "registered"
ATTENDED: Final = "attended"
ABSENT: Final = "absent"
SENT_REGRETS: Final = "cancelled"
#: Those who are expected: what a capacity is compared with.
SIGNED_UP: Final = (REGISTERED, ATTENDED, ABSENT)


def position_on(positions: Sequence[LinkFacts], day: date, preferred: int | None = None) -> LinkFacts | None:
    """Give the position that a person held on a day: at the preferred organisation where they had one there, else the latest.

    A position without dates holds always, and gives way to one that says since when.
    """
    held = [one for one in positions if one.holds_on(day)]
    if preferred is not None:
        held = [one for one in held if one.to_id == preferred] or held
    return max(held, key=lambda one: one.from_on or date.min, default=None)


@dataclass(frozen=True, slots=True)
class Seats:
    """How many have signed up, of how many there is room for (None: no limit)."""

    taken: int
    capacity: int | None

    @property
    def is_over(self) -> bool:
        """Whether more have signed up than there is room for."""
        return self.capacity is not None and self.taken > self.capacity

    @property
    def text(self) -> Message:
        """Give it in words for the heading."""
        if self.capacity is None:
            return N_("%(taken)s signed up", taken=self.taken)
        return N_("%(taken)s of %(capacity)s signed up", taken=self.taken, capacity=self.capacity)

    @property
    def warning(self) -> Message | None:
        """Say why it is too full; nobody is kept out by it."""
        if self.capacity is None or not self.is_over:
            return None
        return N_("There is room for %(capacity)s, and %(taken)s have signed up.", capacity=self.capacity, taken=self.taken)
