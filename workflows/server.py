"""Prefect's server, in one process, with a content policy: its screen would otherwise call an analytics host on each page.

`python -m workflows.server`, in the environment that `klynge run` sets (address, port, password, database).
"""

from __future__ import annotations

from typing import Final

import uvicorn
from prefect.server.api.server import create_app
from prefect.settings import get_current_settings
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Browsers may speak to this server alone; nobody may frame its pages.
POLICY: Final = "connect-src 'self' ws://{host}:{port} ws://localhost:{port}; object-src 'none'; frame-ancestors 'none'"


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
    app = WithPolicy(create_app(final=True), POLICY.format(host=api.host, port=api.port))
    uvicorn.run(
        app, host=api.host, port=api.port, log_level="warning", server_header=False, timeout_keep_alive=api.keepalive_timeout
    )


if __name__ == "__main__":
    main()
