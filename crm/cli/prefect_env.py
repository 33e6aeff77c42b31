"""The environment of everything that is Prefect: its server, its worker, its flow runs, the registration of flows.

Prefect reads its settings when it is imported, so they go to a process of its own. Why each is set: design.md §2 and the
measurements behind it (telemetry off, loopback and password always, bounded history, one run at a time on SQLite).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from crm.kernel.settings import ROOT, Settings

#: The work pool that flow runs are taken from.
POOL: Final = "klynge"
#: Run history is kept this long, in seconds (90 days); Prefect itself never forgets a run.
_RUNS_KEPT: Final = 90 * 24 * 3600


def prefect_home(settings: Settings) -> Path:
    """Give the folder of Prefect's own files."""
    return settings.home / "prefect"


def prefect_database(settings: Settings) -> str:
    """Give Prefect's own database, with the async driver that it needs."""
    url = settings.prefect_database_url
    if not url:
        return f"sqlite+aiosqlite:///{prefect_home(settings) / 'prefect.db'}"
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+asyncpg://", url)


def runs_at_once(settings: Settings) -> int:
    """Tell how many flow runs may go on together: one while Prefect's database is SQLite."""
    return 4 if settings.prefect_database_url else 1


def prefect_settings(settings: Settings) -> dict[str, str]:
    """Give Prefect's settings as environment variables."""
    console = settings.prefect_api_url.rstrip("/").removesuffix("/api")
    origins = {console, console.replace("127.0.0.1", "localhost")}
    return {
        "PREFECT_HOME": str(prefect_home(settings)),
        "PREFECT_API_URL": settings.prefect_api_url,
        "PREFECT_API_AUTH_STRING": settings.prefect_auth_string(),
        "PREFECT_SERVER_API_AUTH_STRING": settings.prefect_auth_string(),
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": ",".join(sorted(origins)),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": prefect_database(settings),
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_UI_STATIC_DIRECTORY": str(prefect_home(settings) / "ui"),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(_RUNS_KEPT),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P7D",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "crm,workflows",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_CLI_COLORS": "false",
    }


def child_environment(settings: Settings) -> dict[str, str]:
    """Give the whole environment of a child process: ours, Klynge's home, Prefect's settings, and where the code lies.

    A developer's own Prefect settings are left out: they could point somewhere else.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}  # noqa: TID251 - passed on, not read
    if settings.database_url:
        kept["KLYNGE_DATABASE_URL"] = settings.database_url
    path = [str(ROOT), *filter(None, kept.get("PYTHONPATH", "").split(os.pathsep))]
    return {
        **kept,
        "KLYNGE_HOME": str(settings.home),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(path)),
        "PYTHONUNBUFFERED": "1",
        **prefect_settings(settings),
    }


def is_local(settings: Settings) -> bool:
    """Whether Prefect is the one that stands beside us."""
    return urlsplit(settings.prefect_api_url).hostname in {"127.0.0.1", "localhost", "::1"}
