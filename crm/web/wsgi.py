"""The web server: gunicorn with threads, by our settings. `python -m crm.web.wsgi` runs it; a supervisor restarts it.

Workers are forked from a parent that has imported and wired everything (less memory, quick restarts) but opened no
database connection: a connection must not cross a fork.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any, Final

import gunicorn
import gunicorn.http.wsgi as gunicorn_wsgi
from flask import Flask
from gunicorn.app.base import BaseApplication

from crm.kernel import log
from crm.kernel.safety import refuse_unsafe
from crm.kernel.settings import Settings
from crm.web.app import create_app
from crm.wiring import build

#: Seconds that a request may take before its worker is thought to hang.
TIMEOUT: Final = 60
#: Gunicorn's heartbeat file lies in memory where there is such a folder, so that a slow disk kills no worker.
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - gunicorn makes its file there safely
#: Seconds that running requests get when the server stops.
GRACE: Final = 20


def application() -> Flask:
    """Make the app from the settings, for any WSGI server.

    Raises:
        ConfigError: the settings are unsafe for production.
    """
    settings = Settings()
    refuse_unsafe(settings)
    log.configure(settings.log_level)
    return create_app(build(settings))


class WebServer(BaseApplication):  # type: ignore[misc]  # untyped library
    """Gunicorn without a configuration file of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Translate our settings into gunicorn's."""
        for name, value in gunicorn_options(self.settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the app; with `preload_app` this runs once, in the parent.

        What is there then lives as long as the server. The collector leaves it alone from now on: it need not walk 200,000 objects
        in the middle of a request, and does not write to memory that the workers share.
        """
        app = create_app(build(self.settings))
        gc.collect()
        gc.freeze()
        return app


def gunicorn_options(settings: Settings) -> dict[str, Any]:
    """Give gunicorn's options."""
    return {
        "bind": f"{settings.host}:{settings.port}",
        "workers": settings.web_processes,
        "worker_class": "gthread",
        "threads": settings.web_threads,
        "preload_app": True,
        "timeout": TIMEOUT,
        "graceful_timeout": GRACE,
        "keepalive": 5,
        "limit_request_line": 8190,
        "limit_request_fields": 100,
        # Proxies are trusted by ProxyFix and the setting proxy_hops, not by gunicorn's own rules.
        "forwarded_allow_ips": "",
        "worker_tmp_dir": str(MEMORY) if MEMORY.is_dir() else None,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "proc_name": "klynge-web",
    }


def hide_version() -> None:
    """Let answers not name the server's software."""
    gunicorn.SERVER = gunicorn_wsgi.SERVER = "web"
    gunicorn.SERVER_SOFTWARE = gunicorn_wsgi.SERVER_SOFTWARE = "web"


def main() -> None:
    """Serve until stopped.

    Raises:
        ConfigError: the settings are unsafe for production.
    """
    settings = Settings()
    refuse_unsafe(settings)
    log.configure(settings.log_level)
    hide_version()
    WebServer(settings).run()


if __name__ == "__main__":
    main()
