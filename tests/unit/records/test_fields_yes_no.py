"""Yes-or-no fields."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from crm.records.fields import KINDS
from crm.records.types import Column
from tests.support.hostile import HOSTILE
from tests.unit.records.field_laws import ZONE, check_form, check_hostile, check_round_trips, cleaned, field, refusal

ITEM = field("yes_no", Column(("x",)))
EXTRA = field("yes_no")


@pytest.mark.parametrize("value", [True, False])
def test_answers_come_back(value: bool) -> None:
    for item in (ITEM, EXTRA):
        check_round_trips(item, value)
        check_form(item, value)
    assert KINDS["yes_no"].slot_value(EXTRA, value, ZONE) == int(value)


@settings(max_examples=1000)
@given(raw=HOSTILE)
def test_hostile_values_are_answers_or_refused(raw: object) -> None:
    check_hostile((ITEM, EXTRA), raw)


@pytest.mark.parametrize(("raw", "value"), [("ja", True), ("Nej", False), (" on ", True), (1, True), (0, False), ("false", False)])
def test_words_in_both_languages_are_read(raw: str | int, value: bool) -> None:
    assert cleaned(ITEM, raw) is value


def test_an_unticked_box_is_no_and_nothing_at_all_is_empty() -> None:
    assert cleaned(ITEM, KINDS["yes_no"].from_form(ITEM, {})) is False
    assert cleaned(ITEM, None) is cleaned(ITEM, "") is None
    assert KINDS["yes_no"].slot_value(EXTRA, None, ZONE) is None
    for raw in ("måske", 2, 1.0, []):
        assert refusal(ITEM, raw) == "Answer yes or no."
