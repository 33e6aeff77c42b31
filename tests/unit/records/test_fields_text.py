"""Text fields."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.kernel.text import sort_key
from crm.records.fields import KINDS
from crm.records.types import Column
from tests.support.hostile import HOSTILE
from tests.unit.records.field_laws import ZONE, check_form, check_hostile, check_round_trips, cleaned, field, refusal

LINE = field("text")
LINES = field("text", config={"multiline": True})
KEYED = field("text", Column(("x", "x_key")))
PLAIN = field("text", Column(("x",)))
CODE = field("text", config={"pattern": r"\d{4}", "max_length": 4})


@given(raw=st.text(max_size=200))
def test_whatever_is_typed_is_cleaned_once_and_for_all(raw: str) -> None:
    for item in (LINE, LINES, KEYED, PLAIN):
        value = cleaned(item, raw)
        if value is None:
            continue
        check_round_trips(item, value)
        check_form(item, value)


@settings(max_examples=1000)
@given(raw=HOSTILE)
def test_hostile_values_are_kept_clean_or_refused(raw: object) -> None:
    check_hostile((LINE, LINES, KEYED, PLAIN, CODE), raw)


def test_what_must_never_be_stored_is_stripped() -> None:
    assert cleaned(LINE, " a\0b\u202ec\ud800d\te\nf\r\ng ") == "abcd e f g"
    assert cleaned(LINES, "a\r\nb\rc\td\0") == "a\nb\nc\td"
    assert cleaned(LINE, "a\x01\u030a") == "å"
    assert cleaned(LINE, " \0 ") is None


def test_limits_and_forms_are_told_with_their_numbers() -> None:
    assert refusal(LINE, "x" * 201) == "At most 200 characters; this is 201."
    assert refusal(LINES, "x" * 20_001) == "At most 20000 characters; this is 20001."
    assert cleaned(LINE, "x" * 200 + " " * 50) == "x" * 200
    assert cleaned(CODE, "0101") == "0101"
    assert refusal(CODE, "abcd") == "This does not have the expected form."
    assert refusal(LINE, 5) == "This must be text."


@given(value=st.text(min_size=1, max_size=200).filter(str.strip))
def test_the_key_beside_it_and_the_slot_are_the_danish_sort_key(value: str) -> None:
    assert KINDS["text"].to_columns(KEYED, value, ZONE) == (value, sort_key(value))
    assert KINDS["text"].slot_value(LINE, value, ZONE) == sort_key(value)
    assert KINDS["text"].to_columns(KEYED, None, ZONE) == (None, None)


@pytest.mark.parametrize("raw", [None, "", "   ", "\u202e"])
def test_nothing_is_empty(raw: str | None) -> None:
    assert cleaned(LINE, raw) is None
