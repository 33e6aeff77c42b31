"""The page of a record: fields, related records, links, steps, history, trash."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import pytest
from werkzeug.wrappers import Response

from crm.kernel.errors import RuleViolation
from crm.kernel.i18n import N_
from crm.screens import panels, record_screen
from crm.screens.record_screen import RecordScreen, act, register_screen
from tests.support.queries import counting
from tests.support.screens import SEED, Desk, desk, make, make_meeting, words

if TYPE_CHECKING:
    from flask import Flask

    from crm.wiring import Klynge


@pytest.fixture
def staff(app: Flask, sqlite_klynge: Klynge) -> Desk:
    return desk(app, sqlite_klynge)


def test_the_page_shows_the_filled_fields_and_the_state(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Grøn Energi Nord", kind="cluster", phone="72317901", note="Første\nAnden")
    page = staff.get(f"/r/{record}/groen-energi-nord")
    assert page.status_code == 200
    text = words(page)
    for piece in ("Grøn Energi Nord", "Aktiv", "Klyngesekretariat", "+45 72 31 79 01".replace(" ", "\u00a0"), "Første"):
        assert piece.replace("\u00a0", " ") in text
    filled, empty = page.text.split('class="empty-facts')
    assert "CVR-nr." not in filled
    assert f'href="/r/{record}/field/cvr"' in empty
    assert staff.get(f"/r/{record}").status_code == 200
    assert staff.get("/r/999999/x").status_code == 404


def test_related_records_stand_with_their_count_and_a_way_to_add_more(staff: Desk, sqlite_klynge: Klynge):
    board, meeting = make_meeting(sqlite_klynge)
    page = staff.get(f"/r/{board}/styregruppen")
    assert f'href="/r/{board}/styregruppen?tab=meeting.board"' in page.text
    assert "Styregruppemøde 1/2026" not in page.text, "a tab is read when it is opened"
    assert words(staff.get(f"/r/{board}/counts")) == "1", "numbers come after the page"
    for path in (f"/r/{board}/styregruppen?tab=meeting.board", f"/r/{board}/tab/meeting.board"):
        page = staff.get(path)
        assert "Styregruppemøde 1/2026" in page.text
        assert f'data-id="{meeting}" data-version="1"' in page.text
        assert f'href="/t/meeting?f.board={board}"' in page.text
        assert f'href="/t/meeting/new?board={board}&amp;next=' in page.text
    assert "Styregruppen" in words(staff.get(f"/r/{meeting}"))


def test_a_link_is_added_with_role_and_dates_and_taken_away(staff: Desk, sqlite_klynge: Klynge):
    person = make(sqlite_klynge, "person", given_name="Anne", family_name="Holm")
    organisation = make(sqlite_klynge, "organisation", title="Havvind")
    path = f"/r/{person}/link/positions"
    answer = staff.post(path, direction="out", other=str(organisation), role="Direktør", from_on="1.2.2014", to_on="31.12.2016")
    assert answer.status_code == 303
    page = staff.get(f"/r/{organisation}/havvind?tab=person-positions-in")
    assert "Anne Holm" in page.text
    assert "01.02.2014–31.12.2016" in words(page)
    with sqlite_klynge.works.reading(SEED) as uow:
        from crm.records.related import links

        line = links(uow, person)[0]
    assert (line.role, line.from_on) == ("Direktør", date(2014, 2, 1))
    assert staff.post(f"/r/{organisation}/unlink/{line.id}").status_code == 303
    gone = staff.get(f"/r/{person}/anne")
    assert "Forbindelse fjernet" in words(gone)


def test_a_link_can_be_added_from_the_other_side(staff: Desk, sqlite_klynge: Klynge):
    person = make(sqlite_klynge, "person", given_name="Anne", family_name="Holm")
    organisation = make(sqlite_klynge, "organisation", title="Havvind")
    staff.post(f"/r/{organisation}/link/positions", direction="in", other=str(person), role="Konsulent")
    assert "Havvind" in words(staff.get(f"/r/{person}/anne"))


def test_a_refused_link_keeps_what_was_typed(staff: Desk, sqlite_klynge: Klynge):
    person = make(sqlite_klynge, "person", given_name="Anne")
    organisation = make(sqlite_klynge, "organisation", title="Havvind")
    values = {"direction": "out", "other": str(organisation), "role": "Direktør", "from_on": "engang"}
    page = staff.post(f"/r/{person}/link/positions", **values)
    assert page.status_code == 422
    assert "er ikke en dato" in words(page)
    assert 'value="engang"' in page.text
    assert 'value="Direktør"' in page.text
    assert f'<option value="{organisation}" selected>Havvind</option>' in page.text
    assert staff.post(f"/r/{person}/link/positions", direction="out", other="", role="x").status_code == 422


def test_a_step_is_taken_and_stands_in_the_history(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    answer = staff.post(f"/r/{record}/transition/close", seen_version="1")
    page = staff.get(answer.headers["Location"])
    assert "Status er nu ”Ophørt”." in words(page)
    assert "Aktiv → blev til Ophørt" in words(page)
    assert "Staff Prøve" in words(page)


def test_a_step_that_is_not_possible_gives_its_reason(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    answer = staff.post(f"/r/{record}/transition/reopen")
    assert "kan ikke lade sig gøre" in words(staff.get(answer.headers["Location"]))
    with sqlite_klynge.works.reading(SEED) as uow:
        assert uow.records.values(record)["state"] == "active"


def test_the_history_words_old_and_new(staff: Desk, sqlite_klynge: Klynge):
    parent = make(sqlite_klynge, "organisation", title="Moderklynge")
    record = make(sqlite_klynge, "organisation", title="Havvind", kind="company")
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(record, {"kind": "network", "parent": parent, "city": "Ribe"})
    text = words(staff.get(f"/r/{record}/havvind"))
    assert "Slags Virksomhed → blev til Netværk" in text
    assert "Hører under Moderklynge" in text
    assert "By Ribe" in text


def test_older_changes_come_on_demand(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    for n in range(20):
        with sqlite_klynge.works.writing(SEED) as uow:
            uow.records.update(record, {"city": f"By {n}"})
    page = staff.get(f"/r/{record}/havvind")
    assert "Vis tidligere" in words(page)
    more = unescape(page.text.split('id="changes"')[1].split('hx-get="/r/')[1].split('"')[0])
    older = staff.get(f"/r/{more}")
    assert "Oprettet" in words(older)
    assert "<html" not in older.text


def test_deleted_goes_to_the_trash_and_comes_back(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    answer = staff.post(f"/r/{record}/trash")
    assert answer.headers["Location"] == "/t/organisation"
    page = staff.get("/t/organisation")
    assert "Lagt i papirkurven." in words(page)
    assert re.search(r'action="/acts/\w+/undo"', page.text)
    assert staff.get(f"/r/{record}/havvind").status_code == 404
    assert "Havvind" in words(staff.get("/trash"))
    back = staff.post(f"/r/{record}/restore")
    assert back.headers["Location"] == f"/r/{record}/havvind"
    assert "Papirkurven er tom." in words(staff.get("/trash"))


def test_what_others_need_is_not_deleted_and_the_page_says_why(staff: Desk, sqlite_klynge: Klynge):
    board, _ = make_meeting(sqlite_klynge)
    answer = staff.post(f"/r/{board}/trash")
    assert answer.headers["Location"] == f"/r/{board}"
    assert "kan ikke slettes" in words(staff.get(answer.headers["Location"]))


def test_nothing_is_deleted_by_a_get_or_without_a_token(staff: Desk, sqlite_klynge: Klynge):
    record = make(sqlite_klynge, "organisation", title="Havvind")
    assert staff.get(f"/r/{record}/trash").status_code in {404, 405, 200}
    assert staff.client.post(f"/r/{record}/trash").status_code == 400
    assert staff.get(f"/r/{record}/havvind").status_code == 200


def test_the_number_of_questions_does_not_grow_with_what_is_related(staff: Desk, sqlite_klynge: Klynge):
    board, meeting = make_meeting(sqlite_klynge)

    def add(number: int) -> None:
        for n in range(number):
            make(sqlite_klynge, "meeting", board=board, when={"start": f"2027-03-{n + 1:02} 10:00"})
            make(sqlite_klynge, "follow_up", title=f"Opgave {n}", meeting=meeting)
            with sqlite_klynge.works.writing(SEED) as uow:
                uow.records.update(board, {"place": f"Sal {n}"})

    add(2)
    staff.get(f"/r/{board}")
    counts = []
    for number in (0, 5):
        add(number)
        with counting(sqlite_klynge.database) as asked:
            staff.get(f"/r/{board}/styregruppen")
        counts.append(len(asked))
    assert counts[0] == counts[1]


class Waving(RecordScreen):
    type_key = "board"

    @act("wave", N_("Approve"), right="update", icon="check")
    def wave(self, record_id: int) -> Response:
        with self.work() as uow:
            uow.records.update(record_id, {"place": "Vinket"})
        return self.tell(N_("Saved."), back=f"/r/{record_id}")

    @act("refuse", N_("Approve"), states=("never",))
    def refuse(self, record_id: int) -> Response:
        raise RuleViolation(N_("The end is before the start."))


def test_a_feature_adds_acts_of_its_own_to_the_page(staff: Desk, sqlite_klynge: Klynge, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(record_screen, "_screens", {})
    monkeypatch.setattr(panels, "_acts", {})
    register_screen(Waving())
    board, _ = make_meeting(sqlite_klynge)
    page = staff.get(f"/r/{board}/styregruppen")
    assert f'action="/r/{board}/act/wave"' in page.text
    assert "/act/refuse" not in page.text
    answer = staff.post(f"/r/{board}/act/wave")
    assert answer.headers["Location"] == f"/r/{board}"
    assert "Vinket" in staff.get(f"/r/{board}").text
    staff.post(f"/r/{board}/act/refuse")
    assert N_("The end is before the start.")("da") in words(staff.get(f"/r/{board}"))
    assert staff.post(f"/r/{board}/act/nonsense").status_code == 404
