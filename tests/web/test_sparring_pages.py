"""The pages of sparring without a browser's scripts: what is typed stays, readers meet no note, numbers lead to lists."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from crm.records.query import list_page
from tests.support.boards import SEED, user_actor
from tests.support.screens import Desk, desk, make, value_in, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge

JS = {"HX-Request": "true"}


@pytest.fixture
def mette(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge, "staff", "mette")


@pytest.fixture
def anne(sqlite_klynge: Klynge) -> int:
    """Anne Holm of Fjordklyngen, where she has been since 2020."""
    cluster = make(sqlite_klynge, "organisation", title="Fjordklyngen", kind="cluster", municipality="0851")
    made = make(sqlite_klynge, "person", given_name="Anne", family_name="Holm")
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.link(made, "positions", cluster, role="Klyngechef")
    return made


def stored(mette: Desk) -> list[dict[str, Any]]:
    with mette.klynge.works.reading(user_actor(mette.klynge, mette.user_id)) as uow:
        return [{"title": row.title, **row.values} for row in list_page(uow, "sparring").rows]


def test_the_plain_page_takes_a_line_or_names_and_goes_to_what_was_saved(mette: Desk, anne: int) -> None:
    answer = mette.post("/sparring/new", line="anne holm 25 tlf strategi: sender skabelon")
    assert answer.status_code == 303
    (first,) = stored(mette)
    assert (first["person"], first["minutes"], first["channel"], first["next_step"]) == (anne, 25, "phone", "Sender skabelon")
    page = mette.get(answer.location)
    assert "Sparringen er logget, og næste skridt er en opgave." in words(page)
    mette.post("/sparring/new", person_name="anne holm", organisation_name="Ny Klynge", minutes="15", minutes_other="40")
    second = next(one for one in stored(mette) if one["minutes"] == 40)
    assert second["person"] == anne
    assert "Ny Klynge" in words(mette.get("/t/organisation"))


def test_a_refused_one_comes_back_as_it_was_typed_with_the_reason_beside_the_field(mette: Desk, anne: int) -> None:
    unclear = mette.post("/sparring/new", line="anne holm hoppeborg 15: ringer", note="Et notat")
    assert unclear.status_code == 422
    assert "Ikke forstået: ”hoppeborg”" in words(unclear)
    assert value_in(unclear, "line") == "anne holm hoppeborg 15: ringer"
    assert value_in(unclear, "note") == "Et notat"
    settled = mette.post("/sparring/new", line="anne holm hoppeborg 15: ringer", settled="hoppeborg", note="hoppeborg", own="note")
    assert settled.status_code == 303
    for wrong, field in (({"minutes_other": "en del"}, "minutes"), ({"held": "2026-12-24"}, "held"), ({"person": ""}, "person")):
        refused = mette.post("/sparring/new", **{"person": str(anne), "note": "Et notat", **wrong})
        assert refused.status_code == 422
        assert f'id="sparring-{field}-error"' in refused.text or f'id="{field}-error"' in refused.text, field
        assert value_in(refused, "note") == "Et notat"
    assert len(stored(mette)) == 1


def test_what_was_changed_by_hand_counts_more_than_the_line(mette: Desk, anne: int) -> None:
    mette.post("/sparring/new", line="anne holm 25 tlf", minutes="30", own="minutes,channel", channel="teams", topics="data")
    (one,) = stored(mette)
    assert (one["minutes"], one["channel"], one["topics"]) == (30, "teams", ("data",))
    assert value_in(mette.get("/sparring/new"), "held") == "2026-12-01"
    form = mette.get("/sparring/new", headers=JS).text
    assert 'name="channel" value="teams" checked' in form, "the last used form is the first choice"


def test_a_line_is_read_while_it_is_typed_and_people_are_found_by_three_letters(mette: Desk, anne: int) -> None:
    make(mette.klynge, "person", given_name="Anne", family_name="Holmegaard")
    told = mette.get("/sparring/read?line=anne+25+i+går").get_json()
    assert (told["values"]["minutes"], told["values"]["held"], told["clear"]) == ("25", "2026-11-30", False)
    assert "Anne Holmegaard" in told["html"]
    found = mette.get("/sparring/who?q=hol").get_json()["results"]
    assert [(one["title"], one["detail"]) for one in found] == [("Anne Holm", "Fjordklyngen"), ("Anne Holmegaard", "")]
    company = make(mette.klynge, "organisation", title="Bech Elbiler", kind="company")
    for number in range(13):
        person = make(mette.klynge, "person", given_name="Anna", family_name=f"Bak {number}")
        with mette.klynge.works.writing(SEED) as uow:
            uow.records.link(person, "positions", company)
    found = mette.get("/sparring/who?q=ann").get_json()["results"]
    assert [found[0]["title"], len(found)] == ["Anne Holm", 12], "people of clusters come first among many of a name"
    assert [one["title"] for one in mette.get("/sparring/who?q=fjo").get_json()["results"]] == ["Anne Holm"]
    prefilled = mette.get(f"/sparring/new?about={anne}", headers=JS).text
    assert f'<option value="{anne}" selected>Anne Holm</option>' in prefilled
    assert "selected>Fjordklyngen</option>" in prefilled


def test_a_reader_sees_that_there_was_a_talk_and_cannot_log_one(app: Flask, mette: Desk, anne: int) -> None:
    mette.post("/sparring/new", line="anne holm 25 tlf: kanariefugl -> rugbrødskanarie")
    reader = desk(app, mette.klynge, "reader", "rita")
    page = reader.get(f"/r/{anne}", follow_redirects=True)
    assert "Sparring · 25 min · telefon" in words(page)
    assert "kanarie" not in page.text
    assert "Log sparring" not in page.text
    assert reader.get("/sparring/new").status_code == 403
    assert reader.get("/sparring/totals").status_code == 200
    member = desk(app, mette.klynge, "board_member", "bodil")
    assert {member.get(path).status_code for path in ("/sparring/new", "/sparring/totals", "/sparring/who?q=ann")} == {403}


def test_totals_are_a_table_whose_numbers_are_links_and_an_excel_file(mette: Desk, anne: int) -> None:
    mette.post("/sparring/new", line="anne holm 90 tlf strategi")
    page = mette.get("/sparring/totals?by=region&unit=quarter")
    assert "Region Nordjylland 1 90 1,5" in words(page)
    assert "Klynger med flere regioner tæller i deres primære region." in words(page)
    assert "4. kvartal 2026" in words(page)
    link = page.text.split('<th scope="row">Region Nordjylland</th>')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Anne Holm, 01.12.2026" in words(mette.get(link))
    sheet = mette.get("/sparring/totals.xlsx?by=organisation")
    with zipfile.ZipFile(io.BytesIO(sheet.data)) as book:
        text = book.read("xl/worksheets/sheet1.xml").decode()
    assert "Fjordklyngen" in text
    assert ">90<" in text
    assert "Datoerne stod omvendt" in words(mette.get("/sparring/totals?from=2026-12-01&to=2026-01-01"))


def test_the_brief_is_an_act_of_the_page_with_a_key_and_follows_the_readers_rights(app: Flask, mette: Desk, anne: int) -> None:
    mette.post("/sparring/new", line="anne holm 25 tlf: kanariefugl -> rugbrødskanarie")
    page = mette.get(f"/r/{anne}", follow_redirects=True)
    assert f'href="/sparring/brief/{anne}" data-key="b"' in page.text
    brief = words(mette.get(f"/sparring/brief/{anne}"))
    assert "Før du ringer til Anne Holm" in brief
    assert "Vi har lovet Rugbrødskanarie Mette Prøve · 08.12.2026" in brief
    told = desk(app, mette.klynge, "reader", "rita").get(f"/sparring/brief/{anne}")
    assert told.status_code == 200
    assert "kanarie" not in told.text.lower()
    assert mette.get("/sparring/brief/999999").status_code == 404
