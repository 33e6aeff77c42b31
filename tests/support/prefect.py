"""A real Prefect server and worker of a test session's own, started by the product's own commands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from crm.kernel.settings import ROOT, Settings
from tests.support.ports import free_port, wait_until

FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@dataclass
class PrefectHouse:
    """A home folder with a Prefect server and, when asked for, a worker."""

    home: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=20, trust_env=False))

    def settings(self) -> Settings:
        return Settings(home=self.home, mode="demo", database_url=self.database_url, prefect_port=self.port)

    def environment(self) -> dict[str, str]:
        ours = {"KLYNGE_HOME": str(self.home), "KLYNGE_PREFECT_PORT": str(self.port), "KLYNGE_DATABASE_URL": self.database_url}
        return {**os.environ, **ours, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}

    def run(self, *arguments: str) -> None:
        """Start `klynge run …` and keep its output in the home folder."""
        with (self.home / f"{arguments[0]}.log").open("ab") as log:
            self.processes[arguments[0]] = subprocess.Popen(
                [sys.executable, "-m", "crm.cli.main", "run", *arguments],
                env=self.environment(),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_server(self) -> None:
        self.run("prefect-server")
        self.wait(self.is_up, 120, "Prefect's server")

    def start_worker(self) -> None:
        self.run("prefect-worker", "--alone")
        self.wait(self.takes_runs, 120, "Prefect's worker")

    def stop(self, name: str) -> None:
        """Stop one process as the supervisor would, and its children with it."""
        process = self.processes.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @contextmanager
    def without(self, name: str) -> Iterator[None]:
        """Stop a process for a while; it is there again afterwards, whatever happened."""
        self.stop(name)
        try:
            yield
        finally:
            self.start_server() if name == "prefect-server" else self.start_worker()

    def close(self) -> None:
        for name in ("prefect-worker", "prefect-server"):
            self.stop(name)
        self.http.close()

    # ------------------------------------------------------------------------------------------------ what it answers
    def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        user, _, password = self.settings().prefect_auth_string().partition(":")
        url = f"http://127.0.0.1:{self.port}/api{path}"
        answer = self._ask(method, url, body, (user, password))
        for _ in range(20):
            if answer is not None and answer.status_code != 503:
                return answer
            time.sleep(0.3)  # its small database was busy: nothing was done, and the connection is closed after it
            answer = self._ask(method, url, body, (user, password), after_503=True)
        assert answer is not None
        return answer

    def _ask(self, method: str, url: str, body: Any, auth: tuple[str, str], *, after_503: bool = False) -> httpx.Response | None:
        """Ask once; None when the connection was closed under us, as Prefect does after a 503."""
        try:
            return self.http.request(method, url, json=body, auth=auth)
        except (httpx.ReadError, httpx.RemoteProtocolError):
            if not after_503:
                raise
            return None

    def is_up(self) -> bool:
        try:
            return self.call("GET", "/admin/version").is_success
        except httpx.HTTPError:
            return False

    def takes_runs(self) -> bool:
        try:
            answer = self.call("POST", "/work_pools/klynge/workers/filter", {})
        except httpx.HTTPError:
            return False
        return answer.is_success and any(item["status"] == "ONLINE" for item in answer.json())

    def deployment(self, flow: str) -> dict[str, Any]:
        return dict(self.call("GET", f"/deployments/name/{flow}/{flow}").json())

    def start(self, flow: str, **form: Any) -> httpx.Response:
        """Start a run as the form in Prefect's screen does."""
        return self.call("POST", f"/deployments/{self.deployment(flow)['id']}/create_flow_run", {"parameters": {"form": form}})

    def ended(self, run_id: str, seconds: float = 60) -> dict[str, Any]:
        """Wait for a run's end and give it."""
        run: dict[str, Any] = {}

        def is_final() -> bool:
            time.sleep(0.15)
            run.update(self.call("GET", f"/flow_runs/{run_id}").json())
            return (run.get("state") or {}).get("type") in FINAL

        self.wait(is_final, seconds, f"run {run_id}")
        return run

    def run_to_end(self, flow: str, **form: Any) -> dict[str, Any]:
        answer = self.start(flow, **form)
        assert answer.is_success, answer.text
        return self.ended(answer.json()["id"])

    def wait(self, ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait; a failure shows the end of every log."""
        try:
            wait_until(ready, seconds=seconds, what=what)
        except TimeoutError as error:
            logs = "\n".join(f"== {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in self.home.glob("*.log"))
            raise AssertionError(f"{error}\n{logs}") from None
