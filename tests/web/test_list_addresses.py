"""Whatever stands in a list's address, it is a list or a refusal in plain words; and the builder loses nothing of a filter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.filters import All, Any_, Condition, Filter, Not
from crm.filters.tree import OPERATORS, dump
from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.fields import KINDS
from crm.screens.listing.builder import Builder
from crm.screens.listing.draft import draft_of, lines, read_draft
from crm.screens.present import Presenter
from crm.security.models import Grant
from tests.support.kinds import EXAMPLES
from tests.support.people import add_role
from tests.support.records import SYSTEM
from tests.support.screens import Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge

NAMES = [
    "where",
    "by",
    "cols",
    "sort",
    "dir",
    "layout",
    "shut",
    "hide",
    "view",
    "changed",
    "q",
    "after",
    "trail",
    "f.kind",
    "state",
    "owner",
]
PIECES = [
    "",
    "kind",
    "title",
    "x_tags",
    "x_money:1",
    "x_date:month",
    "@me",
    "@today+1d",
    "1",
    "-1",
    "~",
    ",",
    ":",
    "{}",
    "[]",
    "null",
    "\\ud800",
    "æ",
    "\x00",
    "9" * 30,
    "all",
    "table",
    "board",
]
VALUES = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "a", "@me", "@month", "\ud800", "x" * 500])
)
NODES = st.fixed_dictionaries(
    {
        "field": st.sampled_from(["kind", "x_tags", "x_money", "x_date", "parent.title", "id", "nonsense", ""]),
        "op": st.sampled_from([*OPERATORS, "like"]),
    },
    optional={"value": LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(st.text(max_size=2), LEAVES, max_size=1)},
)
TREES = st.recursive(
    NODES,
    lambda part: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(part, max_size=2)), st.builds(lambda one: {"not": one}, part)
    ),
    max_leaves=4,
)


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    with sqlite_klynge.works.writing(SYSTEM, publishing=True) as uow:
        for kind, example in EXAMPLES.items():
            add_field(uow, "organisation", f"x_{kind}", kind, Label(da=kind), config=example.config)
    make(sqlite_klynge, "organisation", title="Havnen", kind="company")
    return desk(app, sqlite_klynge)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    args=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5),
    fragment=st.sampled_from(["", "/rows", "/count", "/foot", "/filter", "/arrange", "/print"]),
)
def test_no_address_is_a_fault(staff: Desk, args: dict[str, str], fragment: str):
    assert staff.get(f"/t/organisation{fragment}?{urlencode(args)}").status_code in {200, 302, 400, 404}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tree=TREES, fragment=st.sampled_from(["/rows", "/filter"]))
def test_no_filter_in_an_address_is_a_fault(staff: Desk, tree: Any, fragment: str):
    assert staff.get(f"/t/organisation{fragment}?{urlencode({'where': json.dumps(tree)})}").status_code in {200, 400}


#: What is compared with, by kind, as the builder writes it.
TYPED = {
    "text": ["vind"],
    "rich_text": ["du"],
    "number": ["12.5"],
    "money": ["1000"],
    "progress": ["40"],
    "duration": ["90"],
    "rating": ["3"],
    "date": ["2026-12-01"],
    "choice": ["a"],
    "choices": ["a", "c"],
    "tags": ["vind"],
    "yes_no": ["true"],
    "user": ["@me"],
    "users": ["1"],
    "link": ["https://a.dk"],
    "emails": ["a@x.dk"],
    "phones": ["33112233"],
    "address": ["Havnegade"],
    "relation": ["1"],
    "auto_number": ["7"],
}


def every_condition() -> list[Condition]:
    """Give a condition for each kind and operator, as the builder itself would write it."""
    found = []
    for kind, values in TYPED.items():
        declared = KINDS[kind].operators
        for op in sorted(declared - ({"is", "is_not", "has"} if {"in", "has_any"} & declared else set())):
            arity = OPERATORS[op]
            value: Any = None if arity == 0 else tuple(values) if arity == -1 else "@month-1" if op == "within" else values[0]
            found.append(Condition(f"x_{kind}", op, value))
    return found


def as_inputs(builder: Builder, tree: Filter) -> dict[str, list[str]]:
    """Give what the builder's form would post of a filter, each line drawn once."""
    root = draft_of(tree)
    inputs = {"w.join": [root.join]}
    for line in lines(root):
        drawn = builder.draw(line)
        day = builder.day_text(line) if drawn.control == "day" else ""
        shown = [day] if day else ["; ".join(line.values)] if drawn.control == "text" else list(line.values)
        inputs |= {
            f"{line.name}.field": list(line.path),
            f"{line.name}.op": [line.op],
            f"{line.name}.kind": [line.kind],
            f"{line.name}.value": shown,
        }
        inputs |= {f"{line.name}.mode": [line.mode], f"{line.name}.number": [line.number], f"{line.name}.unit": [line.unit]}
    return inputs


def test_the_builder_reads_back_what_it_drew_of_every_kind_and_operator(staff: Desk, sqlite_klynge: Klynge):
    with sqlite_klynge.works.reading(SYSTEM) as uow:
        builder = Builder(uow, uow.registry.get("organisation"), Presenter(uow, "da"))
        for condition in every_condition():
            for tree in (All((condition,)), Any_((condition, condition)), Not(All((condition, Condition("title", "filled"))))):
                read = read_draft(as_inputs(builder, tree))
                found = builder.tree(read)
                assert [line.problem for line in lines(read) if line.problem] == [], condition
                assert dump(found) == dump(tree)


def test_sorting_grouping_and_columns_tell_nothing_of_a_field_that_may_not_be_read(app: Flask, sqlite_klynge: Klynge, staff: Desk):
    make(sqlite_klynge, "organisation", title="Hemmelig", city="Odense", cvr="12345678")
    crm = Grant(type_key="@crm", act="use")
    add_role(sqlite_klynge, "narrow", crm, Grant(type_key="organisation", act="read", read_fields=["title", "state"]))
    clerk = desk(app, sqlite_klynge, "narrow")
    for query in (
        "sort=city",
        "by=kind",
        "f.kind=company",
        "by=x_date:month",
        "where=%7B%22field%22%3A%22x_money%22%2C%22op%22%3A%22filled%22%7D",
    ):
        for fragment in ("", "/rows", "/count", "/foot", "/print"):
            if (fragment in {"/count", "/foot"}) and query.startswith(("sort", "by")):
                continue  # a count has neither order nor groups
            assert clerk.get(f"/t/organisation{fragment}?{query}").status_code == 400, (fragment, query)
    for fragment in ("", "/rows", "/foot", "/print"):
        page = clerk.get(f"/t/organisation{fragment}?cols=title,city,kind,x_money,cvr")
        assert page.status_code == 200
        assert "Odense" not in words(page)
        assert "Virksomhed" not in words(page)
    assert 'value="x_money"' not in clerk.get("/t/organisation/arrange").text
