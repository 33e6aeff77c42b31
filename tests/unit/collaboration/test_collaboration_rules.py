"""A pair has no order; the same statement twice is known; an organisation does not work together with itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm.collaboration.rules import check, is_unconfirmed, partner_of, same_statement
from crm.records.fields import DateValue


def said(
    one: int = 1, other: int = 2, kind: str | None = "project", first: str = "2026-01-01", last: str | None = None
) -> dict[str, Any]:
    period = DateValue(date.fromisoformat(first), date.fromisoformat(last) if last else None)
    return {"one": one, "other": other, "kind": kind, "period": period}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (said(), True),
        (said(one=2, other=1), True),
        (said(kind="event"), False),
        (said(other=3), False),
        (said(first="2025-01-01", last="2025-12-31"), False),
        (said(first="2025-01-01", last="2026-01-01"), True),
        ({**said(), "period": None}, True),
    ],
)
def test_the_same_pair_kind_and_time_is_the_same_statement(other: dict[str, Any], same: bool):
    assert same_statement(said(), other) is same
    assert same_statement(other, said()) is same


def test_nobody_works_together_with_themselves():
    assert set(check(None, said(one=1, other=1), None)) == {"other"}  # type: ignore[arg-type]  # asks nothing
    assert check(None, said(), None) == {}  # type: ignore[arg-type]  # asks nothing


def test_the_other_side_is_told_from_either():
    assert (partner_of(said(), 1), partner_of(said(), 2), partner_of(said(), 9)) == (2, 1, None)


def test_what_nobody_was_asked_about_is_unconfirmed():
    assert is_unconfirmed({"confirmed": None})
    assert is_unconfirmed({"confirmed": "none"})
    assert not is_unconfirmed({"confirmed": "one"})
