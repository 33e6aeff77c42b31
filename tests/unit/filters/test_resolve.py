"""Relative values become real ones; anything else is left to the field's kind."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.filters import All, Any_, Condition, Not, parse
from crm.filters.resolve import NOBODY, Context, resolve
from crm.kernel.errors import InvalidInput
from crm.kernel.i18n import N_

CONTEXT = Context(user_id=7, today=date(2026, 12, 1))


def value_of(kind: str, value: Any, op: str = "is", context: Context = CONTEXT) -> Any:
    """Resolve one condition and give its value."""
    resolved = resolve(Condition("field", op, value), lambda _path: kind, context)
    assert isinstance(resolved, Condition)
    return resolved.value


def test_me_is_the_acting_user() -> None:
    assert value_of("user", "@me") == 7


def test_me_is_nobody_for_a_part_of_the_system() -> None:
    assert value_of("user", "@me", context=Context(None, CONTEXT.today)) == NOBODY


def test_me_in_a_text_is_only_a_text() -> None:
    assert value_of("text", "@me") == "@me"
    assert value_of("text", "@today") == "@today"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("@today", date(2026, 12, 1)),
        ("@today+7d", date(2026, 12, 8)),
        ("@today-1d", date(2026, 11, 30)),
        ("@today+2w", date(2026, 12, 15)),
        ("@today-9999d", date(1999, 7, 17)),
    ],
)
def test_relative_days_are_counted_from_the_offices_today(typed: str, day: date) -> None:
    assert value_of("date", typed, "le") == day


@pytest.mark.parametrize("typed", ["@today+7x", "@today7d", "@today+99999d", "@today+٧d", "@tomorrow", "2027-01-31"])
def test_what_is_no_relative_day_is_left_to_the_kind(typed: str) -> None:
    assert value_of("date", typed) == typed


def test_every_value_of_a_list_is_resolved() -> None:
    assert value_of("user", ("@me", "3", 4), "in") == (7, "3", 4)


def test_the_whole_tree_is_walked() -> None:
    tree = parse({"all": [{"any": [{"not": {"field": "due", "op": "lt", "value": "@today"}}]}]})
    assert resolve(tree, lambda _path: "date", CONTEXT) == All((Any_((Not(Condition("due", "lt", date(2026, 12, 1))),)),))


def test_an_unknown_field_is_refused_wherever_it_stands() -> None:
    def refuse(path: str) -> str:
        raise InvalidInput({"filter": N_("There is no field “%(field)s” to filter by.", field=path)})

    with pytest.raises(InvalidInput, match="secret"):
        resolve(parse({"not": {"field": "secret", "op": "empty"}}), refuse, CONTEXT)


@given(st.sampled_from(["user", "date", "text"]), st.one_of(st.none(), st.integers(), st.text(), st.just("@me"), st.just("@today")))
def test_resolving_twice_changes_nothing_more(kind: str, value: Any) -> None:
    once = value_of(kind, value)
    assert value_of(kind, once) == once
