"""The address of a list says all about it, and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.directory.types import ORGANISATION
from crm.filters import All, Any_, Condition, Not
from crm.kernel.errors import InvalidInput
from crm.kernel.text import clean
from crm.screens.listing import TRAIL, ListState, columns_of, read_state

# What is typed is tidied when it is read: these texts are tidy already.
texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), max_size=20).map(clean)
conditions = st.builds(Condition, st.sampled_from(["kind", "parent.city"]), st.sampled_from(["is", "contains"]), texts)
wheres = st.lists(conditions | st.builds(lambda one: Not(Any_((one,))), conditions), max_size=3).map(
    lambda parts: All(tuple(parts))
)
widths = st.tuples(st.sampled_from(["title", "kind", "city"]), st.sampled_from([0, 48, 300]))
states = st.builds(
    ListState,
    st.just("organisation"),
    texts,
    st.dictionaries(st.just("kind"), st.sampled_from(["cluster", "company"]), max_size=1),
    st.sampled_from(["title", "kind", "city"]),
    st.booleans(),
    st.sampled_from(["", "abc"]),
    st.lists(st.sampled_from(["0", "abc", "def"]), max_size=3).map(tuple),
    where=wheres,
    by=st.sampled_from(["kind", "created_at:year"]),
    columns=st.lists(widths, max_size=3, unique_by=lambda pair: pair[0]).map(tuple),
    shut=st.lists(st.sampled_from(["company", "-"]), max_size=2, unique=True).map(tuple),
    hide_empty=st.booleans(),
)


@given(states)
def test_an_address_read_back_is_the_same_list(state: ListState):
    args = dict(parse_qsl(urlsplit(state.url()).query))
    assert read_state(ORGANISATION, args) == state


def test_next_and_previous_walk_there_and_back():
    start = ListState("organisation", "x")
    second = start.after("c1")
    third = second.after("c2")
    assert third.before() == second
    assert second.before() == start
    assert start.before() is None


def test_the_trail_is_bounded_and_ends_at_the_first_page():
    state = ListState("organisation")
    for number in range(TRAIL + 5):
        state = state.after(f"c{number}")
    assert len(state.trail) == TRAIL
    while (back := state.before()) is not None:
        state = back
    assert state.cursor == ""


def test_sorting_by_the_same_column_turns_it_round_and_starts_anew():
    state = ListState("organisation").after("c1").sorted_by("city")
    assert (state.sort, state.descending, state.cursor) == ("city", False, "")
    assert state.sorted_by("city").descending


@pytest.mark.parametrize("args", [{"f.nonsense": "x"}, {"f.kind": "nonsense"}, {"dir": "up"}, {"colour": "red"}])
def test_what_a_list_does_not_have_is_refused(args: dict[str, str]):
    with pytest.raises(InvalidInput):
        read_state(ORGANISATION, args)


def test_a_column_that_may_not_be_read_is_left_out():
    names = [column.name for column in columns_of(ORGANISATION, frozenset({"title", "city"}))]
    assert names == ["title", "state", "city"]
