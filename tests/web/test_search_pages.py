"""The search page and the API's search: groups with counts that lead on, marked words, and nothing that may not be read."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.records.search import SearchFollower
from crm.security.models import Grant, PlatformState, role_table
from tests.support.api import Caller, error_of
from tests.support.queries import counting
from tests.support.screens import desk, make, words


@pytest.fixture
def staff(app, sqlite_klynge):
    return desk(app, sqlite_klynge)


def fill(klynge, number=60):
    for one in range(number):
        make(klynge, "organisation", title=f"Nordlys {one:02}")
    make(klynge, "organisation", title="Vindklyngen", note="De kender Nordlys <b>rigtig</b> godt, siger Aage fra Aabenraa.")
    make(klynge, "person", given_name="Nord", family_name="Lysgaard")
    SearchFollower(klynge.works).turn()


def hide_note(klynge, role="reader"):
    """Let a role read only some fields of organisations."""
    with klynge.database.writing() as session:
        role_id = session.scalar(sa.select(role_table.c.id).where(role_table.c.name == role))
        session.execute(sa.delete(Grant).where(Grant.role_id == role_id, Grant.type_key == "*"))
        session.add(Grant(role_id=role_id, type_key="organisation", act="read", read_fields=["title", "city"]))
        session.execute(sa.update(PlatformState).values(security_epoch=PlatformState.security_epoch + 1))
    SearchFollower(klynge.works).turn()


def test_groups_counts_and_snippets_lead_on(staff, sqlite_klynge):
    fill(sqlite_klynge)
    page = staff.get("/search?q=nordlys")
    assert "Organisationer 61" in words(page)
    assert 'href="/search?q=nordlys&amp;type=organisation"' in page.text
    assert "<mark>Nordlys</mark> 59" in page.text
    assert "Vis alle 61" in words(page)
    found = staff.get("/search?q=nordlys+kender")
    assert "De <mark>kender</mark> <mark>Nordlys</mark> &lt;b&gt;rigtig" in found.text
    assert "Bemærkning:" in words(found)
    assert "<mark>Aabenraa</mark>" in staff.get("/search?q=Åbenrå").text


def test_one_type_is_paged(staff, sqlite_klynge):
    fill(sqlite_klynge)
    first, second = (staff.get(f"/search?q=nordlys&type=organisation&page={number}") for number in (1, 2))
    assert first.text.count("/nordlys-") == 50
    assert 'href="/search?q=nordlys&amp;type=organisation&amp;page=2"' in first.text
    assert second.text.count("/nordlys-") == 10
    assert "Vindklyngen" in second.text
    assert staff.get("/search?q=nordlys&type=nonsense").status_code == 404
    for odd in ("page=x", "page=-3", "page=99999999999", "type="):
        assert staff.get(f"/search?q=nordlys&{odd}").status_code == 200


def test_nothing_found_says_what_is_searched(staff):
    assert "Intet fundet." in words(staff.get("/search?q=zzz"))
    assert "Hvad leder du efter?" in words(staff.get("/search"))
    assert staff.get("/search?q=%22%27(*:%00%F0%9F%98%80").status_code == 200


def test_a_page_asks_the_same_few_questions_whatever_is_found(staff, sqlite_klynge):
    fill(sqlite_klynge)
    staff.get("/search?q=nordlys")
    numbers = []
    for text in ("nordlys", "nordlys 07"):
        with counting(sqlite_klynge.database) as asked:
            staff.get(f"/search?q={text}")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


def test_a_reader_finds_and_counts_no_hidden_text(app, sqlite_klynge):
    fill(sqlite_klynge, 2)
    hide_note(sqlite_klynge)
    reader = desk(app, sqlite_klynge, "reader")
    assert "Vindklyngen" not in reader.get("/search?q=kender").text
    assert "Organisationer 2" in words(reader.get("/search?q=nordlys"))
    assert "Lysgaard" not in reader.get("/search?q=nord").text
    assert "rigtig" not in reader.get("/search?q=vindklyngen").text
    api = Caller(sqlite_klynge, "reader")
    answered = api.get("search", query_string={"q": "nordlys", "snippets": "true"}).get_json()["groups"]
    assert [(group["type"], group["count"]["number"]) for group in answered] == [("organisation", 2)]


def test_the_api_searches_every_type_with_counts_and_pages(sqlite_klynge):
    fill(sqlite_klynge)
    staff = Caller(sqlite_klynge, "staff")
    groups = staff.get("search", query_string={"q": "nordlys", "limit": 2, "offset": 60, "snippets": "true"}).get_json()["groups"]
    (group,) = groups
    assert group["count"] == {"number": 61, "capped": False}
    assert [item["title"] for item in group["items"]] == ["Vindklyngen"]
    assert group["items"][0]["snippet"]["field"] == "Note"
    assert group["items"][0]["snippet"]["hits"] == ["Nordlys"]
    only = staff.get("search", query_string={"q": "nord", "types": "person"}).get_json()["groups"]
    assert [one["type"] for one in only] == ["person"]
    assert staff.get("search", query_string={"q": "x", "types": "nonsense"}).status_code == 404
    for odd in (
        {},
        {"q": " "},
        {"q": "x", "limit": "0"},
        {"q": "x", "offset": "99999"},
        {"q": "x", "wide": "1"},
        {"q": "x", "snippets": "1"},
    ):
        answer = staff.get("search", query_string=odd)
        assert (answer.status_code, error_of(answer)["code"]) == (400, "bad_request"), odd
