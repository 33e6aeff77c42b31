"""The processes that are measured: a PostgreSQL of our own, Klynge's web server, and the bare app. All end with the block."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKERS, THREADS = 2, 4
PATIENCE_SECONDS = 60


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL with its own default settings (durable), and give the address of an empty database."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="klynge-bench-"))
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()

    def run(*command: str) -> None:
        quiet = subprocess.DEVNULL
        subprocess.run(command, cwd="/", check=True, stdin=quiet, stdout=quiet, stderr=quiet, **as_user)  # type: ignore[call-overload]

    run(str(programs / "initdb"), "-D", str(data), "-U", "klynge", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    run(str(programs / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w", "-o", options, "start")
    try:
        yield f"postgresql://klynge@127.0.0.1:{port}/postgres"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "fast", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def klynge_environment(home: Path, database_url: str, port: int) -> dict[str, str]:
    """Give the environment of Klynge's processes."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "KLYNGE_HOME": str(home),
        "KLYNGE_DATABASE_URL": database_url,
        "KLYNGE_PORT": str(port),
        "KLYNGE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "KLYNGE_WEB_PROCESSES": str(WORKERS),
        "KLYNGE_WEB_THREADS": str(THREADS),
        "KLYNGE_API_REQUESTS_PER_MINUTE": "0",
        "KLYNGE_LOG_LEVEL": "WARNING",
    }


def klynge_command(environment: dict[str, str], *arguments: str, typed: str = "") -> str:
    """Run the `klynge` command, and give what it prints."""
    command = [sys.executable, "-m", "crm.cli.main", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, input=typed, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"klynge {' '.join(arguments)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


@contextmanager
def klynge_web(environment: dict[str, str]) -> Iterator[int]:
    """Run Klynge's web server, as `klynge up` does."""
    port = int(environment["KLYNGE_PORT"])
    with _running([sys.executable, "-m", "crm.web.wsgi"], environment, port, "/health"):
        yield port


@contextmanager
def bare_web(database: str) -> Iterator[int]:
    """Run the bare app under gunicorn with as many workers and threads."""
    port = free_port()
    options = ["-w", str(WORKERS), "-k", "gthread", "--threads", str(THREADS), "-b", f"127.0.0.1:{port}", "--keep-alive", "75"]
    command = [sys.executable, "-m", "gunicorn", *options, "bench.bare:app"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BARE_DATABASE": database}
    with _running(command, environment, port, "/list"):
        yield port


@contextmanager
def _running(command: list[str], environment: dict[str, str], port: int, probe: str) -> Iterator[None]:
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_for(process, port, probe, log)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(process: subprocess.Popen[bytes], port: int, probe: str, log: object) -> None:
    """Wait until a server answers, or stop with what it printed."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", probe)
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    log.seek(0)  # type: ignore[attr-defined]
    raise SystemExit(log.read().decode()[-3000:])  # type: ignore[attr-defined]
