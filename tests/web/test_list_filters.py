"""Filters of a list as people meet them: chips in words, the tree in the address, refusals in plain words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

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
    without = staff.get(chip.split('href="')[1].split('"')[0].replace("&amp;", "&"))
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
