"""The real application behind a real socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


@dataclass(frozen=True)
class LiveServer:
    """Where it listens."""

    port: int

    def url(self, path: str = "/") -> str:
        return f"http://localhost:{self.port}{path}"


class QuietHandler(WSGIRequestHandler):
    """Says nothing of each request: a failing test's output is about the test."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Leave it out."""


@contextmanager
def serving(app: Flask) -> Iterator[LiveServer]:
    """Serve an application on a free loopback port, with threads, until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    server.daemon_threads = False  # type: ignore[attr-defined]  # closing waits for answers under way: their database goes next
    thread = threading.Thread(target=server.serve_forever, name="live-server", daemon=True)
    thread.start()
    try:
        yield LiveServer(int(server.server_port))
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
