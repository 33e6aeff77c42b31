"""The real server: gunicorn with threads, started as `klynge up` starts it, signed in by many at once."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.people import PASSWORD


@pytest.fixture
def address(sqlite_klynge, add_user, tmp_path):
    """Start `python -m crm.web.wsgi` on a free port and stop it by its pid."""
    add_user("administrator", "chef")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "KLYNGE_HOME": str(sqlite_klynge.settings.home),
        "KLYNGE_DATABASE_URL": sqlite_klynge.settings.database_url,
        "KLYNGE_PORT": str(port),
        "KLYNGE_WEB_PROCESSES": "2",
    }
    log = (tmp_path / "web.log").open("w")
    process = subprocess.Popen([sys.executable, "-m", "crm.web.wsgi"], env={**os.environ, **settings}, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                httpx.get(f"{base}/health", timeout=2)
                break
            except httpx.TransportError:
                assert process.poll() is None, (tmp_path / "web.log").read_text()
                time.sleep(0.2)
        yield base
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=40) == 0
        log.close()


def enter(base):
    """Sign in as a browser does; give the status of a page for users."""
    with httpx.Client(base_url=base, timeout=60) as client:
        found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/login/").text)[1]
        client.post("/login/", data={"username": "chef", "password": PASSWORD, "csrf_token": found})
        return client.get("/admin/users").status_code


def test_two_processes_share_sessions_and_name_no_software(address):
    answer = httpx.get(f"{address}/login/")
    assert "gunicorn" not in str(answer.headers).lower()
    assert "python" not in str(answer.headers).lower()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(enter, [address] * 8)) == [200] * 8
