"""What each operator means, over plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.filters import EVERYTHING, NOTHING, All, Any_, Condition, Filter, Not
from crm.filters.evaluate import Subject, evaluate

ZONE = "Europe/Copenhagen"


@dataclass(frozen=True)
class When:
    """A date value as records hold it."""

    start: date | datetime


@dataclass(frozen=True)
class To:
    """A link as records hold it."""

    to_id: int


def holds(kind: str, value: Any, op: str, wanted: Any = None) -> bool:
    """Evaluate one condition over one value."""
    return evaluate(Condition("field", op, wanted), Subject({"field": value}, {"field": kind}, ZONE))


def test_everything_and_nothing() -> None:
    nobody = Subject({}, {}, ZONE)
    assert evaluate(EVERYTHING, nobody)
    assert not evaluate(NOTHING, nobody)


@pytest.mark.parametrize(
    ("value", "op", "wanted", "answer"),
    [
        ("Aabenraa", "is", "åbenrå", True),
        ("Ærø Erhvervsråd", "contains", "ERHVERV", True),
        ("Ærø", "starts", "ær", True),
        ("Ærø", "starts", "ae", False),
        ("Østfyn", "lt", "Aabenraa", True),
        ("Odense", "lt", "Østfyn", True),
        ("100 % vind", "contains", "%", True),
        ("vind", "contains", "_", False),
        ("Café", "is", "cafe", True),
        ("to  ord", "contains", "to ord", True),
    ],
)
def test_text_is_compared_the_danish_way(value: str, op: str, wanted: str, answer: bool) -> None:
    assert holds("text", value, op, wanted) is answer


@pytest.mark.parametrize(
    "kind_and_value",
    [("text", "x"), ("number", Decimal(1)), ("choice", "x"), ("user", 1), ("relation", 1), ("yes_no", True)],
)
@pytest.mark.parametrize("empty", [None, "", []])
def test_empty_values_are_never_equal_and_always_different(kind_and_value: tuple[str, Any], empty: Any) -> None:
    kind, wanted = kind_and_value
    assert not holds(kind, empty, "is", wanted)
    assert holds(kind, empty, "is_not", wanted)
    assert not holds(kind, empty, "in", (wanted,))
    assert holds(kind, empty, "not_in", (wanted,))
    assert holds(kind, empty, "empty")
    assert not holds(kind, empty, "filled")


def test_no_and_zero_are_not_empty() -> None:
    assert holds("yes_no", False, "filled")
    assert holds("number", Decimal(0), "filled")
    assert holds("yes_no", False, "is", False)


def test_choices_are_compared_by_key_not_by_words() -> None:
    assert holds("choice", "active", "is", "active")
    assert not holds("choice", "active", "is", "Active")


def test_codes_are_compared_sign_by_sign() -> None:
    assert holds("exact", "DK-12", "starts", "DK")
    assert not holds("exact", "DK-12", "starts", "dk")


def test_a_condition_reads_its_value_as_the_field_does() -> None:
    subject = Subject({"size": Decimal(12)}, {"size": "number"}, ZONE, read=lambda _field, raw: Decimal(raw))
    assert evaluate(Condition("size", "in", ("3", "12")), subject)


def test_numbers_are_exact_to_four_decimals() -> None:
    assert holds("number", Decimal("0.3"), "is", Decimal("0.3000"))
    assert holds("number", Decimal("0.3001"), "gt", Decimal("0.3"))


@pytest.mark.parametrize(
    ("op", "before", "first", "last", "after"),
    [
        ("lt", True, False, False, False),
        ("le", True, True, True, False),
        ("is", False, True, True, False),
        ("ge", False, True, True, True),
        ("gt", False, False, False, True),
        ("is_not", True, False, False, True),
    ],
)
def test_a_day_means_the_whole_local_day(op: str, before: bool, first: bool, last: bool, after: bool) -> None:
    day = date(2026, 7, 1)  # summer: local midnight is 22:00 UTC the day before
    moments = [(30, 21, 59), (30, 22, 0), (1, 21, 59), (1, 22, 0)]
    values = [When(datetime(2026, 6 if d == 30 else 7, d, h, m, tzinfo=UTC)) for d, h, m in moments]
    assert [holds("date", value, op, day) for value in values] == [before, first, last, after]


def test_an_all_day_value_is_on_its_day() -> None:
    assert holds("date", When(date(2026, 12, 1)), "is", date(2026, 12, 1))
    assert not holds("date", When(date(2026, 12, 1)), "gt", date(2026, 12, 1))


def test_a_moment_is_compared_as_it_is() -> None:
    noon = datetime(2026, 12, 1, 11, tzinfo=UTC)
    assert holds("date", When(noon), "is", noon)
    assert holds("date", When(noon), "le", noon)
    assert not holds("date", When(noon), "lt", noon)


def test_several_links_match_if_one_does() -> None:
    assert holds("relation", [To(4), To(9)], "is", 9)
    assert not holds("relation", [To(4), To(9)], "is_not", 9)
    assert holds("relation", [To(4)], "not_in", (9, 10))


def test_a_path_steps_over_relations_and_ends_empty_where_they_do() -> None:
    board = Subject({"name": "Styregruppen"}, {"name": "text"}, ZONE)
    kinds = {"board": "relation"}
    meeting = Subject({"board": 5}, kinds, ZONE, follow=lambda field, key: board if (field, key) == ("board", 5) else None)
    assert evaluate(Condition("board.name", "is", "styregruppen"), meeting)
    nowhere = Subject({"board": None}, kinds, ZONE)
    assert not evaluate(Condition("board.name", "is", "styregruppen"), nowhere)
    assert evaluate(Condition("board.name", "is_not", "styregruppen"), nowhere)
    assert evaluate(Condition("board.name", "empty"), nowhere)


OPERATORS = ["is", "is_not", "contains", "starts", "lt", "le", "gt", "ge"]
conditions = st.builds(Condition, st.just("field"), st.sampled_from(OPERATORS), st.text(max_size=5))
trees: st.SearchStrategy[Filter] = st.recursive(
    conditions,
    lambda part: st.one_of(
        st.builds(All, st.lists(part, max_size=3).map(tuple)),
        st.builds(Any_, st.lists(part, max_size=3).map(tuple)),
        st.builds(Not, part),
    ),
    max_leaves=6,
)


@given(trees, st.one_of(st.none(), st.text(max_size=5)))
def test_not_is_always_the_opposite(tree: Filter, value: str | None) -> None:
    subject = Subject({"field": value}, {"field": "text"}, ZONE)
    assert evaluate(Not(tree), subject) is not evaluate(tree, subject)


@given(st.text(max_size=6), st.text(max_size=6))
def test_lt_le_gt_ge_fit_together(value: str, wanted: str) -> None:
    if not value:
        return
    lt, le, gt, ge = (holds("text", value, op, wanted) for op in ("lt", "le", "gt", "ge"))
    assert le is not gt
    assert ge is not lt
    assert not (lt and gt)
