"""The pure state machine of a type. It decides; `records.store.transition` acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_, Label, Message
from crm.kernel.text import clean

#: A guard looks at the record's values and at facts that the type's `guard_facts` read beforehand; None means "allowed".
Guard = Callable[[Mapping[str, Any], Mapping[str, Any]], Message | None]


@dataclass(frozen=True, slots=True)
class State:
    """A state of a record. `colour` is one of the palette's classes; a final state ends the work."""

    key: str
    label: Label
    colour: str = "grey"
    final: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """A step between states. `act` is the right it needs (its own name when empty); `by_hand` shows it as a button."""

    key: str
    label: Label
    sources: tuple[str, ...]
    target: str
    guards: tuple[Guard, ...] = ()
    act: str = ""
    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """A transition as offered on screen: allowed, or blocked with the reasons."""

    transition: Transition
    reasons: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """States, transitions and the initial state of a type."""

    states: tuple[State, ...]
    transitions: tuple[Transition, ...] = ()
    by_key: Mapping[str, State] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {state.key: state for state in self.states})
        if len(self.by_key) != len(self.states) or len({step.key for step in self.transitions}) != len(self.transitions):
            raise ValueError("two states or two transitions have the same key")
        for step in self.transitions:
            for key in (*step.sources, step.target):
                if key not in self.by_key:
                    raise ValueError(f"transition {step.key} names an unknown state {key}")

    @property
    def initial(self) -> str:
        """The state of a new record: the first."""
        return self.states[0].key

    def find(self, key: str) -> Transition | None:
        """Give a transition by key."""
        return next((step for step in self.transitions if step.key == key), None)

    def choices(self, state: str | None, values: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Choice]:
        """Give every step out of a state, with the reasons against it."""
        return [
            Choice(step, tuple(reason for guard in step.guards if (reason := guard(values, facts)) is not None))
            for step in self.transitions
            if state in step.sources
        ]

    def step(self, key: str, state: str | None, values: Mapping[str, Any], facts: Mapping[str, Any]) -> Transition:
        """Give the transition if it may be taken now.

        Raises:
            RuleViolation: it does not exist, does not start in this state, or a guard says no.
        """
        step = self.find(key)
        if step is None:
            raise RuleViolation(N_("There is no step called “%(key)s”.", key=clean(key[:40])))
        if state not in step.sources:
            current = self.by_key[state].label if state is not None and state in self.by_key else N_("unknown")
            raise RuleViolation(N_("“%(step)s” is not possible while the state is “%(state)s”.", step=step.label, state=current))
        for guard in step.guards:
            reason = guard(values, facts)
            if reason is not None:
                raise RuleViolation(reason)
        return step
