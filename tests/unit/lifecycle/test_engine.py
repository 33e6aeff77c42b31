"""The state machine: it decides, and says why not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.boards import lifecycle as boards
from crm.directory.types import LIFECYCLE as ORGANISATIONS
from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_, Label, Message
from crm.lifecycle.engine import Lifecycle, State, Transition
from tests.support.hostile import HOSTILE


def is_signed(values: Any, _facts: Any) -> Message | None:
    return None if values.get("signed") else N_("It has not been signed.")


def day_has_come(_values: Any, facts: Any) -> Message | None:
    return None if facts.get("today") else N_("The day has not come.")


A, B, C = (State(key, Label(key.upper()), final=key == "c") for key in "abc")
CYCLE = Lifecycle(
    (A, B, C),
    (
        Transition("send", Label("Send", "Send"), ("a",), "b", (is_signed, day_has_come)),
        Transition("back", Label("Tilbage", "Back"), ("b",), "a"),
        Transition("end", Label("Slut", "End"), ("a", "b"), "c", act="close", by_hand=False),
    ),
)


def test_a_record_begins_in_the_first_state() -> None:
    assert CYCLE.initial == "a"
    assert CYCLE.by_key["c"].final


def test_the_steps_out_of_a_state_are_offered_with_every_reason_against_them() -> None:
    send, end = CYCLE.choices("a", {}, {})
    assert send.transition.key == "send"
    assert [str(reason) for reason in send.reasons] == ["It has not been signed.", "The day has not come."]
    assert (end.transition.key, end.reasons) == ("end", ())
    assert CYCLE.choices("a", {"signed": True}, {"today": True})[0].reasons == ()
    assert CYCLE.choices("c", {}, {}) == CYCLE.choices(None, {}, {}) == CYCLE.choices("nowhere", {}, {}) == []


def test_a_step_is_taken_or_refused_in_words() -> None:
    assert CYCLE.step("send", "a", {"signed": True}, {"today": True}).target == "b"
    for key, state, told in (
        ("jump", "a", "There is no step called “jump”."),
        ("back", "a", "“Back” is not possible while the state is “A”."),
        ("back", None, "“Back” is not possible while the state is “unknown”."),
        ("back", "gone", "“Back” is not possible while the state is “unknown”."),
        ("send", "a", "It has not been signed."),
    ):
        with pytest.raises(RuleViolation) as refused:
            CYCLE.step(key, state, {}, {})
        assert str(refused.value.message) == told


@given(key=HOSTILE.filter(lambda raw: isinstance(raw, str)), state=st.sampled_from(["a", "b", "c", None]))
def test_a_step_that_does_not_exist_is_refused_whatever_it_is_called(key: str, state: str | None) -> None:
    with pytest.raises(RuleViolation) as refused:
        CYCLE.step(key, state, {}, {})
    refused.value.message("da").encode()


@pytest.mark.parametrize(
    ("states", "steps"),
    [
        ((A,), (Transition("x", Label("X"), ("a",), "b"),)),
        ((A,), (Transition("x", Label("X"), ("b",), "a"),)),
        ((A, A), ()),
        ((A, B), (Transition("x", Label("X"), ("a",), "b"), Transition("x", Label("X"), ("b",), "a"))),
    ],
)
def test_a_cycle_that_does_not_hold_together_is_not_made(states: tuple[State, ...], steps: tuple[Transition, ...]) -> None:
    with pytest.raises(ValueError, match=r"unknown state|same key"):
        Lifecycle(states, steps)


@pytest.mark.parametrize("cycle", [ORGANISATIONS, boards.MEETING, boards.FOLLOW_UP])
def test_every_state_of_the_built_in_types_is_reached_and_named_in_both_languages(cycle: Lifecycle) -> None:
    reached = {cycle.initial}
    for _step in cycle.transitions:
        reached |= {step.target for step in cycle.transitions if reached & set(step.sources)}
    assert reached == set(cycle.by_key)
    for label in (*(state.label for state in cycle.states), *(step.label for step in cycle.transitions)):
        assert label.da
        assert label.en
