"""The rows of a list, written in Python for speed, are what the templates' macro gives; and nothing in them runs."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.screens.cells import cell
from crm.screens.present import Shown

ONE = st.builds(
    Shown,
    text=st.text(max_size=12) | st.sampled_from(["<b>", '"', "'", "&amp;", "Mette Kjær", "(x)"]),
    url=st.none() | st.sampled_from(["/r/1/x", "https://a.dk/?a=1&b=2", '"><script>']),
    colour=st.none() | st.just("green"),
    strong=st.booleans(),
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
