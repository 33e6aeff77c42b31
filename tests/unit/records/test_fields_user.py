"""Fields that name a user."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.records.types import Column, Spine
from tests.support.hostile import HOSTILE
from tests.unit.records.field_laws import check_form, check_hostile, check_round_trips, cleaned, field, refusal

ITEM = field("user", Column(("x_id",)))
OWNER = field("user", Spine(("owner_id",)))
EXTRA = field("user")


@given(value=st.integers(1, 2**31 - 1))
def test_ids_come_back(value: int) -> None:
    for item in (ITEM, OWNER, EXTRA):
        check_round_trips(item, value)
        check_form(item, value)
    assert cleaned(ITEM, f" {value} ") == value


@settings(max_examples=1000)
@given(raw=HOSTILE)
def test_hostile_values_are_ids_or_refused(raw: object) -> None:
    check_hostile((ITEM, OWNER, EXTRA), raw)


def test_only_an_id_that_a_column_holds_is_a_user() -> None:
    assert cleaned(ITEM, None) is cleaned(ITEM, "") is None
    for raw in (0, -1, 2**31, True, 1.0, "anna", "1.0", "9" * 5000, 10**400):
        assert refusal(ITEM, raw) == "Choose a user from the list."
