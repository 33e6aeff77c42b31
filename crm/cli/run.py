"""`klynge run …`: one process of the product, in the foreground. `klynge up` starts these; so does any other supervisor.

Processes of Prefect are made by becoming them (exec) in an environment of their own: Prefect reads its settings once, when
it is imported, and nothing of ours stays in memory beside it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import click

from crm.cli.base import Cli, pass_cli
from crm.cli.prefect_env import child_environment, prefect_home
from crm.kernel.safety import refuse_unsafe
from crm.kernel.settings import Settings

if TYPE_CHECKING:
    from crm.ops.dispatcher import Choices
    from crm.ops.worker import Worker
    from crm.records.work import UnitOfWork
    from crm.wiring import Klynge

_PR_SET_PDEATHSIG = 1


@click.group("run")
@click.option("--tied", is_flag=True, hidden=True, help="End when the starting process dies, however it dies.")
def run(*, tied: bool) -> None:
    """Run one of Klynge's processes alone, in the foreground."""
    if tied:
        tie_to_parent()
    # A shell that starts something in the background ignores SIGINT for it, and Prefect's worker stops itself by SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@run.command("web")
@pass_cli
def web(cli: Cli) -> None:
    """Serve the CRM's pages and API."""
    become(cli.settings, "-m", "crm.web.wsgi")


@run.command("worker")
@pass_cli
def worker(cli: Cli) -> None:
    """Start flows, send mails, sweep what has run out."""
    from crm.kernel import log

    refuse_unsafe(cli.settings)
    log.configure(cli.settings.log_level)
    process = build_worker(cli.app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: process.stop())
    process.run()


@run.command("prefect-server")
@pass_cli
def prefect_server(cli: Cli) -> None:
    """Run Prefect's server, on this machine's loopback address only."""
    prefect_home(cli.settings).mkdir(parents=True, exist_ok=True, mode=0o700)
    become(cli.settings, "-m", "workflows.server")


@run.command("prefect-worker")
@click.option("--alone", is_flag=True, help="No other worker runs: close the runs that the last stop cut off.")
@pass_cli
def prefect_worker(cli: Cli, *, alone: bool) -> None:
    """Register what has changed in the flows, then run them."""
    become(cli.settings, "-m", "workflows.serve", *(["--alone"] if alone else []))


@run.command("deploy")
@pass_cli
def deploy(cli: Cli) -> None:
    """Register what has changed in the flows, and end."""
    become(cli.settings, "-m", "workflows.serve", "--register-only")


def become(settings: Settings, *arguments: str) -> NoReturn:
    """Replace this process by another Python, in the children's environment."""
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, *arguments], child_environment(settings))  # noqa: S606 - fixed words, no shell


def tie_to_parent() -> None:
    """Ask Linux to end this process when its parent dies, even by kill -9; elsewhere there is no such wish."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def build_worker(klynge: Klynge) -> Worker:
    """Put the worker together from the adapters that the settings name."""
    from crm.api.idempotency import sweep as sweep_keys
    from crm.notices.receivers import Desk
    from crm.notices.services import sweep_notices, tell_changes, tell_due
    from crm.ops.dispatcher import Dispatcher
    from crm.ops.outbox import OutboxSender
    from crm.ops.ports import FlowEngine, Mailer
    from crm.ops.sweeping import sweep
    from crm.ops.worker import ACTOR, Worker
    from crm.records.ageing import Ager
    from crm.records.files import FileSweeper
    from crm.records.jobs import JobRunner
    from crm.records.jobs.sweeping import JobSweeper
    from crm.records.purge import TrashPurger

    engine: Any = klynge.get(FlowEngine)
    mailer: Any = klynge.get(Mailer)
    dispatcher = Dispatcher(klynge.works, engine, ACTOR, form_choices)
    sender = OutboxSender(klynge.works, mailer, ACTOR, daily_cap=klynge.settings.mail_daily_cap)
    desk = Desk.of(klynge.settings, klynge.mandates)
    further = (("notices", 1.0, lambda: tell_changes(klynge.works, desk)), ("due", 60.0, lambda: tell_due(klynge.works, desk)))
    trash = TrashPurger(klynge.works, timedelta(days=klynge.settings.trash_days))
    jobs = JobRunner(klynge.works, klynge.job_files, klynge.mandates)
    return Worker(
        klynge.works,
        dispatcher,
        sender,
        (sweep, sweep_keys, sweep_notices, JobSweeper(klynge.job_files)),
        jobs,
        FileSweeper(klynge.files),
        further=(*further, ("trash", 3600.0, trash.turn), ("ageing", 2.0, Ager(klynge.works).turn)),
    )


def form_choices(uow: UnitOfWork) -> Choices:
    """Give what the forms in Prefect offer: the boards."""
    from crm.boards.services import board_choices

    titles = [choice.title for choice in board_choices(uow)]
    choices: Mapping[tuple[str, str], list[str]] = {("meeting-pack", "board"): titles, ("publish-pack", "board"): titles}
    return choices
