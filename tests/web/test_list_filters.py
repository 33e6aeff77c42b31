"""Filters of a list as people meet them: chips in words, the tree in the address, refusals in plain words."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from crm.security.models import Grant
from tests.support.people import add_role
from tests.support.screens import Desk, desk, make, make_meeting, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


def asked(tree: Any, path: str = "/t/organisation", **more: str) -> str:
    return f"{path}?{urlencode({'where': json.dumps(tree), **more})}"


def condition(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op} if value is None else {"field": field, "op": op, "value": value}


def test_a_tree_in_the_address_filters_and_says_so_in_chips(staff: Desk, sqlite_klynge: Klynge):
    make(sqlite_klynge, "organisation", title="Havvind", kind="network", city="Odense")
    make(sqlite_klynge, "organisation", title="Grøn Energi", kind="company", city="Aabenraa")
    make(sqlite_klynge, "organisation", title="Blå Vækst", kind="cluster", city="Odense")
    tree = {"all": [condition("kind", "in", ["network", "company"]), {"not": {"any": [condition("city", "is", "Åbenrå")]}}]}
    page = staff.get(asked(tree))
    assert "Havvind" in page.text
    assert "Blå Vækst" not in page.text
    assert "Grøn Energi" not in page.text
    assert "Slags er Virksomhed eller Netværk" in words(page) or "Slags er Netværk eller Virksomhed" in words(page)
    assert "ikke (By er ”Åbenrå”)" in words(page)


def test_each_chip_takes_its_own_filter_away(staff: Desk, sqlite_klynge: Klynge):
    make(sqlite_klynge, "organisation", title="Havvind", kind="network", city="Odense")
    page = staff.get(asked({"all": [condition("kind", "is", "company"), condition("city", "filled")]}, **{"f.kind": "network"}))
    assert "Intet passer til filteret." in words(page)
    chip = next(part for part in page.text.split('class="chip')[1:] if "Virksomhed" in part)
    without = staff.get(chip.split('" aria-label')[0].rsplit('<a href="', 1)[1].split('"')[0].replace("&amp;", "&"))
    assert "Havvind" in without.text
    assert "By er udfyldt" in words(without)
    assert "Slags er Netværk" in words(without)


def test_me_relative_dates_and_fields_of_related_records_work_and_are_worded(staff: Desk, sqlite_klynge: Klynge):
    _, meeting = make_meeting(sqlite_klynge)
    page = staff.get(
        asked({"all": [condition("meeting.board.title", "starts", "styre"), condition("due", "within", "@next2m")]}, "/t/follow_up")
    )
    assert "› Udvalg › Navn begynder med ”styre”" in words(page)
    assert "ligger i de næste 2 måneder" in words(page)
    make(sqlite_klynge, "follow_up", title="Send notat", meeting=meeting, due="2026-12-20")
    make(sqlite_klynge, "follow_up", title="Senere", meeting=meeting, due="2027-02-20")
    page = staff.get(
        asked(
            {"all": [condition("meeting.board.title", "starts", "styre"), condition("due", "within", "@next30d")]}, "/t/follow_up"
        )
    )
    assert "Send notat" in page.text
    assert "Senere" not in page.text
    assert "Ansvarlig er mig" in words(staff.get(asked(condition("owner", "is", "@me"))))


REFUSED = [
    ("{", "ikke JSON"),
    ("[" * 2_000, "ikke JSON"),
    ("5", "Et filter er"),
    ('{"field": "nonsense", "op": "is", "value": 1}', "Der er intet felt"),
    ('{"field": "kind", "op": "like", "value": 1}', "ingen operator"),
    ('{"field": "kind", "op": "contains", "value": "x"}', "kan ikke sammenlignes"),
    ('{"field": "kind", "op": "in", "value": "x"}', "liste"),
    ('{"field": "kind", "op": "is", "value": "nonsense"}', "kan ikke vælges"),
    ('{"field": "created_at", "op": "within", "value": "@century"}', "ikke en periode"),
    ('{"field": "created_at", "op": "is", "value": "@today-9999y"}', "uden for kalenderen"),
    ('{"field": "parent.parent.parent.parent.title", "op": "is", "value": "x"}', "led"),
    ('{"field": "kind.title", "op": "is", "value": "x"}', "ingen vej"),
    ('{"field": "title", "op": "is", "value": "\\ud800"}', "tegn"),
    ('{"all": ' * 9 + "[]" + "}" * 9, "liste af filtre"),
    ('{"not": ' * 9 + '{"all": []}' + "}" * 9, "for mange lag"),
    (json.dumps({"field": "title", "op": "is", "value": "x" * 4_000}), "for langt"),
]


def test_a_bad_filter_is_refused_with_a_plain_word(staff: Desk):
    for where, said in REFUSED:
        page = staff.get(f"/t/organisation?{urlencode({'where': where})}")
        assert (page.status_code, said in words(page)) == (400, True), (where[:60], words(page)[-200:])
        assert staff.get(f"/t/organisation/count?{urlencode({'where': where})}").status_code == 400


def test_the_filter_survives_paging_sorting_and_the_text_box(staff: Desk, sqlite_klynge: Klynge):
    for number in range(60):
        make(sqlite_klynge, "organisation", title=f"Klynge {number:02}", kind="company")
    page = staff.get(asked(condition("kind", "is", "company"), q="klynge"))
    following = page.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "Klynge 50" in staff.get(following).text
    assert "Slags er Virksomhed" in words(staff.get(following))
    assert 'name="where" value="{&#34;all&#34;' in page.text or 'name="where" value="{&#34;field&#34;' in page.text


def inputs_of(html: str) -> dict[str, list[str]]:
    """Give what a browser would send of the builder's form."""
    form = html.split('id="filter-form"')[1].partition("</form>")[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<select\b.*?</select>|<input\b[^>]*>", form, re.DOTALL):
        name = re.search(r'\bname="([^"]*)"', tag)
        if name is None:
            continue
        chosen = (
            re.findall(r'<option value="([^"]*)" selected', tag)
            if tag.startswith("<select")
            else re.findall(r'\bvalue="([^"]*)"', tag)
        )
        if tag.startswith("<select") and not chosen and " multiple" not in tag:
            chosen = re.findall(r'<option value="([^"]*)"', tag)[:1]
        found.setdefault(name[1], []).extend(unescape(value) for value in chosen)
    return found


TREE = {
    "all": [
        condition("kind", "in", ["company", "network"]),
        condition("parent.parent.title", "starts", "Hav"),
        condition("created_at", "within", "@past45d"),
        {
            "any": [
                condition("owner", "in", ["@me"]),
                condition("updated_at", "ge", "@today-2w"),
                {"not": {"any": [condition("city", "filled")]}},
            ]
        },
        condition("cvr_doubtful", "is", "true"),
    ]
}


def test_the_builder_gives_back_the_filter_that_it_was_opened_with(staff: Desk):
    page = staff.get(asked(TREE, "/t/organisation/filter", q="hav"))
    assert page.status_code == 200
    answer = staff.post("/t/organisation/filter", **{**inputs_of(page.text), "act": "apply"})
    assert answer.status_code == 303, words(answer)
    address = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    assert json.loads(address["where"]) == TREE
    assert address["q"] == "hav"


def test_lines_and_groups_are_added_and_taken_away_and_nothing_typed_is_lost(staff: Desk):
    inputs = inputs_of(staff.get("/t/organisation/filter").text)
    inputs["w.0.field"] = ["kind"]
    page = staff.post("/t/organisation/filter", **{**inputs, "act": ""})
    inputs = inputs_of(page.text)
    assert inputs["w.0.op"] == ["in"]
    page = staff.post("/t/organisation/filter", **{**inputs, "w.0.value": ["company"], "act": "group:w"})
    inputs = inputs_of(page.text)
    assert inputs["w.0.value"] == ["company"]
    assert inputs["w.1.join"] == ["any"]
    inputs |= {"w.1.0.field": ["city"], "w.1.0.op": ["contains"], "w.1.0.value": ["oden"]}
    page = staff.post("/t/organisation/filter", **{**inputs, "act": "remove:w.0"})
    inputs = inputs_of(page.text)
    assert inputs["w.0.0.value"] == ["oden"]
    answer = staff.post("/t/organisation/filter", **{**inputs, "act": "apply"})
    where = json.loads(dict(parse_qsl(urlsplit(answer.headers["Location"]).query))["where"])
    assert where == {"all": [{"any": [condition("city", "contains", "oden")]}]}
    off = staff.post("/t/organisation/filter", **{**inputs, "act": "off"})
    assert off.headers["Location"] == "/t/organisation"


UNFINISHED: list[tuple[str, dict[str, list[str]], str]] = [
    ("kind", {}, "Vælg eller skriv"),
    ("created_at", {"op": ["lt"], "value": ["snart"]}, "er ikke en dato"),
    ("parent", {"op": ["in"], "value": ["x"]}, "Vælg"),
]


def test_a_line_that_is_not_finished_says_so_beside_itself(staff: Desk):
    for field, more, said in UNFINISHED:
        inputs = {"w.join": ["all"], "w.0.field": [field], "state": [""], **{f"w.0.{name}": value for name, value in more.items()}}
        page = staff.post("/t/organisation/filter", **{**inputs, "act": "apply"})
        assert page.status_code == 200
        assert said in words(page)
        assert 'id="w.0-error"' in page.text


def test_a_filter_that_no_address_can_hold_stays_in_the_builder(staff: Desk):
    inputs: dict[str, Any] = {"w.join": ["all"], "state": [""]}
    for number in range(20):
        inputs |= {f"w.{number}.field": ["title"], f"w.{number}.op": ["contains"], f"w.{number}.value": ["æ" * 100]}
    page = staff.post("/t/organisation/filter", **{**inputs, "act": "apply"})
    assert page.status_code == 200
    assert "for langt til en adresse" in words(page)
    assert inputs_of(page.text)["w.19.value"] == ["æ" * 100]


def test_what_may_not_be_read_is_not_offered_and_not_told(app: Flask, sqlite_klynge: Klynge):
    make(sqlite_klynge, "organisation", title="Havvind", kind="network", city="Odense")
    crm = Grant(type_key="@crm", act="use")
    add_role(sqlite_klynge, "narrow", crm, Grant(type_key="organisation", act="read", read_fields=["title", "kind"]))
    clerk = desk(app, sqlite_klynge, "narrow")
    page = clerk.get("/t/organisation/filter")
    assert 'value="kind"' in page.text
    assert 'value="city"' not in page.text
    assert clerk.get(asked(condition("city", "filled"))).status_code == 400
    assert "Odense" not in words(clerk.get("/t/organisation?cols=title,city"))
