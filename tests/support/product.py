"""The whole product as `make run` starts it: web, worker, Prefect's server and worker, in a home of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Product:
    """A running Klynge."""

    home: Path
    port: int
    prefect_port: int
    environment: dict[str, str]

    def url(self, path: str = "/") -> str:
        return f"http://localhost:{self.port}{path}"

    def password(self, username: str) -> str:
        """Read a demo user's password where `klynge up` keeps it."""
        for line in (self.home / "demo-sign-in.txt").read_text().splitlines():
            name, password, *_ = line.split("\t")
            if name == username:
                return password
        raise AssertionError(f"no demo user {username}")


@contextmanager
def running_product(home: Path, *, seconds: float = 120) -> Iterator[Product]:
    """Start `klynge up`, wait until it says that it is ready, and stop it as Ctrl-C does."""
    port, prefect_port = free_port(), free_port()
    given = {
        "KLYNGE_HOME": str(home),
        "KLYNGE_DEMO_SIZE": "small",
        "KLYNGE_PORT": str(port),
        "KLYNGE_PREFECT_PORT": str(prefect_port),
        "KLYNGE_PUBLIC_URL": f"http://localhost:{port}",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KLYNGE_", "PREFECT_"))}
    log = home / "up.log"
    home.mkdir(parents=True, exist_ok=True)
    with log.open("w") as out:
        command = [sys.executable, "-m", "crm.cli.main", "up"]
        process = subprocess.Popen(command, cwd=ROOT, env={**kept, **given}, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(process, log, time.monotonic() + seconds)
            yield Product(home, port, prefect_port, {**kept, **given})
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path, deadline: float) -> None:
    while "Klynge er klar" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"klynge up did not get ready:\n{log.read_text()}")
        time.sleep(0.3)
