"""What an organisation's page says about its place and its company number."""

from datetime import UTC, datetime

import pytest

from crm.directory.seed import load_places
from crm.security.actors import system_actor
from tests.support.forms import token


@pytest.fixture
def organisation(sqlite_klynge) -> int:
    """An organisation in København, whose company number has a wrong check digit; and the reference tables."""
    with sqlite_klynge.database.writing() as session:
        load_places(session)
    with sqlite_klynge.works.writing(system_actor("test")) as uow:
        return int(uow.records.create("organisation", {"title": "Øresund Lys", "municipality": "0101", "cvr": "DK 13 74 81 37"}))


def page_of(client, organisation: int) -> str:
    return str(client.get(f"/r/{organisation}", follow_redirects=True).get_data(as_text=True))


def test_the_region_is_that_of_today_and_the_coming_one_is_told(client, login, organisation):
    login(client, "staff")
    page = page_of(client, organisation)
    assert "Region Hovedstaden" in page
    assert "Region Østdanmark fra 01.01.2027" in page


def test_after_new_year_only_the_new_region_stands(client, login, organisation, clock):
    clock.moment = datetime(2027, 1, 1, 8, tzinfo=UTC)
    login(client, "staff")
    page = page_of(client, organisation)
    assert "Region Østdanmark" in page
    assert "Region Hovedstaden" not in page


def test_a_doubtful_company_number_is_warned_of_and_kept(client, login, organisation):
    login(client, "staff")
    page = page_of(client, organisation)
    assert "Kontrolcifferet i CVR-nr. 13748137 passer ikke" in page


def test_without_municipality_and_number_nothing_is_said(client, login, sqlite_klynge):
    with sqlite_klynge.works.writing(system_actor("test")) as uow:
        plain = uow.records.create("organisation", {"title": "Uden sted"})
    login(client, "staff")
    page = page_of(client, plain)
    assert "Kontrolcifferet" not in page
    assert "Region Hovedstaden" not in page


def test_the_line_under_the_name_says_kind_region_of_the_day_and_themes(client, login, sqlite_klynge):
    values = {"title": "Grøn Energi", "kind": "cluster", "municipality": "0101", "themes": ["energy", "water"]}
    with sqlite_klynge.works.writing(system_actor("test")) as uow:
        cluster = uow.records.create("organisation", values)
    login(client, "staff")
    line = "Klyngesekretariat · Region Hovedstaden · Energi, Vand og klimatilpasning"
    assert line in page_of(client, cluster)


def test_a_cluster_that_is_split_says_so_with_all_its_regions_today_and_later(client, login, sqlite_klynge):
    values = {"title": "Sund", "kind": "cluster", "region_rule": "fractional", "regions": ["hovedstaden", "sjaelland", "skaane"]}
    with sqlite_klynge.works.writing(system_actor("test")) as uow:
        cluster = uow.records.create("organisation", values)
    login(client, "staff")
    page = page_of(client, cluster)
    assert "Region Hovedstaden, Region Sjælland, Region Skåne" in page
    assert "Deles ligeligt" in page
    assert "Region Østdanmark, Region Skåne fra 01.01.2027" in page


def test_a_change_of_name_stands_on_the_page_and_may_be_called_a_correction(client, login, sqlite_klynge, clock):
    with sqlite_klynge.works.writing(system_actor("test")) as uow:
        one = uow.records.create("organisation", {"title": "Lean Enrgy", "founded": "2009-05-01"})
        uow.records.create("site", {"title": "Kontor i Sønderborg", "organisation": one, "city": "Sønderborg", "main": True})
        uow.records.update(one, {"title": "Lean Energy"})
    login(client, "reader")
    assert "Lean Enrgy" in page_of(client, one)
    assert "correct-name" not in page_of(client, one)
    login(client, "staff")
    page = page_of(client, one)
    assert "01.05.2009–30.11.2026" in page
    assert "Hovedkontor" in page
    answer = client.post(
        f"/r/{one}/act/correct-name", data={"csrf_token": token(client, f"/r/{one}/x"), "next": f"/r/{one}"}, follow_redirects=True
    )
    text = answer.get_data(as_text=True)
    assert "har været navnet hele tiden" in text
    assert "30.11.2026" not in text
    assert "correct-name" not in text


def test_consents_stand_by_purpose_and_channel_and_protection_is_seen_at_once(client, login, sqlite_klynge):
    with sqlite_klynge.works.writing(system_actor("test")) as uow:
        company = uow.records.create("organisation", {"title": "Stille A/S", "advertising_protected": True})
        anne = uow.records.create("person", {"given_name": "Anne", "family_name": "Holm"})
        uow.records.link(anne, "positions", company, role="Direktør")
        for channel, withdrawn in (("email", None), ("sms", "2026-11-01")):
            values = {"person": anne, "purpose": "newsletter", "channel": channel, "given": "2026-02-01", "how": "event"}
            uow.records.create("consent", {**values, "withdrawn": withdrawn})
    login(client, "staff")
    page = page_of(client, anne)
    assert "Stille A/S er reklamebeskyttet: nyhedsbreve og invitationer er stoppet." in page
    assert "01.02.2026 · Ved arrangement" in " ".join(page.split())
    assert "Trukket tilbage" in page
    assert page.count('class="consent-add"') == 24, "all but the one that is given"
    assert "purpose=invitations&amp;channel=email" in page
    assert "Reklamebeskyttet" in page_of(client, company)
    listed = client.get("/t/organisation?f.advertising_protected=true").get_data(as_text=True)
    assert "Stille A/S" in listed
