"""Organisations and people as of a day: names, regions, certificates and positions of that day, in lists and on pages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


@pytest.fixture
def clean(sqlite_klynge: Klynge) -> dict[str, int]:
    """CLEAN came of Lean Energy Cluster and a cluster in the capital on 2014-05-09, and had another name until 2020."""
    lean = make(sqlite_klynge, "organisation", title="Lean Energy Cluster", kind="cluster", ended="2014-05-08")
    capital = make(sqlite_klynge, "organisation", title="Copenhagen Cleantech Cluster", kind="cluster", founded="2009-09-01")
    whole = make(sqlite_klynge, "organisation", title="CLEAN", kind="cluster", municipality="0101")
    anne = make(sqlite_klynge, "person", given_name="Anne", family_name="Holm")
    with sqlite_klynge.works.writing(SEED) as uow:
        for one in (lean, capital):
            uow.records.transition(one, "merge")
            uow.records.link(one, "successors", whole, role="Fusion", from_on=date(2014, 5, 9))
        uow.records.update(capital, {"ended": "2014-05-08"})
        for title, first, last in (("Lean CLEAN", "2014-05-09", "2019-12-31"), ("CLEAN", "2020-01-01", None)):
            uow.records.create(
                "organisation_name", {"title": title, "organisation": whole, "period": {"start": first, "end": last}}
            )
        uow.records.create("certificate", {"organisation": whole, "level": "gold", "assessed": "2015-03-01"})
        uow.records.link(anne, "positions", whole, role="Direktør", from_on=date(2015, 1, 1), to_on=date(2016, 6, 30))
        uow.records.link(anne, "positions", capital, role="Konsulent", from_on=date(2010, 1, 1), to_on=date(2014, 12, 31))
    return {"lean": lean, "capital": capital, "clean": whole, "anne": anne}


@pytest.mark.usefixtures("clean")
def test_a_list_shows_what_was_there_under_its_name_of_that_day(staff: Desk):
    now = words(staff.get("/t/organisation"))
    assert "Lean Energy Cluster" in now
    assert "Lean CLEAN" not in now
    then = staff.get("/t/organisation?on=2016-01-01")
    text = words(then)
    assert "Lean CLEAN" in text
    assert "Guld 01.03.2017" in text
    assert "Lean Energy Cluster" not in text
    assert "Pr. 01.01.2016" in text
    assert 'href="/t/organisation" aria-label="Tilbage til i dag"' in then.text
    assert "?on=2016-01-01" in then.text
    assert "data-grid" not in then.text
    # What the address cannot say is refused in words, and the date as people write it is read.
    assert staff.get("/t/organisation?on=hvad").status_code == 400
    assert staff.get("/t/certificate?on=2016-01-01").status_code == 400
    assert "Lean CLEAN" in words(staff.get("/t/organisation?on=1.1.2016&q=clean"))
    assert "1 organisation" in words(staff.get("/t/organisation/count?on=2016-01-01"))
    assert "pr. 01.01.2016" in words(staff.get("/t/organisation/print?on=2016-01-01"))


def test_a_page_tells_name_region_certificate_and_existence_of_the_day(staff: Desk, clean: dict[str, int]):
    page = staff.get(f"/r/{clean['clean']}/clean?on=2016-01-01")
    text = words(page)
    assert "Vist, som det var den 01.01.2016" in text
    assert "<h1" in page.text
    assert "Lean CLEAN" in text
    assert "Navn i dag" in text
    assert "Guld · udløber 01.03.2017" in text
    assert "Udløber 01.03.2017" in text
    assert "Region Hovedstaden" in text
    assert "data-inline" not in page.text
    assert "Region Østdanmark" in words(staff.get(f"/r/{clean['clean']}/clean?on=2027-01-01"))
    before = words(staff.get(f"/r/{clean['clean']}/clean?on=2014-05-08"))
    assert "Først stiftet 09.05.2014" in before
    assert "Fusioneret" in words(staff.get("/t/organisation?q=lean+energy"))
    assert "Fusioneret" not in words(staff.get("/t/organisation?q=lean+energy&on=2013-01-01")).split("Lean Energy Cluster")[1][:200]
    assert "Ophørt 08.05.2014" in words(staff.get(f"/r/{clean['lean']}/lean?on=2016-01-01"))
    assert staff.get(f"/r/{clean['clean']}/clean?on=aldrig").status_code == 422


def test_positions_are_those_of_the_day(staff: Desk, clean: dict[str, int]):
    person = f"/r/{clean['anne']}/anne-holm"
    assert "Direktør i Lean CLEAN" in words(staff.get(f"{person}?on=2016-01-01"))
    early = words(staff.get(f"{person}?on=2014-01-01"))
    assert "Konsulent i Copenhagen Cleantech Cluster" in early
    assert "Direktør i" not in early
    tab = "person-positions-in"
    assert "Anne Holm" in words(staff.get(f"/r/{clean['clean']}/tab/{tab}?on=2016-01-01"))
    assert "Anne Holm" not in words(staff.get(f"/r/{clean['clean']}/tab/{tab}?on=2017-01-01"))
    assert "Direktør i Lean CLEAN" in words(staff.get("/t/person?on=2016-01-01"))


def test_a_list_as_of_a_day_asks_as_often_for_many_as_for_few(staff: Desk, sqlite_klynge: Klynge, clean: dict[str, int]):
    def asked() -> int:
        staff.get("/t/organisation?on=2016-01-01")
        with counting(sqlite_klynge.database) as statements:
            assert staff.get("/t/organisation?on=2016-01-01").status_code == 200
        return len(statements)

    few = asked()
    with sqlite_klynge.works.writing(SEED) as uow:
        for number in range(30):
            one = uow.records.create("organisation", {"title": f"Klynge {number:02}", "municipality": "0851"})
            uow.records.create("organisation_name", {"title": f"Før {number:02}", "organisation": one, "period": "2010-01-01"})
            uow.records.create("certificate", {"organisation": one, "level": "bronze", "assessed": "2015-03-01"})
            uow.records.link(clean["lean"], "successors", one, role="Spaltning", from_on=date(2014, 5, 9))
    assert asked() == few
