"""Every number of a pack leads staff to just the records that were counted; in the portal it is plain text."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

from docx import Document
from flask import Flask
from flask.testing import FlaskClient

from crm.boards.models import PackVersion
from crm.boards.packs.document import Figure, PackDocument
from crm.boards.packs.html import figure_url
from crm.wiring import Klynge
from tests.support.boards import SEED, assembled, make_world, submitted
from tests.support.pack_blocks import drawn, make_counted
from tests.support.screens import desk, words
from tests.web.test_portal_pages import published

Login = Callable[..., int]


def test_numbers_lead_staff_to_the_counted_records_and_to_no_others(app: Flask, sqlite_klynge: Klynge) -> None:
    world = make_world(sqlite_klynge)
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.transition(world.follow_ups[0], "complete")
    pack = assembled(sqlite_klynge, world)
    staff = desk(app, sqlite_klynge, "staff", "mette")
    with sqlite_klynge.works.writing(SEED) as uow:  # what comes after the count is not among the counted
        values = dict.fromkeys(("title",), "Kom til senere") | {"meeting": uow.records.values(world.follow_ups[0])["meeting"]}
        uow.records.create("follow_up", values)
    for address in (f"/packs/{pack.version_id}", f"/r/{world.meeting}/x"):
        text = staff.get(address).text
        links = [unescape(part.split('"')[0]) for part in text.split('class="figure" href="')[1:]]
        numbers = [part.split(">")[1].split("<")[0] for part in text.split('class="figure" href="')[1:]]
        assert numbers == ["1", "2"], address
        for number, link in zip(numbers, links, strict=True):
            page = staff.get(link)
            assert page.status_code == 200
            assert page.text.count("<tr data-id=") == int(number), link
            assert "Kom til senere" not in page.text


def test_in_the_portal_and_as_a_member_numbers_are_plain_text(
    app: Flask, client: FlaskClient, login: Login, sqlite_klynge: Klynge
) -> None:
    world = make_world(sqlite_klynge)
    approver = desk(app, sqlite_klynge, "staff", "mette").user_id
    version = published(sqlite_klynge, world, approver)
    login(client, "board_member", "anne", person_id=world.anne)
    for address in (f"/packs/{version}", f"/b/meetings/{world.meeting}?item={world.items[0]}"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert 'class="figure"' not in answer.text
    assert "af 2 opfølgningspunkter er udført" in client.get(f"/packs/{version}").text


def test_a_pack_without_figures_is_stored_as_before_and_keeps_its_digest(sqlite_klynge: Klynge) -> None:
    world = make_world(sqlite_klynge)
    pack = submitted(sqlite_klynge, world)
    with sqlite_klynge.database.reading() as session:
        stored = session.get_one(PackVersion, pack.version_id).document
    again = PackDocument.from_json(stored)
    assert again.to_json() == stored
    parts = [part for item in stored["items"] for section in item["sections"] for part in section["parts"]]
    assert [part["text"] for part in parts if "figures" in part] == ["0 af 2 opfølgningspunkter er udført."]


def test_every_number_of_every_block_opens_just_what_it_counted(app: Flask, sqlite_klynge: Klynge) -> None:
    made = make_counted(sqlite_klynge)
    version, sheet = drawn(sqlite_klynge, made)
    staff = desk(app, sqlite_klynge, "administrator", "admin")
    text = staff.get(f"/packs/{version}").text.split(f'id="item-{made.item}"')[1]
    links = [unescape(part.split('"')[0]) for part in text.split('class="figure" href="')[1:]]
    figures = [
        figure for section in sheet.sections for part in section.parts for figure in getattr(part, "figures", ()) if figure.ids
    ]
    assert len(links) == len(figures) > 60
    for link, figure in dict(zip(links, figures, strict=True)).items():
        page = staff.get(link)
        assert page.status_code == 200, link
        assert set(re.findall(r'<tr data-id="(\d+)"', page.text)) == {str(one) for one in figure.ids}, (figure, link)
    assert 'class="figure"' not in staff.get(f"/r/{made.world.meeting}/pack/member?item={made.item}").text


def test_a_number_of_thousands_has_a_list_too_and_says_how_many(app: Flask, sqlite_klynge: Klynge) -> None:
    staff = desk(app, sqlite_klynge, "staff", "mette")
    with sqlite_klynge.works.writing(SEED) as uow:
        ids = [uow.records.create("organisation", {"title": f"Organisation {number:03}"}) for number in range(60)]
    link = figure_url(Figure(0, 1, "organisation", (*ids[:55], *range(100_000, 102_000))))
    assert link is not None
    page = staff.get(link)
    assert "Nummer er en af 2.055 optalte" in words(page)
    assert page.text.count("<tr data-id=") == 50
    assert "55" in staff.get(link.replace("/t/organisation?", "/t/organisation/count?")).text


def test_the_blocks_are_tables_in_word(sqlite_klynge: Klynge) -> None:
    made = make_counted(sqlite_klynge)
    version, sheet = drawn(sqlite_klynge, made)
    with sqlite_klynge.database.reading() as session:
        content = sqlite_klynge.files.get(session.get_one(PackVersion, version).word_sha256)
    document = Document(BytesIO(content))
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 2"]
    assert [section.heading for section in sheet.sections] == [
        one for one in headings if one in {s.heading for s in sheet.sections}
    ][-9:]
    tables = {table.rows[0].cells[0].text: [cell.text for cell in table.rows[1].cells] for table in document.tables}
    assert tables["Niveau"] == ["Guld", "1", "1", "–"]
    assert tables["Emne"] == ["Strategi", "2", "2", "1,5"]
