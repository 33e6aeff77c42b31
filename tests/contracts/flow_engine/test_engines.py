"""One suite over the flow engine and its twin; the real one is a Prefect server of the session's own."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from crm.kernel.errors import IntegrationError
from crm.ops.ports import RunState
from integrations.prefect_client.client import PrefectClient
from integrations.prefect_client.fake import FakeEngine
from integrations.prefect_client.mapping import engine_run, form_values, with_choices

FLOW = "contract-flow"
SCHEMA = {
    "type": "object",
    "properties": {"form": {"$ref": "#/definitions/Form", "position": 0}},
    "definitions": {
        "Form": {
            "type": "object",
            "properties": {"board": {"type": "string", "default": ""}, "meeting": {"type": "string", "default": ""}},
        }
    },
}


@pytest.fixture(scope="session")
def registered(prefect_house):
    """A deployment to start, without a worker: its runs stay in the queue."""
    flow = prefect_house.call("POST", "/flows/", {"name": FLOW}).json()
    body = {"name": FLOW, "flow_id": flow["id"], "parameter_openapi_schema": SCHEMA, "enforce_parameter_schema": True}
    assert prefect_house.call("POST", "/deployments/", body).is_success
    return prefect_house


@pytest.fixture(params=["fake", pytest.param("prefect", marks=pytest.mark.server)])
def engine(request):
    if request.param == "fake":
        yield FakeEngine(flows=[FLOW])
        return
    client = PrefectClient(request.getfixturevalue("registered").settings())
    yield client
    client.close()


def test_it_says_that_it_lives(engine):
    assert engine.healthy()


def test_the_same_key_starts_one_run(engine):
    key = uuid4().hex
    first = engine.start(FLOW, {"meeting_id": 17}, key=key)
    assert engine.start(FLOW, {"meeting_id": 17}, key=key) == first
    assert engine.start(FLOW, {"meeting_id": 17}, key=uuid4().hex) != first


def test_it_tells_how_runs_stand_and_leaves_out_what_it_does_not_know(engine):
    run_id = engine.start(FLOW, {"meeting_id": 17}, key=uuid4().hex)
    unknown = str(uuid4())
    assert engine.runs([run_id, unknown]).keys() == {run_id}
    assert engine.runs([run_id])[run_id].state is RunState.QUEUED
    assert engine.runs([]) == {}


def test_a_flow_that_is_not_there_yet_is_worth_another_try(engine):
    with pytest.raises(IntegrationError) as caught:
        engine.start("no-such-flow", {}, key=uuid4().hex)
    assert caught.value.retryable


def test_choices_are_written_only_when_they_changed(engine):
    titles = ["Styregruppen", uuid4().hex]
    assert engine.offer_choices(FLOW, "board", titles)
    assert not engine.offer_choices(FLOW, "board", titles)


def test_a_run_has_an_address_on_the_engines_screen(engine):
    assert engine.run_url("abc").endswith("/runs/flow-run/abc")


# ------------------------------------------------------------------------------------------- what only the real one meets
def client_over(make_settings, answer):
    return PrefectClient(make_settings(), transport=httpx.MockTransport(answer), pause=lambda _seconds: None)


def test_a_busy_server_is_asked_again_with_the_same_key(make_settings):
    keys = []

    def answer(request):
        if request.method == "GET":
            return httpx.Response(200, json={"id": "d1"})
        keys.append(request.read())
        if len(keys) == 1:
            return httpx.Response(503)
        if len(keys) == 2:
            raise httpx.RemoteProtocolError("reset")
        return httpx.Response(201, json={"id": "r1"})

    assert client_over(make_settings, answer).start(FLOW, {}, key="k") == "r1"
    assert len(keys) == 3
    assert len(set(keys)) == 1


@pytest.mark.parametrize(("status", "retryable"), [(503, True), (500, True), (401, True), (409, False), (422, False)])
def test_every_answer_says_whether_to_try_again(make_settings, status, retryable):
    with pytest.raises(IntegrationError) as caught:
        client_over(make_settings, lambda _request: httpx.Response(status)).start(FLOW, {}, key="k")
    assert caught.value.retryable is retryable


def test_a_deployment_that_was_made_anew_is_looked_up_again(make_settings):
    there = {"id": "old"}

    def answer(request):
        if request.method == "GET":
            return httpx.Response(200, json={"id": there["id"]})
        return httpx.Response(201, json={"id": "r1"}) if there["id"] in request.url.path else httpx.Response(404)

    client = client_over(make_settings, answer)
    assert client.start(FLOW, {}, key="a") == "r1"
    there["id"] = "new"
    assert client.start(FLOW, {}, key="b") == "r1"


def test_a_silent_server_is_down_and_nobody_waits_long(make_settings):
    def answer(_request):
        raise httpx.ConnectTimeout("nothing")

    client = client_over(make_settings, answer)
    assert not client.healthy()
    with pytest.raises(IntegrationError):
        client.runs(["r1"])


def test_no_name_of_a_person_can_reach_a_form():
    assert form_values({"meeting_id": 17, "build_id": 4, "send_mails": True, "name": "Anne Holm"}) == {
        "form": {"meeting": "/r/17", "send_mails": True}
    }


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("SCHEDULED", RunState.QUEUED),
        ("PENDING", RunState.QUEUED),
        ("RUNNING", RunState.RUNNING),
        ("CANCELLING", RunState.RUNNING),
        ("COMPLETED", RunState.DONE),
        ("FAILED", RunState.FAILED),
        ("CRASHED", RunState.CRASHED),
        ("CANCELLED", RunState.CANCELLED),
    ],
)
def test_prefects_states_are_ours(kind, state):
    assert engine_run({"id": "r1", "state_type": kind, "state": {"message": "word"}}).state is state


def test_a_form_without_the_field_is_said_so():
    assert with_choices({"definitions": {}}, "board", ["A"]) is None
