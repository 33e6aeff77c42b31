"""The meeting's page for staff: agenda, material, approval, code, preview, downloads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy import event, select

from crm.boards.models import PackBuild, PackVersion
from crm.boards.packs.document import PackDocument
from crm.boards.services import publish_pack, start_build
from crm.kernel.clock import FixedClock
from crm.ops.models import FlowRequest, WorkerHeartbeat
from crm.records.models import StoredFile
from crm.wiring import Klynge
from tests.support.boards import SEED, World, assembled, make_world, submitted

Login = Callable[..., int]


@pytest.fixture
def world(sqlite_klynge: Klynge) -> World:
    return make_world(sqlite_klynge)


@pytest.fixture
def staff(client: FlaskClient, login: Login) -> FlaskClient:
    login(client, "staff", "mette")
    return client


def token(client: FlaskClient) -> str:
    page = client.get("/").text
    return page.split('name="csrf-token" content="')[1].split('"')[0]


def page(client: FlaskClient, world: World) -> str:
    answer = client.get(f"/r/{world.meeting}/x")
    assert answer.status_code == 200
    return answer.text


def test_the_agenda_stands_with_numbers_types_and_minutes(staff: FlaskClient, world: World) -> None:
    text = page(staff, world)
    assert "Aktivitetsplan 2. halvår 2027" in text
    assert "1 t 45 min i alt" in text
    assert "Saml materialet" in text
    assert "Godkend og send" not in text


def test_what_an_item_lacks_is_said_beside_it(staff: FlaskClient, world: World, sqlite_klynge: Klynge) -> None:
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.create("agenda_item", {"meeting": world.meeting, "title": "Budget", "item_type": "decision"})
        uow.records.create("agenda_item", {"meeting": world.meeting, "title": "Valg", "item_type": "decision", "background": "x"})
    text = page(staff, world)
    assert "Mangler tekst" in text
    assert "Mangler indstilling" in text


def test_a_click_orders_the_flow_and_the_page_follows_it(staff: FlaskClient, world: World, sqlite_klynge: Klynge) -> None:
    answer = staff.post(f"/r/{world.meeting}/pack/build", data={"csrf_token": token(staff)})
    assert answer.status_code == 303
    with sqlite_klynge.database.reading() as session:
        assert session.scalars(select(FlowRequest)).one().flow == "meeting-pack"
    text = page(staff, world)
    assert f'hx-get="/r/{world.meeting}/pack/status"' in text
    assert "Materialet samles" in text
    assert "Bestillingen venter" in text, "no worker runs in this test, so the page says that the order waits"


def test_prefect_being_stopped_is_said_and_the_order_waits(
    staff: FlaskClient, world: World, sqlite_klynge: Klynge, clock: FixedClock
) -> None:
    with sqlite_klynge.database.writing() as session:
        session.add(WorkerHeartbeat(name="worker", pid=1, started_at=clock.now(), seen_at=clock.now(), detail={"engine": "down"}))
    staff.post(f"/r/{world.meeting}/pack/build", data={"csrf_token": token(staff)})
    told = "Prefect er stoppet. Bestillingen venter"
    assert staff.get(f"/r/{world.meeting}/pack/status").text.count(told) == 1
    assert told in page(staff, world)


def test_the_status_fragment_lets_the_page_come_anew_when_all_is_done(
    staff: FlaskClient, world: World, sqlite_klynge: Klynge
) -> None:
    assembled(sqlite_klynge, world)
    answer = staff.get(f"/r/{world.meeting}/pack/status", headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    assert "Materialet er samlet på " in answer.text
    assert "Data samlet" in answer.text
    assert "hx-trigger" not in answer.text


def test_a_lost_build_does_not_stand_in_the_way(staff: FlaskClient, world: World, sqlite_klynge: Klynge, clock: FixedClock) -> None:
    start_build(sqlite_klynge.works, world.meeting)
    clock.moment += timedelta(minutes=20)
    staff.post(f"/r/{world.meeting}/pack/build", data={"csrf_token": token(staff)})
    with sqlite_klynge.database.reading() as session:
        assert [build.state for build in session.scalars(select(PackBuild).order_by(PackBuild.id))] == ["failed", "ordered"]


def test_approving_asks_first_and_then_orders_the_publishing(staff: FlaskClient, world: World, sqlite_klynge: Klynge) -> None:
    submitted(sqlite_klynge, world)
    assert "Godkend og send" in page(staff, world)
    question = staff.get(f"/r/{world.meeting}/pack/approval")
    assert "Send mails" in question.text
    assert 'name="send_mails" value="true" checked' not in question.text
    assert "Anne Holm (formand), Grøn Energi Nord" in question.text
    answer = staff.post(f"/r/{world.meeting}/pack/approve", data={"csrf_token": token(staff)})
    assert answer.status_code == 303
    with sqlite_klynge.database.reading() as session:
        assert session.scalars(select(FlowRequest)).one().flow == "publish-pack"


def test_a_blocked_approval_says_why(staff: FlaskClient, world: World, sqlite_klynge: Klynge, clock: FixedClock) -> None:
    submitted(sqlite_klynge, world)
    clock.moment += timedelta(minutes=1)
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(world.items[0], {"minutes": 10})
    assert "Dagsordenen er ændret, siden materialet blev samlet" in page(staff, world)
    answer = staff.post(f"/r/{world.meeting}/pack/approve", data={"csrf_token": token(staff)})
    assert answer.status_code == 422


def test_the_code_is_shown_once_to_the_one_who_may_approve(staff: FlaskClient, world: World, sqlite_klynge: Klynge) -> None:
    submitted(sqlite_klynge, world)
    answer = staff.post(f"/r/{world.meeting}/pack/code", data={"csrf_token": token(staff)})
    assert answer.status_code == 200
    code = answer.text.split('id="approval-code">')[1].split("<")[0]
    assert len(code) == 9
    assert answer.headers["Cache-Control"] == "no-store"
    assert code not in page(staff, world)


def test_a_reader_sees_but_may_not_act(client: FlaskClient, login: Login, world: World, sqlite_klynge: Klynge) -> None:
    submitted(sqlite_klynge, world)
    login(client, "reader")
    text = page(client, world)
    assert "Godkend og send" not in text
    assert "Saml igen" not in text
    for act in ("build", "approve", "code"):
        assert client.post(f"/r/{world.meeting}/pack/{act}", data={"csrf_token": token(client)}).status_code == 403


def test_staff_read_it_as_a_member_will(staff: FlaskClient, world: World, sqlite_klynge: Klynge) -> None:
    assembled(sqlite_klynge, world)
    text = staff.get(f"/r/{world.meeting}/pack/member").text
    assert "Denne version er ikke udsendt endnu" in text
    item = staff.get(f"/r/{world.meeting}/pack/member?item={world.items[2]}").text
    assert "<h1>3. Aktivitetsplan 2. halvår 2027</h1>" in item
    assert item.index(">Indstilling<") < item.index(">Baggrund<") < item.index(">Sagsfremstilling<")
    assert "Næste punkt" in item
    assert "Forrige punkt" in item


def test_the_word_file_comes_under_its_proper_name(staff: FlaskClient, world: World, sqlite_klynge: Klynge) -> None:
    pack = assembled(sqlite_klynge, world)
    answer = staff.get(f"/packs/{pack.version_id}.docx")
    assert answer.status_code == 200
    assert "2027-04-27 Styregruppen 1-2027 dagsorden og bilag v1.docx" in answer.headers["Content-Disposition"]
    assert "Indstilling" in [line.text for line in Document(BytesIO(answer.data)).paragraphs]


def test_an_item_moves_by_its_buttons(staff: FlaskClient, world: World, sqlite_klynge: Klynge) -> None:
    answer = staff.post(f"/r/{world.items[3]}/agenda/move", data={"csrf_token": token(staff), "place": "1"})
    assert answer.status_code == 303
    text = page(staff, world)
    assert text.index("Kortlægning af samarbejde") < text.index("Godkendelse af dagsorden")


def test_typed_text_is_never_markup(staff: FlaskClient, world: World, sqlite_klynge: Klynge) -> None:
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.update(world.items[2], {"presentation": "<img src=x onerror=alert(1)> {{ 7*7 }}"})
    pack = assembled(sqlite_klynge, world)
    text = staff.get(f"/packs/{pack.version_id}").text
    assert "&lt;img src=x onerror=alert(1)&gt; {{ 7*7 }}" in text
    assert "<img src=x" not in text


def test_annexes_are_added_and_removed_on_the_items_page(staff: FlaskClient, world: World, sqlite_klynge: Klynge) -> None:
    address = f"/r/{world.items[2]}"
    given = {"csrf_token": token(staff), "file": (BytesIO(b"%PDF-1.7 plan"), "Plan.pdf")}
    assert staff.post(f"{address}/files", data=given).status_code == 303
    assert "Plan.pdf" in staff.get(f"{address}/x").text
    with sqlite_klynge.database.reading() as session:
        file_id = session.scalars(select(StoredFile.id)).one()
    answer = staff.get(f"/files/{file_id}")
    assert answer.data == b"%PDF-1.7 plan"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert staff.post(f"/files/{file_id}/delete", data={"csrf_token": token(staff)}).status_code == 303
    listed = staff.get(f"{address}/files", headers={"HX-Request": "true"}).text
    assert "Plan.pdf" not in listed


def test_a_sent_annex_stays_with_its_number_and_a_new_version_keeps_it(
    staff: FlaskClient, world: World, sqlite_klynge: Klynge
) -> None:
    for name in ("Plan.pdf", "Budget.pdf"):
        given = {"csrf_token": token(staff), "file": (BytesIO(b"%PDF-1.7 " + name.encode()), name)}
        staff.post(f"/r/{world.items[2]}/files", data=given)
    pack = submitted(sqlite_klynge, world)
    staff.post(f"/r/{world.meeting}/pack/approve", data={"csrf_token": token(staff)})
    assert world.office is not None
    publish_pack(sqlite_klynge.works, pack.version_id, world.office)
    with sqlite_klynge.database.reading() as session:
        plan, budget = session.scalars(select(StoredFile.id).order_by(StoredFile.id)).all()
    staff.post(f"/files/{plan}/delete", data={"csrf_token": token(staff)})
    text = staff.get(f"/r/{world.items[2]}/x").text
    assert "så det bliver" in text
    assert "Bilag 1" in text
    given = {"csrf_token": token(staff), "file": (BytesIO(b"%PDF-1.7 ny"), "Budget rettet.pdf")}
    staff.post(f"/files/{budget}/version", data=given)
    staff.post(f"/r/{world.items[0]}/files", data={"csrf_token": token(staff), "file": (BytesIO(b"%PDF-1.7"), "Sent.pdf")})
    again = assembled(sqlite_klynge, world)
    with sqlite_klynge.database.reading() as session:
        document = PackDocument.from_json(session.get_one(PackVersion, again.version_id).document)
        numbers = {one.file_name: one.number for one in document.annexes}
    assert numbers == {"Plan.pdf": 1, "Budget rettet.pdf": 2, "Sent.pdf": 3}


def test_the_page_asks_the_database_as_often_for_a_long_agenda_as_for_a_short(
    staff: FlaskClient, world: World, sqlite_klynge: Klynge
) -> None:
    counted = []
    for batch in range(2):
        with sqlite_klynge.works.writing(SEED) as uow:
            for number in range(12):
                values = {"title": f"Punkt {batch}.{number}", "item_type": "orientation"}
                uow.records.create("agenda_item", {"meeting": world.meeting, **values})
        assembled(sqlite_klynge, world)
        page(staff, world)
        counted.append(statements(sqlite_klynge, lambda: page(staff, world)))
    assert counted[0] == counted[1] < 40


def statements(klynge: Klynge, act: Callable[[], object]) -> int:
    """Count the statements that an act sends to the database."""
    seen: list[str] = []

    def listen(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(klynge.database.engine, "before_cursor_execute", listen)
    try:
        act()
    finally:
        event.remove(klynge.database.engine, "before_cursor_execute", listen)
    return len(seen)


def test_a_held_meeting_asks_for_its_decisions(staff: FlaskClient, world: World, sqlite_klynge: Klynge, clock: FixedClock) -> None:
    pack = submitted(sqlite_klynge, world)
    staff.post(f"/r/{world.meeting}/pack/approve", data={"csrf_token": token(staff)})
    assert world.office is not None
    publish_pack(sqlite_klynge.works, pack.version_id, world.office)
    assert "Skriv beslutningen" not in page(staff, world)
    later = FixedClock(clock.moment + timedelta(days=147))
    with sqlite_klynge.works.writing(SEED, clock=later) as uow:
        uow.records.transition(world.meeting, "hold")
    text = page(staff, world)
    assert f"/t/decision/new?agenda_item={world.items[2]}" in text
    assert f"/t/decision/new?agenda_item={world.items[1]}" not in text, "an orientation has no decision to take"
    with sqlite_klynge.works.writing(SEED) as uow:
        uow.records.create("decision", {"agenda_item": world.items[2], "text": "Planen blev godkendt."})
    assert "Beslutning: Planen blev godkendt." in page(staff, world)
