"""The flows as plain functions: what they refuse in words, what they tell the CRM, and that twice is once."""

import pytest
from sqlalchemy import func, select

from crm.boards.models import PackVersion
from crm.boards.services import issue_approval_code
from crm.ops.models import MailOutbox
from crm.ops.queries import latest_flow
from crm.ops.worker import ACTOR
from tests.support.boards import SEED, submitted, user_actor
from tests.support.people import add_user
from workflows.deployments import form_schema
from workflows.forms import MeetingPackForm, PublishPackForm
from workflows.meeting_pack import meeting_pack
from workflows.publish_pack import publish_pack


def count(klynge, table):
    with klynge.works.reading(ACTOR) as uow:
        return uow.session.scalar(select(func.count()).select_from(table))


def refusal(state):
    assert state.is_failed()
    return state.message


def build(**form):
    return meeting_pack.fn(MeetingPackForm(**form))


def publish(**form):
    return publish_pack.fn(PublishPackForm(**form))


@pytest.fixture
def approver(flows):
    return add_user(flows, "administrator", "ida")


@pytest.fixture
def code(flows, world, approver):
    submitted(flows, world)
    with flows.works.writing(user_actor(flows, approver)) as uow:
        return issue_approval_code(uow, world.meeting).code


def test_the_next_meeting_is_built_and_the_page_sees_every_step(flows, world):
    done = build(board="Styregruppen")
    with flows.works.reading(ACTOR) as uow:
        status = latest_flow(uow, world.meeting, "meeting-pack")
    assert status.state == "done"
    assert [(step.label("da"), step.state) for step in status.steps][:2] == [("Data samlet", "done"), ("Word skrevet", "done")]
    assert count(flows, PackVersion) == 1
    assert done["mails"] == 0


def test_a_meeting_is_found_by_number_and_year(flows, world, number):
    assert build(board="Styregruppen", meeting=number)["version_id"]
    assert build(board="styregruppen", meeting=f" {number.replace('/', ' / ')} ")["version_id"]


@pytest.mark.parametrize(
    "address", ["http://localhost:8080/r/{id}/styregruppen-1-2027", "/r/{id}", "https://crm.example.dk/b/meetings/{id}"]
)
def test_a_meeting_is_found_by_a_pasted_address_without_a_board(flows, world, address):
    assert build(meeting=address.format(id=world.meeting))["version_id"]


def test_a_meeting_that_is_not_there_is_refused_with_the_next_that_is(flows, world, number):
    sentence = f"Der er intet møde 9/2027 i Styregruppen. Næste er {number}."
    assert refusal(build(board="Styregruppen", meeting="9/2027")) == sentence


def test_an_address_that_is_no_meetings_is_refused_in_a_plain_sentence(flows, world):
    assert refusal(build(meeting="http://localhost:8080/r/999999/x")) == "Der er intet møde på den adresse."
    assert refusal(build(meeting=f"/r/{world.board}")) == "Der er intet møde på den adresse."


def test_the_form_takes_nothing_beside_itself():
    assert form_schema(meeting_pack)["additionalProperties"] is False


def test_neither_board_nor_address_is_refused_in_a_plain_sentence(flows, world):
    assert refusal(build()) == "Vælg et udvalg, eller indsæt mødets adresse."


def test_an_unknown_board_is_refused_with_those_there_are(flows, world):
    assert "Styregruppen" in refusal(build(board="Bestyrelsen"))


def test_a_refused_run_stands_in_the_crm_with_its_sentence(flows, world):
    build(board="Rådgivende udvalg", meeting=f"/r/{world.last}")
    assert refusal(build(meeting=f"/r/{world.last}"))
    with flows.works.reading(ACTOR) as uow:
        status = latest_flow(uow, world.last)
    assert status.state == "failed"
    assert status.message is not None


def test_building_twice_makes_no_second_version(flows, world):
    build(board="Styregruppen")
    build(board="Styregruppen")
    assert count(flows, PackVersion) == 1


def test_publishing_needs_the_code_and_says_so(flows, world):
    submitted(flows, world)
    assert refusal(publish(board="Styregruppen")).startswith("Godkendelse i Prefect kræver engangskoden")
    assert refusal(publish(board="Styregruppen", approval_code="0000-0000"))


def test_publishing_twice_with_the_code_is_publishing_once(flows, world, code):
    first = publish(board="Styregruppen", approval_code=code, send_mails=True)
    second = publish(board="Styregruppen", approval_code=code, send_mails=True)
    assert (first["already"], second["already"]) == (False, True)
    assert first["version_id"] == second["version_id"]
    assert count(flows, MailOutbox) == first["mails"] > 0


def test_the_setting_forbids_approval_in_prefect(flows, world, code):
    flows.settings.approval_in_prefect = False
    assert refusal(publish(board="Styregruppen", approval_code=code)).startswith("Godkendelse i Prefect er slået fra.")
    with flows.works.reading(SEED) as uow:
        assert uow.session.scalar(select(PackVersion.published_at)) is None


def test_a_code_is_never_written_into_the_order(flows, world, code):
    publish(board="Styregruppen", approval_code=code)
    with flows.works.reading(ACTOR) as uow:
        from crm.ops.models import FlowRequest

        assert all(code not in str(row.parameters) for row in uow.session.scalars(select(FlowRequest)))


def test_an_unknown_failure_gets_a_number_that_the_page_shows(flows, world, monkeypatch):
    from crm.boards.ports import PackRenderer

    class Broken:
        media_type, suffix = "text/plain", "txt"

        def render(self, document):
            raise ZeroDivisionError

    flows.adapters[PackRenderer.__name__] = Broken()
    with pytest.raises(ZeroDivisionError):
        build(board="Styregruppen")
    with flows.works.reading(ACTOR) as uow:
        status = latest_flow(uow, world.meeting)
    assert status.state == "failed"
    assert status.message is not None
    assert status.error_reference in status.message("da")
