"""Registers the flows with Prefect: work pool, deployments, and the rule that ends runs whose process died.

A deployment is written only when its definition here has changed, and then only what the code owns. Schedules, pauses, tags
and default values are the administrators': they are never touched again after the first registration.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from typing import Any, Final

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentUpdate, WorkPoolCreate
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound
from prefect.workers.process import ProcessWorker

from crm.boards.services import board_choices
from crm.cli.prefect_env import POOL, runs_at_once
from integrations.prefect_client.client import PrefectClient
from integrations.prefect_client.mapping import FORM
from workflows.meeting_pack import meeting_pack
from workflows.publish_pack import publish_pack
from workflows.runtime import ACTOR, container

#: Every flow, under the deployment of the same name.
FLOWS: Final[tuple[Flow[..., Any], ...]] = (meeting_pack, publish_pack)
#: Flows whose form has a drop-down of boards.
WITH_BOARDS: Final = ("meeting-pack", "publish-pack")
ZOMBIES: Final = "Klynge: luk kørsler, hvis proces er død"


def register() -> list[str]:
    """Register all flows; give the names of those that were new or changed."""
    with get_client(sync_client=True) as client:
        ensure_pool(client, runs_at_once(container().settings))
        ensure_zombie_rule(client)
        changed = [flow.name for flow in FLOWS if register_flow(client, flow)]
    offer_boards()
    return changed


def ensure_pool(client: SyncPrefectClient, limit: int) -> None:
    """Make the work pool that runs flows as processes on this machine."""
    try:
        client.read_work_pool(POOL)
    except ObjectNotFound:
        template = ProcessWorker.get_default_base_job_template()
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process", base_job_template=template, concurrency_limit=limit))


def register_flow(client: SyncPrefectClient, flow: Flow[..., Any]) -> bool:
    """Register one flow, or write what changed in its definition; tell whether anything was written."""
    owned: dict[str, Any] = {
        "entrypoint": f"{flow.fn.__module__}.{flow.fn.__name__}",
        "description": flow.description,
        "job_variables": {"command": f"{sys.executable} -m prefect.engine"},
        "parameter_openapi_schema": form_schema(flow),
        "enforce_parameter_schema": True,
    }
    version = hashlib.sha256(json.dumps(owned, sort_keys=True).encode()).hexdigest()[:12]
    try:
        known = client.read_deployment_by_name(f"{flow.name}/{flow.name}")
    except ObjectNotFound:
        client.create_deployment(
            flow_id=client.create_flow_from_name(flow.name),
            name=flow.name,
            work_pool_name=POOL,
            tags=["klynge"],
            version=version,
            **owned,
        )
        return True
    if known.version == version:
        return False
    client.update_deployment(known.id, DeploymentUpdate(**owned, version=version))
    return True


def form_schema(flow: Flow[..., Any]) -> dict[str, Any]:
    """Give the flow's form, under its own title instead of the parameter's name; anything beside it is refused at once."""
    schema: dict[str, Any] = flow.parameters.model_dump_for_openapi()
    schema["additionalProperties"] = False
    form = schema["properties"][FORM]
    form["title"] = schema["definitions"][form["$ref"].rpartition("/")[2]]["title"]
    return schema


def offer_boards(client: PrefectClient | None = None) -> None:
    """Put today's boards on the forms; the worker does the same whenever they change."""
    with container().works.reading(ACTOR) as uow:
        titles: Sequence[str] = [choice.title for choice in board_choices(uow)]
    engine = client or PrefectClient(container().settings)
    for name in WITH_BOARDS:
        engine.offer_choices(name, "board", titles)


def ensure_zombie_rule(client: SyncPrefectClient) -> None:
    """Let Prefect close a run as crashed when its process has been silent for 90 seconds; else it would run for ever."""
    if client.request("POST", "/automations/filter", json={"automations": {"name": {"any_": [ZOMBIES]}}}).json():
        return
    ends = {f"prefect.flow-run.{name}" for name in ("heartbeat", "Completed", "Failed", "Cancelled", "Crashed", "TimedOut")}
    rule = AutomationCore(
        name=ZOMBIES,
        description="Sat op af Klynge. En kørsel uden livstegn i 90 sekunder lukkes, så ordren i CRM kan tages op igen.",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect=ends,
            match={"prefect.resource.id": "prefect.flow-run.*"},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=90,
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, message="Processen døde undervejs.")],
    )
    client.create_automation(rule)
