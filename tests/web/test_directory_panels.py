"""What an organisation's page says about its place and its company number."""

from datetime import UTC, datetime

import pytest

from crm.directory.seed import load_places
from crm.security.actors import system_actor


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
