"""How much of the demo there is: all of it, or as little as tests of other things need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Size(StrEnum):
    """`small` has the same stories, clusters and certificates, with far fewer companies, people and conversations."""

    FULL = "full"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Measure:
    """The numbers of a size: records in all, and participants as a share of those of the full demo."""

    organisations: int
    persons: int
    sparrings_a_week: float
    collaborations: int
    cases: int
    tasks: int
    participants: float
    #: How many days back events reach, and how many catalogue entries have their answers.
    event_days: int
    answered: int
    #: How many activities abroad there were.
    activities: int


MEASURES: Final = {
    Size.FULL: Measure(1200, 4000, 8.95, 120, 64, 150, 1.0, 10_000, 48, 58),
    Size.SMALL: Measure(100, 240, 0.35, 12, 8, 6, 0.12, 100, 3, 22),
}
