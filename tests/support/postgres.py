"""A real PostgreSQL server for one test session: made by initdb, started by pg_ctl, gone at the end.

It never runs as root (PostgreSQL refuses): as the `postgres` user when the tests are root, else as whoever runs them.
Durability is off, since nothing of it is kept.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.ports import free_port

SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=80", "shared_buffers=64MB", "jit=off")


def find_programs() -> Path:
    """Give the folder of PostgreSQL's programs, or fail the test: PostgreSQL is half of what we promise."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found is None:
        pytest.fail("PostgreSQL is not installed (initdb not found): apt install postgresql-15", pytrace=False)
    return Path(found).parent


@dataclass
class PostgresServer:
    """A running server; its databases are made from a template, one a test."""

    port: int
    made: int = 0

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://klynge@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(f"postgresql://klynge@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            cursor = connection.execute(statement)
            return list(cursor) if cursor.description else []

    def create(self, name: str, *, template: str = "template0") -> str:
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def copy(self, template: str) -> str:
        """Make a database with everything the template has, and give its url."""
        self.made += 1
        return self.create(f"test_{self.made}", template=template)

    def drop(self, url: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Run a server until the block ends."""
    programs = find_programs()
    user: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="klynge-pg-"))
    if user:
        shutil.chown(folder, "postgres", "postgres")
    data, log, port = folder / "data", folder / "log", free_port()

    def run(*command: str) -> None:
        done = subprocess.run(
            command, cwd="/", check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60, **user
        )
        if done.returncode:
            told = log.read_text() if log.exists() else ""
            pytest.fail(f"PostgreSQL did not start: {' '.join(command)}\n{done.stdout}{done.stderr}{told}", pytrace=False)

    run(str(programs / "initdb"), "-D", str(data), "-U", "klynge", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = [
        f"-c {item}" for item in (*SETTINGS, f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}")
    ]
    # pg_ctl's children keep its pipes open, so its output goes to the log alone.
    command = [str(programs / "pg_ctl"), "-D", str(data), "-l", str(log), "-w", "-t", "60", "-o", " ".join(options), "start"]
    done = subprocess.run(
        command, cwd="/", check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, **user
    )
    try:
        if done.returncode:
            pytest.fail(f"PostgreSQL did not start:\n{log.read_text() if log.exists() else ''}", pytrace=False)
        yield PostgresServer(port)
    finally:
        if (data / "postmaster.pid").exists():
            run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
