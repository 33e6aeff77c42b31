"""The rows of a list, written in Python for speed, are what the templates' macro gives; and nothing in them runs."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.directory.types import ORGANISATION
from crm.records.fields import PhoneValue
from crm.screens import kind_words
from crm.screens.cells import _phones, _SortLinks, cell
from crm.screens.listing import ListState, read_state
from crm.screens.present import Shown

ONE = st.builds(
    Shown,
    text=st.text(max_size=12) | st.sampled_from(["<b>", '"', "'", "&amp;", "Mette Kjær", "(x)"]),
    url=st.none() | st.sampled_from(["/r/1/x", "https://a.dk/?a=1&b=2", '"><script>']),
    colour=st.none() | st.just("green"),
    strong=st.booleans(),
    short=st.sampled_from(["", "Midt", "<i>"]),
    mark=st.sampled_from(["", "★", "<"]),
    prose=st.booleans(),
    person=st.booleans(),
    outside=st.booleans(),
    progress=st.none() | st.integers(0, 100),
)
SHOWN = ONE | st.lists(ONE, min_size=1, max_size=3).map(lambda parts: Shown("alle", parts=tuple(parts)))


@pytest.fixture
def by_macro(app: Flask):
    with app.test_request_context("/"):
        yield app.jinja_env.get_template("macros/values.html").make_module(app.jinja_env.globals).cell  # type: ignore[attr-defined]  # a macro of the template


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(shown=SHOWN)
def test_a_cell_is_what_the_macro_gives(by_macro, shown: Shown) -> None:
    assert cell(shown) == str(by_macro(shown))


def test_nothing_typed_becomes_markup() -> None:
    assert "<script" not in cell(Shown("<script>", url='"><script>', colour="<script>", strong=True))
    assert "<script" not in cell(Shown("<script>", url='"><script>'))
    assert "<script" not in cell(Shown("<script>", person=True))


def test_telephone_numbers_are_written_as_any_value_is() -> None:
    numbers = (PhoneValue("+4533112233"), PhoneValue("+46850610000"), PhoneValue("+4533112233;ext=12"))
    shown = Shown("x", parts=tuple(Shown(words, url) for words, url in map(kind_words.phone, numbers)))
    assert _phones(numbers) == cell(shown)


@pytest.mark.parametrize(
    "state",
    [
        ListState("organisation"),
        ListState("organisation", "a", sort="city"),
        ListState("organisation", sort="title", descending=True),
    ],
)
def test_the_links_of_the_headings_lead_where_the_state_says(state: ListState) -> None:
    for name in ("title", "city", "kind"):
        asked = dict(parse_qsl(urlsplit(_SortLinks(state).by(name)).query))
        assert read_state(ORGANISATION, asked) == state.sorted_by(name)
