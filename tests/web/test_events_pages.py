"""The screens of events: the list of who comes, marking, pasting, papers, answers and totals, as staff and as others see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from io import BytesIO

import pytest
from docx import Document
from flask import Flask

from crm.records import query
from crm.wiring import Klynge
from tests.support.forms import token
from tests.support.queries import counting
from tests.support.records import SYSTEM, add_actor
from tests.support.screens import Desk, desk, make, words


@dataclass
class Evening:
    """An event of October with Anne (Nord), Østen (two regions) and Åse on its list; today is 1 December 2026."""

    desk: Desk
    event: int
    nord: int
    people: list[int]
    parts: list[int]

    @property
    def tab(self) -> str:
        return f"/r/{self.event}/workshop-om-data?tab=participants"


@pytest.fixture
def evening(app: Flask, sqlite_klynge: Klynge) -> Evening:
    with sqlite_klynge.works.writing(SYSTEM) as uow:
        create, link = uow.records.create, uow.records.link
        nord = create("organisation", {"title": "Grøn Energi Nord", "kind": "cluster", "municipality": "0851"})
        both = {"kind": "cluster", "region_rule": "fractional", "regions": ["hovedstaden", "sjaelland"]}
        sound = create("organisation", {"title": "Øresund Klyngen", **both})
        event = create("event", {"title": "Workshop om data", "kind": "workshop", "when": "2026-10-20", "capacity": 2})
        people = [
            create("person", {"given_name": given, "family_name": family})
            for given, family in (("Åse", "Aagaard"), ("Anne", "Holm"), ("Østen", "Ærø"))
        ]
        link(people[1], "positions", nord, role="Klyngechef")
        link(people[2], "positions", sound)
        parts = [create("participation", {"event": event, "person": person}) for person in people]
    return Evening(desk(app, sqlite_klynge, "staff", "mette"), event, nord, people, parts)


def test_the_heading_tells_how_full_it_is_and_warns_with_the_reason_without_keeping_anyone_out(evening: Evening):
    said = words(evening.desk.get(evening.tab))
    assert "3 af 2 tilmeldt" in said
    assert "Der er plads til 2, og 3 er tilmeldt." in said


def test_the_list_stands_in_danish_order_with_regions_and_their_rule(evening: Evening):
    page = evening.desk.get(evening.tab)
    assert re.findall(r'aria-label="Vælg ([^"]+)"', unescape(page.text)) == ["Anne Holm", "Østen Ærø", "Åse Aagaard"]
    said = words(page)
    assert "Region Nordjylland 1 0" in said
    assert "Region Hovedstaden 0,5 0" in said
    assert "tæller i den region" in said
    assert "deles" in said, "the rule of those that are split is printed"


def test_attendance_is_marked_one_by_one_and_for_the_chosen_and_can_be_undone(evening: Evening, sqlite_klynge: Klynge):
    one = evening.desk.client.post(
        f"/events/{evening.event}/mark",
        data={"csrf_token": token(evening.desk.client, "/login/link"), "mark": f"attended:{evening.parts[1]}"},
        headers={"HX-Request": "true"},
    )
    assert 'aria-pressed="true"' in one.text
    assert "/undo" in one.headers["HX-Trigger"]
    many = evening.desk.post(f"/events/{evening.event}/mark", mark="absent", ids=[str(part) for part in evening.parts[:2]])
    assert many.location == evening.tab
    said = words(evening.desk.get(many.location))
    assert "2 deltagere er markeret som ”Udeblev”" in said
    assert "Udeblev 2" in said
    with sqlite_klynge.works.reading(SYSTEM) as uow:
        values = query.one(uow, evening.parts[1]).values
        assert (values["status"], values["organisation"], values["region"]) == ("absent", evening.nord, "nordjylland")


def test_a_refused_mark_says_why(evening: Evening, sqlite_klynge: Klynge):
    make(sqlite_klynge, "event", title="Camp 2027", when="2027-05-03")
    with sqlite_klynge.works.writing(SYSTEM) as uow:
        uow.records.update(evening.event, {"when": "2027-01-20"})
    answer = evening.desk.post(f"/events/{evening.event}/mark", mark=f"attended:{evening.parts[0]}")
    assert "Arrangementets dag er ikke kommet" in words(evening.desk.get(answer.location))
    assert "Vælg nogle deltagere først" in words(
        evening.desk.get(evening.desk.post(f"/events/{evening.event}/mark", mark="absent").location)
    )


def test_a_list_is_pasted_looked_at_and_put_on_the_event_and_what_was_typed_survives_a_refusal(evening: Evening):
    path = f"/events/{evening.event}/paste"
    text = "Anne Holm;Grøn Energi Nord\nEbbe Friis;Grøn Energi Nord;ebbe@nord.example\nØsten Ærø\n;;ukendt@x.dk"
    shown = evening.desk.post(path, text=text, do="preview", status="registered")
    assert "1 kendte · 1 nye · 1 usikre" in words(shown)
    assert "Står på listen som ”Tilmeldt”" in words(shown)
    refused = evening.desk.post(path, text=text, do="place", status="attended")
    assert refused.status_code == 422
    assert "linje 3" in words(refused)
    assert "ebbe@nord.example" in refused.text
    assert 'value="attended" selected' in refused.text
    placed = evening.desk.post(path, **{"text": text, "do": "place", "status": "attended", "who-3": str(evening.people[2])})
    assert placed.location == evening.tab
    said = words(evening.desk.get(placed.location))
    assert "3 er sat på listen" in said
    assert "Ebbe Friis" in said
    assert "Indsæt listen først" in words(evening.desk.post(path, text=" ", do="preview"))
    assert evening.desk.post(path, text="x" * 300_000, do="preview").status_code == 422


def test_the_papers_are_word_files_in_danish_order_named_after_the_event(evening: Evening):
    answer = evening.desk.get(f"/events/{evening.event}/papers/list")
    assert "2026-10-20 Workshop om data deltagerliste.docx" in answer.headers["Content-Disposition"]
    table = Document(BytesIO(answer.data)).tables[0]
    assert [row.cells[0].text for row in table.rows] == ["Navn", "Anne Holm", "Østen Ærø", "Åse Aagaard"]
    badges = Document(BytesIO(evening.desk.get(f"/events/{evening.event}/papers/badges").data))
    assert "Grøn Energi Nord" in badges.tables[0].rows[0].cells[0].text
    assert evening.desk.get(f"/events/{evening.event}/papers/andet").status_code == 404


def test_answers_are_written_down_and_told_in_sum_without_small_numbers_in_the_sheet_too(evening: Evening):
    path = f"/events/{evening.event}/answers"
    empty = evening.desk.post(path, comment=" ")
    assert empty.status_code == 422
    assert "Svar på mindst ét spørgsmål" in words(empty)
    for step in ("very_satisfied",) * 7 + ("satisfied",) * 6 + ("dissatisfied",) * 2:
        evening.desk.post(path, content=step, benefit="high_degree")
    page = words(evening.desk.get(f"/r/{evening.event}/workshop-om-data?tab=evaluation"))
    assert "15 svar" in page
    assert "Meget tilfreds 7" in page
    assert "Utilfreds vises ikke" in page
    assert "Tilfreds vises ikke" in page, "the smallest of the others goes along, or the sum would tell"
    assert "I høj grad 15" in page
    sheet = evening.desk.get(f"/events/{evening.event}/evaluation.csv").text
    assert "Meget tilfreds;7" in sheet
    assert ";Utilfreds;færre end 5" in sheet


def test_persons_and_organisations_have_their_events_with_a_number(evening: Evening, sqlite_klynge: Klynge):
    with sqlite_klynge.works.writing(SYSTEM) as uow:
        uow.records.transition(evening.event, "hold")
    for record in (evening.people[1], evening.nord):
        page = evening.desk.get(f"/r/{record}?tab=events", follow_redirects=True)
        assert "Workshop om data" in words(page)
        assert re.search(r'id="tab-count-events"[^>]*>&nbsp;1<', evening.desk.get(f"/r/{record}/counts").text)


def test_totals_have_a_link_for_each_number_and_the_page_asks_the_same_however_much_there_is(
    evening: Evening, sqlite_klynge: Klynge
):
    with sqlite_klynge.works.writing(SYSTEM) as uow:
        for part in evening.parts:
            uow.records.update(part, {"status": "attended"})
        uow.records.transition(evening.event, "hold")
    evening.desk.get("/events/totals")
    with counting(sqlite_klynge.database) as few:
        page = evening.desk.get("/events/totals?first=2026-01-01&last=2026-12-31")
    said = words(page)
    assert "Workshop 1 3 2 0" in said
    assert "4. kvartal 2026 1 3 2 0" in said
    assert "Region Hovedstaden 0 0,5 1 0" in said
    assert "Arrangementer tæller, hvor de blev holdt" in said
    assert "deles ligeligt" in said
    for url in set(re.findall(r'<td class="num"><a href="([^"]+)">', page.text)):
        assert evening.desk.get(unescape(url)).status_code == 200, url
    with sqlite_klynge.works.writing(SYSTEM) as uow:
        for number in range(5):
            more = uow.records.create("event", {"title": f"Kursus {number}", "kind": "course", "when": f"2026-0{number + 1}-10"})
            uow.records.create("participation", {"event": more, "person": evening.people[0], "status": "attended"})
            uow.records.transition(more, "hold")
    with counting(sqlite_klynge.database) as many:
        evening.desk.get("/events/totals?first=2026-01-01&last=2026-12-31")
    assert len(many) == len(few)
    assert evening.desk.get("/events/totals?first=x&last=0001-01-01&part=y&origin=z").status_code == 200
    assert "Skriv datoerne som 2026-01-31." in words(evening.desk.get("/events/totals?first=x"))
    assert "Datoerne stod omvendt" in words(evening.desk.get("/events/totals?first=2026-12-01&last=2026-01-01"))


def test_readers_look_and_change_nothing_and_board_members_see_none_of_it(evening: Evening, app: Flask, sqlite_klynge: Klynge):
    reader = desk(app, sqlite_klynge, "reader")
    page = reader.get(evening.tab)
    assert "Anne Holm" in page.text
    assert f"/events/{evening.event}/mark" not in page.text
    assert reader.get(f"/events/{evening.event}/paste").status_code == 403
    assert reader.post(f"/events/{evening.event}/mark", mark=f"absent:{evening.parts[0]}").status_code == 403
    assert reader.post(f"/events/{evening.event}/answers", content="satisfied").status_code == 403
    member = desk(app, sqlite_klynge, "board_member")
    for path in (f"/events/{evening.event}/papers/list", "/events/totals", f"/events/{evening.event}/evaluation.csv"):
        assert member.get(path).status_code == 403


def test_a_page_stands_for_whoever_may_not_read_by_what_its_lists_are_found(evening: Evening, app: Flask, sqlite_klynge: Klynge):
    grants = [("@crm", "use"), ("event", "read"), ("person", "read"), ("participation", "read", "all", ["note"], None)]
    half = add_actor(sqlite_klynge.database, "half", grants)
    at = desk(app, sqlite_klynge, "half", "half")
    assert at.user_id == half.user_id
    for record in (evening.event, evening.people[0]):
        page = at.get(f"/r/{record}?tab=participants", follow_redirects=True)
        assert page.status_code == 200
        assert "tilmeldt" not in words(page)
    assert at.get(f"/events/{evening.event}/papers/list").status_code in {403, 422}


def test_the_calendar_shows_events_by_when_they_are(evening: Evening):
    assert evening.desk.get("/t/event?layout=calendar").status_code == 200
    found = evening.desk.get("/t/event/calendar/events?from=2026-10-01&to=2026-11-01").json
    assert [one["start"][:10] for one in found["events"]] == ["2026-10-20"]
