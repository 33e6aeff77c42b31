"""Who acts: a signed-in user, or a named part of the system."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class MandateSpan:
    """A seat of the actor's person in a board; open ends are None, and `to_on` is the last day."""

    board_id: int
    from_on: date | None = None
    to_on: date | None = None

    def active(self, day: date) -> bool:
        """Whether the seat is held on a day."""
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class Actor:
    """The one on whose behalf a unit of work runs; it sits on the unit of work, never in a request global.

    `system` names a part of the product that acts by itself (`worker`, `seed`, `flow`); such an actor has no user and may
    do everything.
    """

    user_id: int | None
    name: str
    roles: frozenset[str] = frozenset()
    person_id: int | None = None
    mandates: tuple[MandateSpan, ...] = field(default=())
    #: The language that the user chose; None while they never did.
    locale: str | None = None
    system: str | None = None
    security_epoch: int = 0
    #: The registry's epoch, read together with the actor; 0 when it was not.
    registry_epoch: int = 0


ANONYMOUS = Actor(user_id=None, name="")


def system_actor(name: str) -> Actor:
    """Give the actor of a part of the product."""
    return Actor(user_id=None, name=f"Klynge ({name})", system=name)
