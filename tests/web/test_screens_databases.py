"""The generic pages on both databases: each page once, odd input included; nothing ends in a fault of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm.web.app import create_app
from tests.support.screens import SEED, Desk, desk, make, make_meeting

if TYPE_CHECKING:
    from crm.wiring import Klynge

HUGE = "99999999999999999999"


@pytest.fixture
def staff(klynge: Klynge) -> Desk:
    app = create_app(klynge)
    app.testing = True
    return desk(app, klynge)


def test_every_page_answers(staff: Desk, klynge: Klynge):
    board, meeting = make_meeting(klynge)
    person = make(klynge, "person", given_name="Åse", family_name="Ærø", email="aase@example.dk")
    organisation = make(klynge, "organisation", title="Østfyn", kind="cluster", municipality="0461")
    gone = make(klynge, "organisation", title="Væk")
    with klynge.works.writing(SEED) as uow:
        uow.records.link(person, "positions", organisation, role="Direktør")
        uow.records.delete(gone)
    make(klynge, "follow_up", title="Send notat", meeting=meeting, responsible=person, due="2026-11-20")
    paths = ["/", "/trash", "/search?q=øst", "/nav/counts", "/t/organisation/pick?q=øst", "/t/organisation/count?q=ø"]
    paths += [
        f"/t/{key}" for key in ("organisation", "person", "board", "mandate", "meeting", "agenda_item", "decision", "follow_up")
    ]
    paths += [f"/t/{key}/new" for key in ("organisation", "person", "board", "mandate", "meeting", "agenda_item", "follow_up")]
    paths += [f"/r/{record}{end}" for record in (board, meeting, person, organisation) for end in ("", "/edit", "/history")]
    paths += [
        "/t/meeting?sort=when&dir=desc",
        "/t/follow_up?sort=due",
        "/t/organisation?sort=kind",
        f"/t/person?f.positions={organisation}",
    ]
    faults = {path: answer.status_code for path in paths if (answer := staff.get(path)).status_code not in {200, 204}}
    assert faults == {}


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=%00%F0%9F%98%80",
        "/t/organisation?q=%00",
        "/t/organisation?q=%25_%5C",
        "/t/organisation/pick?q=%00&types=,,organisation,nonsense",
        "/t/organisation?f.parent=abc",
        f"/t/organisation?f.parent={HUGE}",
        "/t/organisation?owner=%00",
        "/t/organisation?after=%00&trail=~~~",
        f"/r/{HUGE}",
        f"/r/{HUGE}/edit",
        "/r/0",
        f"/r/1/history?before={HUGE}",
        "/t/%00",
        f"/t/meeting/new?board={HUGE}",
    ],
)
def test_odd_addresses_are_answered_in_words(staff: Desk, path: str):
    assert staff.get(path).status_code in {200, 400, 404}


def test_odd_forms_are_answered_in_words(staff: Desk, klynge: Klynge):
    _, meeting = make_meeting(klynge)
    person = make(klynge, "person", given_name="Åse")
    answers = [
        staff.post("/t/organisation/new", title="\x00", parent=HUGE, municipality="\x00", website="\x00"),
        staff.post("/t/meeting/new", board="x", number=HUGE * 3, **{"when.start": "\x00", "when.start_time": "99.99"}),
        staff.post(f"/r/{meeting}/edit", seen_version="x", board=HUGE),
        staff.post(f"/r/{person}/link/positions", direction="x", other=HUGE, role="\x00", from_on="\x00"),
        staff.post(f"/r/{person}/link/nonsense", other=str(meeting)),
        staff.post(f"/r/{person}/transition/%00"),
        staff.post(f"/r/{person}/unlink/{HUGE}"),
        staff.post(f"/r/{HUGE}/trash"),
        staff.post(f"/r/{person}/restore"),
        staff.post(f"/r/{person}/act/nonsense"),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert answers[0].status_code == 422
