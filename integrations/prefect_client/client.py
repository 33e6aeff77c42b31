"""The flow engine over Prefect's REST API, with time-outs, its password, and patience with a busy small database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import sleep
from typing import Any, Final, Self

import httpx

from crm.kernel.errors import IntegrationError
from crm.kernel.settings import Settings
from crm.ops.ports import EngineRun
from integrations.prefect_client.mapping import engine_run, form_values, with_choices

#: Answers after which the same call may succeed: Prefect on SQLite gives 503 to two writers at once.
RETRYABLE: Final = frozenset({401, 403, 408, 425, 429, 500, 502, 503, 504})
_TIMES: Final = httpx.Timeout(10.0, connect=2.0)
#: Pauses before a call that met a busy server is made again, in seconds.
_PAUSES: Final = (0.1, 0.3, 0.9)
#: Most runs asked for in one call.
_PAGE: Final = 200


class PrefectClient:
    """Starts deployments named after their flow, and reads their runs."""

    def __init__(
        self, settings: Settings, *, transport: httpx.BaseTransport | None = None, pause: Callable[[float], None] = sleep
    ) -> None:
        self._console = settings.prefect_api_url.rstrip("/").removesuffix("/api")
        user, _, password = settings.prefect_auth_string().partition(":")
        self._http = httpx.Client(
            base_url=settings.prefect_api_url.rstrip("/"),
            auth=(user, password),
            timeout=_TIMES,
            transport=transport,
            trust_env=False,  # the engine stands beside us: no proxy of the environment may come between
        )
        self._pause = pause
        self._deployments: dict[str, str] = {}

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Make it as the settings say."""
        return cls(settings)

    def healthy(self) -> bool:
        """Tell within two seconds whether Prefect answers us."""
        try:
            return self._http.get("/admin/version", timeout=2.0).is_success
        except httpx.HTTPError:
            return False

    def start(self, flow: str, parameters: Mapping[str, Any], *, key: str, name: str | None = None) -> str:
        """Start a run of the flow's deployment; see the port."""
        order = {"parameters": form_values(parameters), "idempotency_key": key, "tags": ["klynge"]}
        if name:
            order["name"] = name
        known = flow in self._deployments
        try:
            answer = self._call("POST", f"/deployments/{self._deployment(flow)}/create_flow_run", order)
        except _NotThereError:
            self._deployments.pop(flow, None)
            if not known:
                raise
            answer = self._call("POST", f"/deployments/{self._deployment(flow)}/create_flow_run", order)
        return str(answer["id"])

    def runs(self, ids: Sequence[str]) -> dict[str, EngineRun]:
        """Tell how runs stand; see the port."""
        found: dict[str, EngineRun] = {}
        for first in range(0, len(ids), _PAGE):
            page = list(ids[first : first + _PAGE])
            answer = self._call("POST", "/flow_runs/filter", {"flow_runs": {"id": {"any_": page}}, "limit": _PAGE})
            found.update((str(item["id"]), engine_run(item)) for item in answer)
        return found

    def offer_choices(self, flow: str, field_name: str, choices: Sequence[str]) -> bool:
        """Put choices on a form; nothing else of the deployment is touched, so administrators' edits stay."""
        deployment = self._call("GET", f"/deployments/name/{flow}/{flow}")
        schema = deployment.get("parameter_openapi_schema") or {}
        changed = with_choices(schema, field_name, choices)
        if changed is None:
            raise IntegrationError(f"the form of {flow} has no field {field_name}", retryable=False)
        if changed == schema:
            return False
        self._call("PATCH", f"/deployments/{deployment['id']}", {"parameter_openapi_schema": changed})
        return True

    def run_url(self, run_id: str) -> str:
        """Give the address of a run in Prefect's own screen."""
        return f"{self._console}/v2/runs/flow-run/{run_id}"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _deployment(self, flow: str) -> str:
        if flow not in self._deployments:
            self._deployments[flow] = str(self._call("GET", f"/deployments/name/{flow}/{flow}")["id"])
        return self._deployments[flow]

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Make a call, again after a short pause if the server was only busy."""
        for pause in _PAUSES:
            try:
                return self._once(method, path, body)
            except _BusyError:
                self._pause(pause)
        return self._once(method, path, body)

    def _once(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        try:
            response = self._http.request(method, path, json=body)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
            raise _BusyError(f"Prefect dropped the connection to {path}: {error}", retryable=True) from error
        except httpx.HTTPError as error:
            raise IntegrationError(f"Prefect could not be reached: {type(error).__name__} {error}", retryable=True) from error
        if response.is_success:
            return response.json() if response.content else None
        text = f"Prefect answered {response.status_code} to {path}: {response.text[:300]}"
        if response.status_code == httpx.codes.NOT_FOUND:
            raise _NotThereError(text, retryable=True)
        if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise _BusyError(text, retryable=True)
        raise IntegrationError(text, retryable=response.status_code in RETRYABLE)


class _BusyError(IntegrationError):
    """The server was there, but too busy to answer."""


class _NotThereError(IntegrationError):
    """The deployment is not registered (yet): the order waits for it."""
