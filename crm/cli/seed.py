"""`klynge seed`: the reference data that every database needs, and in demo mode the demo. A second run changes nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

from crm.cli.base import Cli, pass_cli
from crm.kernel.errors import ConfigError
from crm.kernel.i18n import N_

if TYPE_CHECKING:
    from crm.demo.batches import Batch
    from crm.wiring import Klynge


def seed(klynge: Klynge) -> int:
    """Load what is missing and give the number of demo batches that were new; one process at a time."""
    from crm.demo.loading import load_demo
    from crm.directory.seed import load_places
    from crm.membership.seed import load_criteria
    from crm.migrations import run
    from crm.records.ageing import age_all
    from crm.records.base_views import load_base_views

    with run.alone(klynge.database):
        with klynge.database.writing() as session:
            load_places(session)
        load_criteria(klynge.works)
        load_base_views(klynge.works)
        batches = load_demo(klynge, progress) if klynge.settings.mode == "demo" else 0
        age_all(klynge.works)
        return batches


def progress(batches: list[Batch]) -> AbstractContextManager[Iterable[Batch]]:
    """Show a bar where a person looks on; in logs and pipes it would only be noise."""
    if not sys.stdout.isatty():
        return nullcontext(batches)
    return click.progressbar(batches, label="Demo", update_min_steps=10)


def reset(klynge: Klynge) -> None:
    """Empty the database and the files, and make the tables anew.

    Raises:
        ConfigError: this is not a demo.
    """
    from crm.cli.db import upgrade_database
    from crm.kernel.safety import DEMO_LINES
    from crm.migrations import run

    if klynge.settings.mode != "demo":
        raise ConfigError(N_("Only a demo can be emptied and loaded again."))
    run.downgrade(klynge.database, "base")
    shutil.rmtree(klynge.settings.home / "files", ignore_errors=True)
    (klynge.settings.home / DEMO_LINES).unlink(missing_ok=True)
    upgrade_database(klynge.database)


def seed_catalogue(klynge: Klynge) -> int:
    """Bring in the organisations of the public catalogue that are missing, and give their number; one process at a time."""
    from crm.directory.catalogue_seed import load_catalogue
    from crm.directory.seed import load_places
    from crm.migrations import run
    from crm.records.ageing import age_all

    with run.alone(klynge.database):
        with klynge.database.writing() as session:
            load_places(session)
        made = load_catalogue(klynge.works)
        age_all(klynge.works)
        return made


@click.command("seed")
@click.argument("what", required=False, type=click.Choice(["catalogue"]))
@click.option("--reset", "again", is_flag=True, help="Empty the demo first: everything in it is lost.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_cli
def seed_command(cli: Cli, *, what: str | None, again: bool, yes: bool) -> None:
    """Load base data, and in demo mode the demo; `catalogue` brings in the organisations of the public catalogue."""
    if what == "catalogue":
        number = seed_catalogue(cli.app)
        cli.tell(N_("%(number)s organisations of the public catalogue were brought in.", number=number))
        return
    if again:
        if not yes:
            click.confirm(N_("Everything in this demo will be lost. Go on?")(cli.locale), abort=True)
        reset(cli.app)
    batches = seed(cli.app)
    cli.tell(N_("Base data is in place; %(number)s parts of the demo were loaded.", number=batches))
