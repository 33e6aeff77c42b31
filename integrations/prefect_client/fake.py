"""A flow engine in memory that behaves like the real one: for tests, and for work on screens without Prefect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self
from uuid import uuid4

from crm.kernel.errors import IntegrationError
from crm.kernel.settings import Settings
from crm.ops.ports import EngineRun, RunState
from integrations.prefect_client.mapping import form_values

FLOWS: Final = ("meeting-pack", "publish-pack")


@dataclass
class FakeRun:
    """A run that was started: what it was given, and how it stands."""

    run: EngineRun
    flow: str
    parameters: Mapping[str, Any]
    key: str
    name: str | None


@dataclass
class FakeEngine:
    """Keeps runs in a list; a test moves them on with `move`."""

    flows: Sequence[str] = FLOWS
    is_up: bool = True
    started: list[FakeRun] = field(default_factory=list)
    choices: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_settings(cls, _settings: Settings) -> Self:
        """Make one that knows our flows."""
        return cls()

    def healthy(self) -> bool:
        """Tell whether it was switched off."""
        return self.is_up

    def start(self, flow: str, parameters: Mapping[str, Any], *, key: str, name: str | None = None) -> str:
        """Note a run; the same key gives the run noted before."""
        self._answer(flow)
        known = next((item for item in self.started if item.key == key), None)
        if known is None:
            known = FakeRun(EngineRun(str(uuid4()), RunState.QUEUED), flow, form_values(parameters), key, name)
            self.started.append(known)
        return known.run.id

    def runs(self, ids: Sequence[str]) -> dict[str, EngineRun]:
        """Tell how the noted runs stand."""
        self._answer()
        return {item.run.id: item.run for item in self.started if item.run.id in ids}

    def offer_choices(self, flow: str, field_name: str, choices: Sequence[str]) -> bool:
        """Note what a form offers."""
        self._answer(flow)
        changed = self.choices.get((flow, field_name)) != tuple(choices)
        self.choices[(flow, field_name)] = tuple(choices)
        return changed

    def run_url(self, run_id: str) -> str:
        """Give an address of the same form as the real one."""
        return f"http://127.0.0.1:4200/v2/runs/flow-run/{run_id}"

    def move(self, run_id: str, state: RunState, message: str = "") -> None:
        """Let a run go on to another state."""
        for item in self.started:
            if item.run.id == run_id:
                item.run = replace(item.run, state=state, message=message)

    def forget(self) -> None:
        """Lose all runs, as a server whose database was lost."""
        self.started.clear()

    def _answer(self, flow: str | None = None) -> None:
        if not self.is_up:
            raise IntegrationError("the engine is switched off", retryable=True)
        if flow is not None and flow not in self.flows:
            raise IntegrationError(f"there is no flow {flow}", retryable=True)
