"""Cases, checklists, collaborations and the work abroad as pages: as each role, without scripts, and in few queries."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.forms import token
from tests.support.people import add_user
from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from crm.wiring import Klynge

SCRIPT = {"HX-Request": "true"}
YEAR = "from=2026-01-01&to=2026-12-31"


@pytest.fixture
def mette(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge, "staff", "mette")


def tick(who: Desk, case: int, order: str, name: str = "checklist") -> TestResponse:
    data = {"csrf_token": token(who.client), "tick": order}
    return who.client.post(f"/r/{case}/field/{name}/tick", data=data, headers=SCRIPT)


def link(klynge: Klynge, activity: int, *companies: int) -> None:
    with klynge.works.writing(SEED) as uow:
        for company in companies:
            uow.records.link(activity, "companies", company)


# -- checklists --------------------------------------------------------------------------------------------------------


def test_a_row_is_ticked_off_without_a_script_and_the_timeline_says_so(sqlite_klynge: Klynge, mette: Desk):
    case = make(sqlite_klynge, "case", title="Guld", kind="certification")
    page = mette.get(f"/r/{case}")
    assert 'value="2.1.Interview"' in page.text
    assert "0 af 5" in words(page)
    answer = mette.post(f"/r/{case}/field/checklist/tick", tick="2.1.Interview")
    assert answer.status_code == 303
    page = mette.get(answer.headers["Location"])
    assert "”Interview” er krydset af. Fortryd" in words(page)
    assert "afkrydsede ”Interview”" in words(page)
    assert "1 af 5" in words(page)
    assert 'value="2.0.Interview"' in page.text
    mette.post(f"/r/{case}/field/checklist/tick", tick="9.1.Findes ikke")
    assert "Tjeklisten er ændret i mellemtiden." in words(mette.get(f"/r/{case}"))


def test_a_script_is_told_how_it_looks_now_and_which_steps_are_open(sqlite_klynge: Klynge, mette: Desk):
    case = make(sqlite_klynge, "case", title="Sag <1>", checklist="[x] Aftale\n[ ] A < B")
    facts = tick(mette, case, "1.1.A < B").get_json()
    assert facts["message"] == "”A < B” er krydset af."
    assert facts["undo"].startswith("/acts/")
    assert facts["fields"]["checklist"]["text"] == "2 af 2"
    assert 'value="1.0.A &lt; B"' in facts["fields"]["checklist"]["html"]
    assert "Afslut sagen" in facts["steps"]
    assert "blocked-item" not in facts["steps"]
    assert "er ikke krydset af" in unescape(tick(mette, case, "0.0.Aftale").get_json()["steps"])
    assert tick(mette, case, "0.1.Ukendt").status_code == 409
    assert tick(mette, case, "x").status_code == 404
    assert tick(mette, case, "0.1.Sag", name="title").status_code == 404
    assert tick(mette, 999_999, "0.1.Aftale").status_code == 404


def test_a_reader_sees_the_rows_and_ticks_none(app: Flask, sqlite_klynge: Klynge):
    case = make(sqlite_klynge, "case", title="Guld", kind="certification")
    reader = desk(app, sqlite_klynge, "reader")
    page = reader.get(f"/r/{case}")
    assert "Interview" in words(page)
    assert "data-tick" not in page.text
    assert tick(reader, case, "2.1.Interview").status_code == 403


def test_the_history_shows_the_rows_and_marks_the_one_that_was_ticked_off(sqlite_klynge: Klynge, mette: Desk):
    case = make(sqlite_klynge, "case", title="Sag", checklist="[x] Aftale\n[ ] A < B")
    tick(mette, case, "1.1.A < B")
    page = mette.get(f"/r/{case}/history?field=checklist")
    assert "☑ Aftale" in page.text
    assert "☑ A &lt; B" in page.text
    assert "<ins>☑ A &lt; B</ins>" in mette.get(f"/r/{case}/history?from=1&to=2").text
    assert "Tjekliste har åbne punkter" in words(mette.get('/t/case?where={"field":"checklist","op":"has_open"}'))


# -- cases -------------------------------------------------------------------------------------------------------------


def test_an_overdue_case_says_so_on_its_page_in_lists_and_on_the_board(sqlite_klynge: Klynge, mette: Desk):
    late = make(sqlite_klynge, "case", title="Sen", due="2026-11-30")
    make(sqlite_klynge, "case", title="I tide", due="2026-12-01")
    assert "Overskredet" in words(mette.get(f"/r/{late}"))
    assert re.findall(r'<span class="late">([\d.]+)', mette.get("/t/case").text) == ["30.11.2026"]
    assert mette.get("/t/case?layout=board").text.count("card-due late") == 1
    mette.post(f"/r/{late}/transition/drop")
    assert 'class="late"' not in mette.get("/t/case").text
    assert "Overskredet" not in words(mette.get(f"/r/{late}"))


def test_cases_stand_on_the_pages_of_their_organisation_and_people_and_the_tab_counts_what_runs(sqlite_klynge: Klynge, mette: Desk):
    one = make(sqlite_klynge, "organisation", title="Havvind")
    anne = make(sqlite_klynge, "person", given_name="Anne")
    ended, late, later = (
        make(sqlite_klynge, "case", title=title, organisation=one, due=due)
        for title, due in (("Afsluttet sag", None), ("Sen sag", "2026-11-30"), ("Senere sag", "2026-12-24"))
    )
    with sqlite_klynge.works.writing(SEED) as uow:
        for case in (ended, late, later):
            uow.records.link(case, "persons", anne, role="Klyngechef")
        uow.records.transition(ended, "drop")
    for record in (one, anne):
        assert re.search(r'"tab-count-cases"[^>]*>&nbsp;2<', mette.get(f"/r/{record}/counts").text)
        tab = mette.get(f"/r/{record}?tab=cases")
        assert [tab.text.index(title) for title in ("Sen sag", "Senere sag", "Afsluttet sag")] == sorted(
            tab.text.index(title) for title in ("Sen sag", "Senere sag", "Afsluttet sag")
        )
        assert "30.11.2026 – overskredet" in words(tab)
        assert "case.organisation" not in tab.text
    assert "Sen sag Klyngechef" in words(mette.get(f"/r/{anne}?tab=cases"))
    assert "Ingen sager endnu." in words(mette.get(f"/r/{make(sqlite_klynge, 'organisation', title='Ny')}?tab=cases"))


# -- collaborations ----------------------------------------------------------------------------------------------------


def test_a_pair_stands_once_on_both_pages_and_twice_is_said_with_a_way_there(sqlite_klynge: Klynge, mette: Desk):
    one, other = (make(sqlite_klynge, "organisation", title=name, kind="cluster") for name in ("Havvind", "Lyd"))
    pair = make(sqlite_klynge, "collaboration", one=one, other=other, kind="project", period="2026-01-01")
    for here, partner in ((one, "Lyd"), (other, "Havvind")):
        tab = mette.get(f"/r/{here}?tab=collaborations")
        assert tab.text.count(f'<a href="/r/{pair}/') == 1
        assert f"{partner} Ubekræftet" in words(tab)
        assert "collaboration.one" not in tab.text
    assert "Der er allerede" not in words(mette.get(f"/r/{pair}"))
    answer = mette.post("/t/collaboration/new", one=str(other), other=str(one), kind="project", **{"period.start": "2026-05-01"})
    page = mette.get(answer.headers["Location"])
    assert "Der er allerede registreret et samarbejde af samme slags" in words(page)
    assert f'<a href="/r/{pair}/' in page.text
    refused = mette.post("/t/collaboration/new", one=str(one), other=str(one), kind="event")
    assert (refused.status_code, "En organisation kan ikke samarbejde med sig selv" in words(refused)) == (422, True)


# -- the work abroad ---------------------------------------------------------------------------------------------------


@pytest.fixture
def abroad(sqlite_klynge: Klynge) -> dict[str, int]:
    names = {"Havvind": "cluster", "Alfa": "company", "Beta": "company"}
    ids = {name: make(sqlite_klynge, "organisation", title=name, kind=kind) for name, kind in names.items()}
    for number, held in enumerate(("2026-01-01", "2026-12-31", "2025-12-31")):
        own: dict[str, Any] = {
            "cluster": ids["Havvind"],
            "country": "DE",
            "held": held,
            "company_count": 4 if number == 0 else None,
        }
        ids[held] = make(sqlite_klynge, "international_activity", title=f"Messe {number}", **own)
        link(sqlite_klynge, ids[held], ids["Alfa"], *([ids["Beta"]] if number == 0 else []))
    return ids


def test_countries_stand_in_the_order_of_their_names_as_they_are_read(app: Flask, sqlite_klynge: Klynge, mette: Desk):
    for code in ("CH", "SE", "DE"):
        make(sqlite_klynge, "international_activity", title=f"Besøg {code}", kind="conference", country=code, held="2026-02-01")
    add_user(sqlite_klynge, "staff", "eva", locale="en")
    for who, expected in (
        (mette, ["Schweiz", "Sverige", "Tyskland"]),
        (desk(app, sqlite_klynge, "staff", "eva"), ["Germany", "Sweden", "Switzerland"]),
    ):
        text = words(who.get(f"/international/totals?{YEAR}"))
        assert sorted(expected, key=text.index) == expected


def test_every_number_of_the_totals_leads_to_just_what_it_counts(abroad: dict[str, int], mette: Desk):
    page = mette.get(f"/international/totals?{YEAR}")
    assert "Klynger: 1 · Unikke virksomheder: 2 · Lande: 1 · Kun talt: 4" in words(page)
    row = re.search(r"<th scope=\"row\">Tyskland</th>(.*?)</tr>", page.text, re.DOTALL)
    assert row is not None
    links = [(unescape(url), number) for url, number in re.findall(r'<a href="([^"]+)">(\d+)</a>', row[1])]
    assert [number for _url, number in links] == ["2", "1", "2", "4"]
    activities, clusters, companies, counted = (mette.get(url) for url, _number in links)
    assert ["Messe 0" in activities.text, "Messe 1" in activities.text, "Messe 2" in activities.text] == [True, True, False]
    assert ["Havvind" in words(clusters), "Alfa" in words(clusters)] == [True, False]
    assert "Alfa 2" in words(companies)
    assert "Beta 1" in words(companies)
    assert ["Messe 0" in counted.text, "Messe 1" in counted.text] == [True, False]


def test_a_period_is_free_and_one_that_cannot_be_read_stays_as_typed(abroad: dict[str, int], mette: Desk):
    assert "Unikke virksomheder: 2" in words(mette.get("/international/totals"))
    assert "Ingen er hjulpet" in words(mette.get("/international/totals?from=2024-01-01&to=2024-12-31"))
    everything = words(mette.get("/international/totals?from=&to="))
    assert "Tyskland 3 1 2 4" in everything
    for typed, reason in (("from=i+fjor&to=", "er ikke en dato"), ("from=2.2.2026&to=1.1.2026", "Slutningen ligger før starten")):
        refused = mette.get(f"/international/totals?{typed}")
        assert refused.status_code == 422
        assert reason in words(refused)
    assert 'value="i fjor"' in mette.get("/international/totals?from=i+fjor&to=").text
    assert mette.get("/international/totals/people").status_code == 404


def test_more_activities_ask_no_more_of_the_database(abroad: dict[str, int], mette: Desk):
    pages = (
        f"/international/totals?{YEAR}",
        f"/r/{abroad['Alfa']}?tab=abroad",
        f"/r/{abroad['Havvind']}?tab=collaborations",
        f"/r/{abroad['Alfa']}?tab=cases",
    )

    def asked() -> list[int]:
        numbers = []
        for path in pages:
            with counting(mette.klynge.database) as statements:
                assert mette.get(path).status_code == 200
            numbers.append(len(statements))
        return numbers

    make(mette.klynge, "collaboration", one=abroad["Havvind"], other=abroad["Beta"], kind="project")
    make(mette.klynge, "case", title="Sag", organisation=abroad["Alfa"], owner=mette.user_id)
    asked()
    few = asked()
    for number in range(10):
        new = make(mette.klynge, "organisation", title=f"Ny {number}", kind="company")
        activity = make(mette.klynge, "international_activity", title=f"Nyt {number}", cluster=new, country="SE", held="2026-03-01")
        link(mette.klynge, activity, new, abroad["Alfa"])
        make(mette.klynge, "collaboration", one=abroad["Havvind"], other=new, kind="project")
        make(mette.klynge, "case", title=f"Sag {number}", organisation=abroad["Alfa"], owner=mette.user_id)
    assert asked() == few


def test_a_board_member_reaches_none_of_it(app: Flask, sqlite_klynge: Klynge, abroad: dict[str, int]):
    member = desk(app, sqlite_klynge, "board_member")
    for path in ("/international/totals", "/international/totals/companies", f"/r/{abroad['2026-01-01']}", "/t/case"):
        assert member.get(path).status_code in {302, 303, 403, 404}
    assert tick(member, abroad["Alfa"], "0.1.x").status_code in {403, 404}
