"""Our words and Prefect's, translated: pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from crm.ops.ports import EngineRun, RunState

#: The one parameter of every flow: a model, because the form drops titles and limits of bare parameters.
FORM: Final = "form"

_STATES: Final = {
    "SCHEDULED": RunState.QUEUED,
    "PENDING": RunState.QUEUED,
    "RUNNING": RunState.RUNNING,
    "PAUSED": RunState.RUNNING,
    "CANCELLING": RunState.RUNNING,
    "COMPLETED": RunState.DONE,
    "FAILED": RunState.FAILED,
    "CRASHED": RunState.CRASHED,
    "CANCELLED": RunState.CANCELLED,
}


def form_values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Turn an order's parameters into what stands on the flow's form in Prefect.

    The record goes as the address that a person could have pasted; what only the CRM knows stays in the order, which the
    flow finds again by its idempotency key.
    """
    values: dict[str, Any] = {}
    if parameters.get("meeting_id") is not None:
        values["meeting"] = f"/r/{int(parameters['meeting_id'])}"
    if "send_mails" in parameters:
        values["send_mails"] = bool(parameters["send_mails"])
    return {FORM: values}


def engine_run(found: Mapping[str, Any]) -> EngineRun:
    """Read a flow run as Prefect's API gives it."""
    state = found.get("state") or {}
    kind = str(found.get("state_type") or state.get("type") or "SCHEDULED")
    return EngineRun(id=str(found["id"]), state=_STATES.get(kind, RunState.RUNNING), message=str(state.get("message") or ""))


def with_choices(schema: Mapping[str, Any], field_name: str, choices: Sequence[str]) -> dict[str, Any] | None:
    """Give a copy of a flow's parameter schema in which a field of its form offers these choices; None if it has no such field."""
    changed = deepcopy(dict(schema))
    for definition in changed.get("definitions", {}).values():
        field = definition.get("properties", {}).get(field_name)
        if field is None:
            continue
        # The empty choice is the field's default, so it stands in the list too: the server holds defaults against it.
        field["enum"] = ["", *choices]
        return changed
    return None
