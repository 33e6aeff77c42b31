"""Choice fields."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.kernel.i18n import Label
from crm.records.types import Column, Option
from tests.support.hostile import HOSTILE
from tests.unit.records.field_laws import check_form, check_hostile, check_round_trips, cleaned, field, refusal

OPTIONS = (
    Option("a", Label("Alfa", "Alpha"), "blue"),
    Option("0101", Label("København")),
    Option("old", Label("Gammel"), retired=True),
)
ITEM = field("choice", Column(("x",)), options=OPTIONS)
EXTRA = field("choice", options=OPTIONS)


@given(value=st.sampled_from([option.key for option in OPTIONS]))
def test_keys_come_back(value: str) -> None:
    for item in (ITEM, EXTRA):
        check_round_trips(item, value)
        check_form(item, value)


@settings(max_examples=1000)
@given(raw=HOSTILE)
def test_hostile_values_are_refused(raw: object) -> None:
    check_hostile((ITEM, EXTRA, field("choice")), raw)


def test_only_a_key_is_a_choice() -> None:
    assert cleaned(ITEM, "") is cleaned(ITEM, None) is None
    for raw in ("A", "Alfa", " a", 101, ["a"]):
        assert "is not among the options" in refusal(ITEM, raw)
    assert refusal(ITEM, "x" * 500) == f"“{'x' * 60}” is not among the options."


def test_an_option_is_found_by_key() -> None:
    assert ITEM.option("a") is OPTIONS[0]
    assert ITEM.option("b") is None
