"""Fields that point at another record."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.records.fields import KINDS, ValueProblem
from crm.records.types import Column, Links
from tests.support.hostile import HOSTILE
from tests.unit.records.field_laws import ZONE, check_form, check_hostile, check_round_trips, cleaned, field, refusal

ITEM = field("relation", Column(("x_id",)), targets=("organisation",))
EXTRA = field("relation", targets=("organisation",))
MANY = field("relation", Links(), targets=("organisation",))


@given(value=st.integers(1, 2**53 - 1))
def test_ids_come_back(value: int) -> None:
    for item in (ITEM, EXTRA):
        check_round_trips(item, value)
        check_form(item, value)


@settings(max_examples=1000)
@given(raw=HOSTILE)
def test_hostile_values_are_ids_or_refused(raw: object) -> None:
    check_hostile((ITEM, EXTRA, MANY), raw)


def test_only_an_id_is_a_relation() -> None:
    assert cleaned(ITEM, None) is cleaned(ITEM, "") is None
    for raw in (0, 2**53, "x", ["1"], {"id": 1}):
        assert refusal(ITEM, raw) == "Choose from the list."


def test_links_are_not_values_but_can_be_asked_for() -> None:
    assert refusal(MANY, 1) == refusal(MANY, [1]) == "Add and remove links one by one."
    assert KINDS["relation"].operand(MANY, "7", ZONE) == 7
    with pytest.raises(ValueProblem, match="needs a value"):
        KINDS["relation"].operand(MANY, None, ZONE)
