"""Values of a filter become what their fields hold, or are refused in plain words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.filters import All, Any_, Condition, Not, parse
from crm.filters.resolve import KIND_OPERATORS, Context, resolve
from crm.kernel.errors import InvalidInput

CONTEXT = Context(user_id=7, today=date(2026, 12, 1), zone="Europe/Copenhagen")


def value_of(kind: str, value: Any, op: str = "is", context: Context = CONTEXT) -> Any:
    """Resolve one condition and give its value."""
    resolved = resolve(Condition("field", op, value), lambda _path: kind, context)
    assert isinstance(resolved, Condition)
    return resolved.value


def test_me_is_the_acting_user() -> None:
    assert value_of("user", "@me") == 7


def test_me_is_nobody_for_a_part_of_the_system() -> None:
    assert value_of("user", "@me", context=Context(None, CONTEXT.today, CONTEXT.zone)) == 0


def test_me_in_a_text_is_only_a_text() -> None:
    assert value_of("text", "@me") == "@me"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("@today", date(2026, 12, 1)),
        ("@today+7d", date(2026, 12, 8)),
        ("@today-1d", date(2026, 11, 30)),
        ("@today+2w", date(2026, 12, 15)),
        ("2027-01-31", date(2027, 1, 31)),
    ],
)
def test_days_are_read(typed: str, day: date) -> None:
    assert value_of("date", typed, "le") == day


def test_a_time_without_zone_is_the_offices() -> None:
    assert value_of("date", "2026-12-01T09:00").astimezone(UTC) == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_numbers_become_exact_with_four_decimals() -> None:
    assert value_of("number", 0.1) == Decimal("0.1")
    assert str(value_of("number", "12.34567")) == "12.3457"


def test_every_value_of_a_list_is_read() -> None:
    assert value_of("user", ("@me", "3", 4), "in") == (7, 3, 4)


def test_the_whole_tree_is_walked() -> None:
    tree = parse({"all": [{"any": [{"not": {"field": "due", "op": "lt", "value": "@today"}}]}]})
    assert resolve(tree, lambda _path: "date", CONTEXT) == All((Any_((Not(Condition("due", "lt", date(2026, 12, 1))),)),))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "ten"),
        ("number", "NaN"),
        ("number", "1e30"),
        ("number", True),
        ("date", "tomorrow"),
        ("date", "@today+7x"),
        ("date", "0001-01-01"),
        ("date", "9999-12-31T23:59"),
        ("date", 20261201),
        ("yes_no", "yes"),
        ("yes_no", 1),
        ("user", "me"),
        ("user", -1),
        ("relation", "9" * 30),
        ("choice", 4),
        ("text", "a\x00b"),
        ("text", "\ud800"),
        ("text", "x" * 501),
        ("text", None),
    ],
)
def test_a_value_that_the_field_cannot_hold_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        value_of(kind, value)
    assert set(caught.value.fields) == {"filter"}


@pytest.mark.parametrize(("kind", "op"), [("yes_no", "lt"), ("choice", "contains"), ("number", "starts"), ("relation", "ge")])
def test_an_operator_that_does_not_suit_the_kind_is_refused(kind: str, op: str) -> None:
    with pytest.raises(InvalidInput, match="does not suit"):
        value_of(kind, "x", op)


@given(
    st.sampled_from(sorted(KIND_OPERATORS)),
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(), st.decimals()),
)
def test_any_value_is_read_or_refused_and_reading_again_changes_nothing(kind: str, value: Any) -> None:
    try:
        once = value_of(kind, value)
    except InvalidInput:
        return
    assert value_of(kind, once) == once
