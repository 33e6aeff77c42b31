"""The flows on a real Prefect server: started there and from the CRM, refused, approved by code, and through a stop."""

import pytest
from sqlalchemy import select

from crm.boards.models import PackVersion
from crm.boards.services import issue_approval_code, order_pack
from crm.ops.models import DONE, FlowRequest, MailOutbox
from crm.ops.queries import flow_status, latest_flow
from crm.security.actors import system_actor
from tests.support.boards import SEED, assembled, user_actor

pytestmark = pytest.mark.server


def newest_order(house, flow):
    return house.read(lambda uow: latest_flow(uow, house.world.meeting, flow))


def order_in_the_crm(house):
    with house.klynge.works.writing(user_actor(house.klynge, house.approver)) as uow:
        order_pack(uow, house.world.meeting)
    return newest_order(house, "meeting-pack").id


def runs_of(house, flow):
    answer = house.prefect.call("POST", "/flow_runs/filter", {"flows": {"name": {"any_": [flow]}}, "limit": 200})
    return answer.json()


def test_the_forms_are_in_danish_with_the_boards_to_choose_from(house):
    schema = house.prefect.deployment("publish-pack")["parameter_openapi_schema"]
    fields = schema["definitions"]["PublishPackForm"]["properties"]
    titles = {name: field["title"] for name, field in fields.items()}
    assert titles == {"board": "Udvalg", "meeting": "Møde", "approval_code": "Godkendelseskode", "send_mails": "Send mails"}
    assert fields["board"]["enum"] == ["", "Rådgivende udvalg", "Styregruppen"]
    assert fields["send_mails"]["default"] is False


def test_strangers_get_nothing_from_prefect(house):
    import httpx

    answer = httpx.get(f"http://127.0.0.1:{house.prefect.port}/api/admin/settings", trust_env=False)
    assert answer.status_code == 401
    page = httpx.get(f"http://127.0.0.1:{house.prefect.port}/", trust_env=False)
    assert "connect-src 'self'" in page.headers["content-security-policy"]


def test_a_run_started_in_prefect_is_seen_in_the_crm_and_named_after_its_meeting(house):
    run = house.prefect.run_to_end("meeting-pack", board="Styregruppen")
    assert run["state"]["type"] == "COMPLETED", run["state"]
    assert run["name"] == f"Styregruppen {house.number} – mødemateriale"
    order = newest_order(house, "meeting-pack")
    assert (order.state, order.run_id) == (DONE, run["id"])
    assert [step.label("da") for step in order.steps][:2] == ["Data samlet", "Word skrevet"]
    found = house.prefect.call("POST", "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}).json()
    assert sorted(item["type"] for item in found) == ["markdown", "markdown", "table"]
    assert "Anne" not in str(found)
    tasks = house.prefect.call("POST", "/task_runs/filter", {"task_runs": {"flow_run_id": {"any_": [run["id"]]}}}).json()
    assert {"Data samlet", "Word skrevet", "Version gemt"} >= {item["name"] for item in tasks}


def test_a_wrong_value_fails_in_the_first_second_with_its_sentence(house):
    run = house.prefect.run_to_end("meeting-pack", board="Styregruppen", meeting="9/2027")
    assert run["state"]["type"] == "FAILED"
    assert run["state"]["message"] == f"Der er intet møde 9/2027 i Styregruppen. Næste er {house.number}."
    of_it = {"task_runs": {"flow_run_id": {"any_": [run["id"]]}}}
    assert house.prefect.call("POST", "/task_runs/filter", of_it).json() == []  # before any work began
    wanted = {"logs": {"flow_run_id": {"any_": [run["id"]]}}}
    house.prefect.wait(lambda: len(house.prefect.call("POST", "/logs/filter", wanted).json()) > 2, 15, "the run's log")
    log = [line["message"] for line in house.prefect.call("POST", "/logs/filter", wanted).json()]
    assert not [line for line in log if "Traceback" in line]


def test_a_board_that_is_not_on_the_list_is_refused_at_the_form(house):
    answer = house.prefect.start("meeting-pack", board="Bestyrelsen")
    assert answer.status_code == 409
    assert "Styregruppen" in answer.text


def test_an_order_from_the_crm_runs_in_prefect_and_comes_back_done(house):
    number = order_in_the_crm(house)
    house.work_until(lambda: not house.read(lambda uow: flow_status(uow, number)).is_open)
    order = house.read(lambda uow: flow_status(uow, number))
    assert order.state == DONE
    assert len([run for run in runs_of(house, "meeting-pack") if run["id"] == order.run_id]) == 1


def test_approving_in_prefect_by_code_publishes_once(house):
    assembled(house.klynge, house.world)
    with house.klynge.works.writing(SEED) as uow:
        uow.records.transition(house.world.meeting, "submit")
    without = house.prefect.run_to_end("publish-pack", board="Styregruppen")
    assert without["state"]["message"].startswith("Godkendelse i Prefect kræver engangskoden")
    with house.klynge.works.writing(user_actor(house.klynge, house.approver)) as uow:
        code = issue_approval_code(uow, house.world.meeting).code
    for _ in range(2):
        run = house.prefect.run_to_end("publish-pack", board="Styregruppen", approval_code=code, send_mails=True)
        assert run["state"]["type"] == "COMPLETED", run["state"]
        assert run["name"] == f"Styregruppen {house.number} – udsendelse"
    published = house.read(lambda uow: uow.session.scalars(select(PackVersion).where(PackVersion.published_at.is_not(None))).all())
    assert [version.approved_by for version in published] == [house.approver]
    assert house.read(lambda uow: len(uow.session.scalars(select(MailOutbox)).all())) == 1


def test_while_prefect_is_stopped_an_order_waits_and_is_done_once_when_it_returns(house):
    with house.prefect.without("prefect-server"):
        number = order_in_the_crm(house)
        house.work_until(lambda: house.read(lambda uow: flow_status(uow, number)).engine_down)
        waiting = house.read(lambda uow: flow_status(uow, number))
        assert waiting.words("da").startswith("Prefect er stoppet. Bestillingen venter")
    house.work_until(lambda: not house.read(lambda uow: flow_status(uow, number)).is_open, seconds=90)
    order = house.read(lambda uow: flow_status(uow, number))
    assert order.state == DONE
    key = house.read(lambda uow: uow.session.get(FlowRequest, number).idempotency_key)
    assert len([run for run in runs_of(house, "meeting-pack") if run["idempotency_key"] == key]) == 1


def test_a_new_board_appears_on_the_forms_and_schedules_made_in_prefect_stay(house):
    deployment = house.prefect.deployment("meeting-pack")
    schedule = [{"schedule": {"cron": "0 7 * * 1", "timezone": "Europe/Copenhagen"}, "active": True}]
    assert house.prefect.call("POST", f"/deployments/{deployment['id']}/schedules", schedule).is_success
    with house.klynge.works.writing(system_actor("seed"), cause="seed") as uow:
        uow.records.create("board", {"title": "Arbejdsgruppe Ærø"})

    def offered():
        schema = house.prefect.deployment("meeting-pack")["parameter_openapi_schema"]
        return "Arbejdsgruppe Ærø" in schema["definitions"]["MeetingPackForm"]["properties"]["board"]["enum"]

    house.work_until(offered)
    assert len(house.prefect.deployment("meeting-pack")["schedules"]) == 1


def test_registering_again_changes_nothing(house):
    import subprocess
    import sys

    command = [sys.executable, "-m", "crm.cli.main", "run", "deploy"]
    said = subprocess.run(command, env=house.prefect.environment(), capture_output=True, text=True, check=True, timeout=60)
    assert "none, all are as they were" in said.stdout


def test_a_run_whose_process_is_gone_is_closed_at_start_and_its_order_taken_up_again(house):
    with house.prefect.without("prefect-worker"):
        number = order_in_the_crm(house)
        house.work_until(lambda: house.read(lambda uow: flow_status(uow, number)).state == "triggered")
        run_id = house.read(lambda uow: flow_status(uow, number)).run_id
        # As a power cut leaves it: RUNNING for ever, by Prefect's word, and no process.
        cut_off = {"state": {"type": "RUNNING"}, "force": True}
        assert house.prefect.call("POST", f"/flow_runs/{run_id}/set_state", cut_off).is_success
    house.work_until(lambda: not house.read(lambda uow: flow_status(uow, number)).is_open, seconds=90)
    order = house.read(lambda uow: flow_status(uow, number))
    assert order.state == DONE
    assert order.run_id != run_id
    assert house.prefect.call("GET", f"/flow_runs/{run_id}").json()["state"]["type"] == "CRASHED"
