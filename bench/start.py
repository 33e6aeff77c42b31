"""Measures a cold start to the first list page, and the idle memory of the web: limits < 2 s and < 200 MB (design).

    python -m bench.start --engine sqlite

The web is started as `klynge up` starts it, with one process of four threads, and asked for the sign-in page, then, signed in,
for a list. Memory is the proportional set size (PSS) of the whole process tree a few seconds after the last request.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

from bench import servers
from bench.run import PASSWORD, sign_in

SECONDS_LIMIT, MEGABYTES_LIMIT = 2.0, 200
SETTLE_SECONDS = 3


def tree(process_id: int) -> list[int]:
    """Give a process and all that it started."""
    found = [process_id]
    for path in Path(f"/proc/{process_id}/task").glob("*/children"):
        for child in path.read_text().split():
            found += tree(int(child))
    return found


def megabytes(process_id: int) -> float:
    """Give the memory of a process tree, shared pages counted once."""
    total = 0
    for one in tree(process_id):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def start_once(environment: dict[str, str]) -> tuple[float, float]:
    """Start the web, ask for the first list page, and give seconds and megabytes."""
    port = int(environment["KLYNGE_PORT"])
    command = [sys.executable, "-m", "crm.web.wsgi"]
    with tempfile.TemporaryFile() as log:
        begun = time.monotonic()
        process = subprocess.Popen(command, env=environment, cwd=servers.ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            servers.wait_for(process, port, "/health", log)
            ready = time.monotonic()
            cookie = sign_in(port)  # scrypt is slow on purpose: not a part of the start
            signed_in = time.monotonic()
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/t/organisation", headers=cookie)
            response = connection.getresponse()
            response.read()
            seconds = (ready - begun) + (time.monotonic() - signed_in)
            if response.status != 200:
                raise SystemExit(f"the list answered {response.status}")
            time.sleep(SETTLE_SECONDS)
            return seconds, megabytes(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--processes", type=int, default=1, help="web processes (the demo runs one)")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="klynge-bench-")))
        url = stack.enter_context(servers.postgresql()) if options.engine == "postgresql" else f"sqlite:///{home / 'klynge.db'}"
        environment = servers.klynge_environment(home, url, servers.free_port())
        environment["KLYNGE_WEB_PROCESSES"] = str(options.processes)
        servers.klynge_command(environment, "db", "upgrade")
        servers.klynge_command(environment, "bench", "seed", "--organisations", "1000")
        servers.klynge_command(environment, "user", "add", "bench", "--role", "staff", "--password-stdin", typed=PASSWORD + "\n")
        runs = [start_once(environment) for _ in range(options.times)]
    seconds, memory = (statistics.median(values) for values in zip(*runs, strict=True))
    marks = ["holds" if fits else "**too much**" for fits in (seconds < SECONDS_LIMIT, memory < MEGABYTES_LIMIT)]
    print(f"| {options.engine}, {options.processes} web process(es) | median | limit | |\n|---|---:|---:|---|")
    print(f"| cold start to the first list page | {seconds:.2f} s | {SECONDS_LIMIT:g} s | {marks[0]} |")
    print(f"| idle memory of the web | {memory:.0f} MB | {MEGABYTES_LIMIT} MB | {marks[1]} |")


if __name__ == "__main__":
    main()
