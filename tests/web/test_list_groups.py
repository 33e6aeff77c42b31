"""A list in groups, and its footer: counts and sums, each number a link to the records that it is about."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from crm.kernel.i18n import Label
from crm.records.definitions import add_field
from crm.records.jobs import JobRunner
from crm.records.store.orders import Create
from tests.support.queries import counting
from tests.support.records import SYSTEM
from tests.support.screens import SEED, Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from crm.wiring import Klynge

COLS = "cols=title,kind,price,far,held"


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    with sqlite_klynge.works.writing(SYSTEM, publishing=True) as uow:
        for name, kind in (("price", "money"), ("far", "progress"), ("held", "date")):
            add_field(uow, "organisation", name, kind, Label(da=name.title()))
    lines: list[tuple[Any, ...]] = [
        ("Havvind", "company", "1000", 50, "2026-03-31"),
        ("Bits", "company", "2,50", 100, "2026-04-01"),
        ("Nord", "network", None, None, "2027-04-01"),
        ("Tomrum", None, None, None, None),
    ]
    for title, kind, price, far, held in lines:
        values = {"title": title, "kind": kind, "price": price, "far": far, "held": held}
        make(sqlite_klynge, "organisation", **{name: value for name, value in values.items() if value is not None})
    return desk(app, sqlite_klynge)


def link(page: TestResponse, text: str) -> str:
    """Give where the first link with this text leads."""
    found = re.search(rf'<a\b[^>]*href="([^"]*)"[^>]*>(?:<[^>]*>)*{re.escape(text)}', page.text.replace("\u00a0", " "))
    assert found is not None, f"no link {text} in {words(page)}"
    return unescape(found[1])


def test_the_footer_sums_up_and_every_number_leads_to_its_records(staff: Desk):
    foot = staff.get(f"/t/organisation/foot?{COLS}")
    text = words(foot).replace("\u00a0", " ")
    for shown in ("4 organisationer", "2 virksomhed", "1 netværk", "1.002,50 kr.", "gns. 75 %", "31.03.2026–01.04.2027"):
        assert shown in text
    companies = staff.get(link(foot, "2 virksomhed"))
    assert "Havvind" in companies.text
    assert "Nord" not in companies.text
    paid = staff.get(link(foot, "1.002,50 kr."))
    assert "Bits" in paid.text
    assert "Tomrum" not in paid.text


def test_groups_have_numbers_sums_and_rows_and_lead_to_the_whole_group(staff: Desk):
    page = staff.get(f"/t/organisation?by=kind&{COLS}")
    text = words(page).replace("\u00a0", " ")
    assert text.index("Virksomhed 2") < text.index("Netværk 1") < text.index("uden Slags 1")
    assert "Klyngesekretariat 0" in text
    assert "1.002,50 kr." in text
    group = staff.get(link(page, "2"))
    assert "Havvind" in group.text
    assert "Nord" not in group.text
    assert "Slags er Virksomhed" in words(group)


def test_empty_groups_are_hidden_and_closed_ones_stay_closed_in_a_saved_view(staff: Desk):
    page = staff.get(f"/t/organisation?by=kind&hide=1&{COLS}")
    assert "Klyngesekretariat 0" not in words(page)
    closing = next(unescape(found) for found in re.findall(r'class="group-toggle" href="([^"]*)"', page.text) if "company" in found)
    closed = staff.get(closing)
    assert "Havvind" not in closed.text
    assert "Nord" in closed.text
    assert 'aria-expanded="false"' in closed.text
    view = staff.post("/t/organisation/views", name="Grupper", state=closing.partition("?")[2]).headers["Location"]
    again = staff.get(view)
    assert "Havvind" not in again.text
    assert "Klyngesekretariat 0" not in words(again)


PARTS = {
    "month": ["marts 2026", "april 2026", "april 2027"],
    "quarter": ["1. kvartal 2026", "2. kvartal 2026"],
    "year": ["2026", "2027"],
}


def test_a_date_makes_groups_by_its_part(staff: Desk):
    for part, names in PARTS.items():
        text = words(staff.get(f"/t/organisation?by=held:{part}&{COLS}"))
        places = [text.index(f"{name} ") for name in names]
        assert places == sorted(places)
        assert "uden Held 1" in text


def test_long_groups_show_their_first_rows_and_the_way_to_all(staff: Desk, sqlite_klynge: Klynge):
    staff.get("/t/organisation?by=kind")
    with counting(sqlite_klynge.database) as few:
        staff.get("/t/organisation?by=kind")
    for number in range(15):
        make(sqlite_klynge, "organisation", title=f"Klynge {number:02}", kind="network")
    with counting(sqlite_klynge.database) as many:
        page = staff.get("/t/organisation?by=kind")
    assert len(many) == len(few)
    assert "Klynge 08" in page.text
    assert "Klynge 12" not in page.text
    assert "Klynge 12" in staff.get(link(page, "Vis alle 16")).text


def test_groups_follow_the_filter_and_users_relations_and_yes_no_make_groups_too(staff: Desk, sqlite_klynge: Klynge):
    parent = make(sqlite_klynge, "organisation", title="Moder")
    make(sqlite_klynge, "organisation", title="Datter", parent=parent)
    assert "Moder 1" in words(staff.get("/t/organisation?by=parent&q=datter"))
    assert "Ja 0" in words(staff.get("/t/organisation?by=cvr_doubtful"))
    assert "uden Ansvarlig" in words(staff.get("/t/organisation?by=owner"))


def test_sums_that_take_too_long_are_offered_as_a_job_that_gives_the_same(
    staff: Desk, sqlite_klynge: Klynge, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("crm.screens.views.lists.BRISK", -1)
    monkeypatch.setattr("crm.kernel.patience._STEPS", 1)
    monkeypatch.setattr("crm.records.totals_job.STRETCH", 2)
    slow = staff.get(f"/t/organisation/foot?{COLS}")
    assert "Summerne tager mere end to sekunder." in words(slow)
    answer = staff.post("/t/organisation/foot", state=f"?{COLS}")
    assert answer.status_code == 303, words(answer)
    JobRunner(sqlite_klynge.works, sqlite_klynge.job_files).drain()
    text = words(staff.get(answer.headers["Location"])).replace("\u00a0", " ")
    for shown in ("4", "1.002,50 kr.", "gns. 75 %", "31.03.2026–01.04.2027"):
        assert shown in text


def test_a_list_prints_whole_with_its_filter_in_words_and_its_groups(staff: Desk, sqlite_klynge: Klynge):
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.save_many(
            [Create("organisation", {"title": f"Klynge {number:03}", "kind": "network"}) for number in range(230)]
        )
    page = staff.get("/t/organisation/print?f.kind=network&q=klynge")
    assert page.text.count("<tr data-id") == 230
    assert "Filtreret: ”klynge” · Slags er Netværk" in words(page)
    assert "data-print" in page.text
    view = staff.post("/t/organisation/views", name="Netværk", state="?f.kind=network&by=state").headers["Location"]
    grouped = staff.get(view.replace("organisation?", "organisation/print?"))
    assert "Organisationer · Netværk" in words(grouped)
    assert grouped.text.count("<tr data-id") == 231
    assert staff.get("/t/organisation/print?sort=nonsense").status_code == 400
