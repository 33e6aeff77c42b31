"""Prefect's server, in one process, with a content policy: its screen would otherwise call an analytics host on each page.

Its small database also answers "busy" to some of the starts that a person clicks; those are asked again here.

`python -m workflows.server`, in the environment that `klynge run` sets (address, port, password, database).
"""

from __future__ import annotations

import asyncio
from typing import Final

import uvicorn
from prefect.server.api.server import create_app
from prefect.settings import get_current_settings
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Browsers may speak to this server alone; nobody may frame its pages.
POLICY: Final = "connect-src 'self' ws://{host}:{port} ws://localhost:{port}; object-src 'none'; frame-ancestors 'none'"


#: Pauses in seconds between tries of a start that the database was too busy for.
PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.6)
_BUSY: Final = 503


class WithPatience:
    """Asks again for a run that the database was too busy to write; its own clients do so, its screen does not.

    Prefect answers 503 when SQLite refused the transaction, so nothing was written and asking again cannot start two runs.
    """

    def __init__(self, app: ASGIApp, pauses: tuple[float, ...] = PAUSES) -> None:
        self._app = app
        self._pauses = pauses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, for a start as often as it takes."""
        if scope["type"] != "http" or not scope["path"].endswith("/create_flow_run"):
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        answer = await self._ask(scope, body, receive)
        for pause in self._pauses:
            if answer[0].get("status") != _BUSY:
                break
            await asyncio.sleep(pause)
            answer = await self._ask(scope, body, receive)
        for message in answer:
            await send(message)

    async def _ask(self, scope: Scope, body: bytes, receive: Receive) -> list[Message]:
        first: Message = {"type": "http.request", "body": body, "more_body": False}
        given, answer = iter([first]), list[Message]()

        async def again() -> Message:
            return next(given, None) or await receive()

        async def keep(message: Message) -> None:
            answer.append(message)

        try:
            await self._app(dict(scope), again, keep)
        except Exception:
            # The server raises its fault once more after it has answered; that would cut the connection.
            if not answer or answer[0].get("status") != _BUSY:
                raise
        return answer


async def _whole(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


class WithPolicy:
    """Adds security headers to every answer of an ASGI application."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, and put the headers on what comes back."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *self._headers]}
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def main() -> None:
    """Serve until stopped."""
    api = get_current_settings().server.api
    app = WithPolicy(WithPatience(create_app(final=True)), POLICY.format(host=api.host, port=api.port))
    uvicorn.run(
        app, host=api.host, port=api.port, log_level="warning", server_header=False, timeout_keep_alive=api.keepalive_timeout
    )


if __name__ == "__main__":
    main()
