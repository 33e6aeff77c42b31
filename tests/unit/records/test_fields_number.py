"""Number fields: exact decimals, Danish and plain."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.kernel.db import Fixed4
from crm.records.fields import KINDS, ValueProblem
from crm.records.types import Column
from tests.support.hostile import HOSTILE
from tests.unit.records.field_laws import ZONE, check_form, check_hostile, check_round_trips, cleaned, field, refusal

WHOLE = field("number")
EXACT = field("number", config={"decimals": 4})
MONEY = field("number", Column(("x",)), config={"decimals": 2, "unit": "kr."})
DAYS = field("number", Column(("x",)), config={"integer_column": True, "min": 0, "max": 365})
COUNT = field("number", Column(("x",)), config={"integer_column": True})
BOUNDED = field("number", config={"min": 0, "max": 365})


def numbers(places: int, limit: int = 10**14) -> st.SearchStrategy[Decimal]:
    return st.integers(-limit * 10**places + 1, limit * 10**places - 1).map(
        lambda value: cleaned(EXACT, Decimal(value).scaleb(-places))
    )


@given(whole=numbers(0), money=numbers(2), exact=numbers(4), days=st.integers(0, 365).map(Decimal))
def test_values_come_back_exactly(whole: Decimal, money: Decimal, exact: Decimal, days: Decimal) -> None:
    for item, value in ((WHOLE, whole), (MONEY, money), (EXACT, exact), (DAYS, days)):
        check_round_trips(item, value)
        check_form(item, value)
        assert Fixed4().process_result_value(Fixed4().process_bind_param(value, None), None) == value  # type: ignore[arg-type]


@given(value=numbers(4))
def test_equal_numbers_look_alike(value: Decimal) -> None:
    written = {
        str(cleaned(EXACT, text))
        for text in (format(value, "f"), f"{value:.4f}", format(value, "f").replace(".", ","), f" {value:f}")
    }
    assert len(written) == 1
    assert "E" not in written.pop()


@settings(max_examples=1000)
@given(raw=HOSTILE)
def test_hostile_values_are_kept_exactly_or_refused(raw: object) -> None:
    check_hostile((WHOLE, EXACT, MONEY, DAYS, COUNT), raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("1 234,50", "1234.5"),
        ("−7", "-7"),
        ("0,00", "0"),
        ("-0", "0"),
        (1.5, "1.5"),
        ("1e3", "1000"),
        (7, "7"),
    ],
)
def test_danish_and_plain_forms_are_read(raw: str | float, value: str) -> None:
    assert str(cleaned(EXACT, raw)) == value


def test_refusals_say_why() -> None:
    assert refusal(WHOLE, "1,5") == "This must be a whole number."
    assert refusal(MONEY, "1,234") == "At most 2 decimals."
    assert refusal(EXACT, "1e14") == refusal(EXACT, 10**400) == refusal(EXACT, "1e30") == "The number is too large."
    assert refusal(COUNT, 2**31) == "The number is too large."
    assert refusal(DAYS, -1) == "At least 0."
    assert refusal(DAYS, 366) == "At most 365."
    assert refusal(WHOLE, "mange") == "“mange” is not a number."
    assert refusal(WHOLE, True) == refusal(WHOLE, []) == "This must be a number."


def test_a_filter_may_ask_beyond_the_fields_own_bounds_but_for_something() -> None:
    kind = KINDS["number"]
    assert kind.operand(BOUNDED, "1000", ZONE) == 1000
    assert kind.operand(COUNT, "99.999.999.999,0", ZONE) == 99_999_999_999
    with pytest.raises(ValueProblem, match="needs a value"):
        kind.operand(BOUNDED, " ", ZONE)


def test_whole_numbers_of_rules_are_written_as_they_are() -> None:
    assert KINDS["number"].to_json(WHOLE, 3) == "3"
    assert KINDS["number"].from_columns(DAYS, (10,), ZONE) == Decimal(10)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1.234", "1234"), ("1.234,5", "1234.5"), ("1,5", "1.5"), ("1.5", "1.5"), ("1,234.5", "1234.5"), ("12", "12")],
)
def test_a_form_reads_numbers_as_danes_type_them(typed: str, meant: str) -> None:
    raw = KINDS["number"].from_form(EXACT, {EXACT.api_name: typed})
    assert KINDS["number"].clean(EXACT, raw, ZONE) == Decimal(meant)


def test_a_form_hands_on_what_is_no_number_as_it_was_typed() -> None:
    assert KINDS["number"].from_form(EXACT, {EXACT.api_name: "tolv"}) == "tolv"
