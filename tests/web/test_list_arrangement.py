"""Columns, widths, sorting and grouping of a list are chosen in a form and kept in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support.screens import Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    make(sqlite_klynge, "organisation", title="Havvind", kind="company", city="Odense")
    return desk(app, sqlite_klynge)


def arranged(staff: Desk, act: str = "apply", **inputs: Any) -> dict[str, str]:
    answer = staff.post("/t/organisation/arrange", act=act, **inputs)
    assert answer.status_code == 303, words(answer)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def test_columns_are_chosen_ordered_and_given_a_width(staff: Desk):
    chosen: dict[str, Any] = {
        "col": ["title", "city", "owner", "kind"],
        "on": ["city", "kind"],
        "width.city": "300",
        "width.kind": "9999",
    }
    address = arranged(staff, **chosen)
    assert address == {"cols": "title,city:300,kind:900"}
    page = staff.get("/t/organisation?cols=title%2Ccity%3A300%2Ckind%3A900")
    assert [page.text.index(f'data-field="{name}"') for name in ("title", "city", "kind")] == sorted(
        page.text.index(f'data-field="{name}"') for name in ("title", "city", "kind")
    )
    assert '<col width="300"><col width="900">' in page.text
    assert 'class="dense cards sized"' in page.text
    assert "3 kolonner" in words(page)
    assert arranged(staff, "usual", **chosen) == {}


def test_a_column_moves_without_losing_what_was_ticked(staff: Desk):
    page = staff.post(
        "/t/organisation/arrange", **{"col": ["title", "city", "kind"], "on": ["city"], "width.city": "99", "act": "down:city"}
    )
    form = page.text.split('id="arrange-form"')[1]
    assert form.index('name="col" value="kind"') < form.index('name="col" value="city"')
    assert 'name="on" value="city" checked' in form
    assert 'name="width.city" value="99"' in form


def test_sorting_and_grouping_are_chosen_beside_the_filter_that_is_there(staff: Desk):
    inputs = {"sort": "city", "dir": "desc", "by": "created_at", "part": "year", "hide": "1", "state": "?f.kind=company&q=hav"}
    address = arranged(staff, **inputs)
    assert address == {
        "q": "hav",
        "f.kind": "company",
        "sort": "city",
        "dir": "desc",
        "by": "created_at:year",
        "hide": "1",
    }
    assert "grupperet efter Oprettet" in words(staff.get("/t/organisation/arrange?by=created_at:year"))


BAD = (
    "cols=nonsense cols=title,title cols=title:1 cols=title:x cols=successors by=title by=nonsense by=kind:month by=created_at:hour"
)


def test_a_bad_arrangement_in_the_address_is_refused_in_words(staff: Desk):
    for query in (*BAD.split(), "layout=nonsense"):
        page = staff.get(f"/t/organisation?{query}")
        assert (page.status_code, "Adressen beder om noget" in words(page)) == (400, True), query


def test_what_is_posted_and_fits_nothing_is_passed_over(staff: Desk):
    assert arranged(staff, col=["title", "nonsense"], on=["nonsense"], sort="nonsense", by="note", part="hour") == {"cols": "title"}
