"""`klynge up`: everything with one command. Checks the ports, prepares the home folder, starts and watches the processes."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

import click
import httpx

from crm.cli.base import Cli, pass_cli
from crm.cli.prefect_env import POOL, is_local
from crm.cli.supervision import News, Supervisor
from crm.kernel.errors import ConfigError
from crm.kernel.i18n import N_
from crm.kernel.safety import refuse_unsafe
from crm.kernel.settings import Settings

#: Seconds that the processes get to become ready before we say which one is not.
PATIENCE: Final = 120.0
_LOOK: Final = 0.3


class _StopError(Exception):
    """Someone asked us to end."""


@click.command("up")
@pass_cli
def up(cli: Cli) -> None:
    """Serve the CRM with Prefect beside it, until Ctrl-C."""
    settings = cli.settings
    refuse_unsafe(settings)
    os.umask(0o077)  # databases, files and logs are the owner's alone
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone_in(settings):
        check_ports(settings)
        prepare(cli)
        supervisor = Supervisor(settings)
        with stoppable():
            try:
                supervisor.start()
                watch(cli, supervisor)
            except _StopError:
                cli.tell(N_("Stopping …"))
        stop(supervisor)
        cli.tell(N_("Everything is stopped."))


@contextmanager
def alone_in(settings: Settings) -> Iterator[None]:
    """Hold the home folder, so that two of us never serve the same one.

    Raises:
        ConfigError: another one does.
    """
    with (settings.home / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigError(N_("Klynge already runs from the folder %(home)s.", home=str(settings.home))) from None
        yield


def check_ports(settings: Settings) -> None:
    """See that the ports are free before anything starts.

    Raises:
        ConfigError: one is taken; the sentence names the port and its setting.
    """
    wanted = [(settings.host, settings.port, "KLYNGE_PORT")]
    if is_local(settings):
        wanted.append(("127.0.0.1", settings.prefect_port, "KLYNGE_PREFECT_PORT"))
    for host, port, setting in wanted:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                text = N_(
                    "Port %(port)s is taken by another program. Stop it, or choose another port: %(setting)s=%(other)s",
                    port=str(port),
                    setting=setting,
                    other=str(port + 1),
                )
                raise ConfigError(text) from None


def prepare(cli: Cli) -> None:
    """Bring the database up to date and load data the first time, telling how it goes."""
    from crm.cli.db import upgrade_database
    from crm.cli.seed import seed

    begun = time.monotonic()
    cli.tell(N_("Preparing the database …"))
    upgrade_database(cli.app.database)
    if seed(cli.app):
        cli.tell(N_("The demo's data is loaded."))
    # No connection may be open when the processes start: they are others', and SQLite counts them.
    cli.app.database.dispose()
    cli.tell(N_("Database ready after %(seconds)s seconds. Starting the processes …", seconds=round(time.monotonic() - begun)))


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the first Ctrl-C or SIGTERM into an exception here."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise _StopError

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stop(supervisor: Supervisor) -> None:
    """Stop everything; a second Ctrl-C ends it at once."""

    def at_once(_number: int, _frame: FrameType | None) -> None:
        supervisor.kill()

    signal.signal(signal.SIGINT, at_once)
    supervisor.stop()


def watch(cli: Cli, supervisor: Supervisor) -> None:
    """Say when all is ready, and when a process stopped and came back; until someone asks us to end.

    Raises:
        ConfigError: the supervisor itself ended.
    """
    begun, news, start = time.monotonic(), News(cli.settings), Start(cli)
    while supervisor.alive():
        for sentence in news.read(supervisor.processes()):
            cli.tell(sentence)
        if not start.told:
            start.look(time.monotonic() - begun)
        time.sleep(_LOOK)
    raise ConfigError(N_("The supervisor stopped. See %(folder)s.", folder=str(cli.settings.home / "log")))


@dataclass
class Start:
    """Says once that all is ready; and before, that the pages already answer while Prefect still gets up."""

    cli: Cli
    told: bool = False
    told_web: bool = False
    #: One client for all looks: making one costs as much as twenty of them.
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=2.0, trust_env=False))

    def look(self, waited: float) -> None:
        """Look how far the start has come, and print what is new."""
        settings, logs = self.cli.settings, self.cli.settings.home / "log"
        web = self.web_is_ready()
        flows = web and self.flows_are_ready()
        if web and not flows and not self.told_web and waited < PATIENCE:
            self.told_web = True
            self.cli.tell(N_("The CRM answers at %(url)s. Waiting for Prefect …", url=settings.public_url))
        if not (web and flows) and waited < PATIENCE:
            return
        self.told = True
        self.http.close()
        if not web:
            self.cli.tell(N_("The web server does not answer yet. See %(file)s.", file=str(logs / "web.log")))
            return
        click.echo()
        self.cli.tell(N_("Klynge is ready after %(seconds)s seconds: %(url)s", seconds=round(waited), url=settings.public_url))
        tell_prefect(self.cli, ready=flows)
        tell_sign_in(self.cli)
        self.cli.tell(N_("Logs: %(folder)s. Ctrl-C stops everything.", folder=str(logs)))

    def web_is_ready(self) -> bool:
        """Ask the web server whether it serves."""
        settings = self.cli.settings
        host = "127.0.0.1" if settings.host in {"0.0.0.0", "::", ""} else settings.host  # noqa: S104 - compared, not bound
        try:
            return self.http.get(f"http://{host}:{settings.port}/health").is_success
        except httpx.HTTPError:
            return False

    def flows_are_ready(self) -> bool:
        """Ask Prefect whether a worker of ours takes runs."""
        settings = self.cli.settings
        user, _, password = settings.prefect_auth_string().partition(":")
        url = f"{settings.prefect_api_url.rstrip('/')}/work_pools/{POOL}/workers/filter"
        try:
            answer = self.http.post(url, json={}, auth=(user, password))
        except httpx.HTTPError:
            return False
        return answer.is_success and any(item.get("status") == "ONLINE" for item in answer.json())


def tell_prefect(cli: Cli, *, ready: bool) -> None:
    """Say where Prefect's screen is and where its password lies; the password itself is never printed."""
    if not ready:
        cli.tell(N_("Prefect does not answer yet; orders wait until it does."))
        return
    console = cli.settings.prefect_api_url.rstrip("/").removesuffix("/api")
    cli.tell(N_("Prefect, for administrators: %(url)s (password by `klynge flow open`)", url=console))


def tell_sign_in(cli: Cli) -> None:
    """Print how to sign in as each demo user whose first password still works; nothing outside demo mode."""
    from crm.demo.users import sign_in_lines
    from crm.security.defaults import BY_NAME

    lines = sign_in_lines(cli.app)
    cli.app.database.dispose()
    if not lines:
        return
    click.echo()
    cli.tell(N_("Sign in to the demo (user and password):"))
    for line in lines:
        click.echo(f"  {line.username:<8} {line.password}   {BY_NAME[line.role].label(cli.locale)}: {line.name}")
    click.echo()
