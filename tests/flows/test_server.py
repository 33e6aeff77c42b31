"""What we lay around Prefect's server: patience with its database."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from workflows.server import WithPatience


class Busy:
    """An application that answers as told, one status a call, and raises after each fault as Prefect's does."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.bodies.append((await receive())["body"])
        scope["path"] = "/changed by the router"
        status = self.statuses.pop(0)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"%d" % status})
        if status >= 500:
            raise OSError("locked")


def ask(app: Busy, path: str, pauses: tuple[float, ...] = (0, 0)) -> list[Any]:
    parts = iter([{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(parts)

    async def send(message: Any) -> None:
        sent.append(message)

    async def call() -> None:
        await WithPatience(app, pauses)({"type": "http", "method": "POST", "path": path}, receive, send)

    with ThreadPoolExecutor(1) as pool:  # a browser of an earlier test keeps a loop running in this thread
        pool.submit(lambda: asyncio.run(call())).result(timeout=10)
    return [message.get("status", message.get("body")) for message in sent]


def test_a_start_is_asked_again_while_the_database_is_busy_and_answered_once():
    app = Busy(503, 503, 201)
    assert ask(app, "/api/deployments/x/create_flow_run") == [201, b"201"]
    assert app.bodies == [b"ab", b"ab", b"ab"]


def test_a_database_that_stays_busy_is_said_in_the_end():
    assert ask(Busy(503, 503, 503), "/api/deployments/x/create_flow_run") == [503, b"503"]


def test_a_refusal_or_a_fault_is_passed_on_at_once():
    app = Busy(409, 201)
    assert ask(app, "/api/deployments/x/create_flow_run") == [409, b"409"]
    assert len(app.bodies) == 1
    with pytest.raises(OSError, match="locked"):
        ask(Busy(500, 201), "/api/deployments/x/create_flow_run")


def test_other_calls_are_left_alone():
    app = Busy(503, 201)
    with pytest.raises(OSError, match="locked"):
        ask(app, "/api/flow_runs/filter")
    assert app.bodies == [b"a"]
