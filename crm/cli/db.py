"""`klynge db`: the database's schema, by Alembic, and the rows that every database needs."""

from __future__ import annotations

import click

from crm.cli.base import Cli, pass_cli
from crm.kernel.db import Database
from crm.kernel.i18n import N_


def upgrade_database(database: Database, revision: str = "head") -> None:
    """Migrate, then write the type numbers, roles and default grants that are missing. Safe to run twice, and at once."""
    from crm.migrations import run
    from crm.migrations.prepare import prepare
    from crm.wiring import BUILTIN_TYPES

    run.upgrade(database, revision)
    if revision in {"head", *run.heads()}:
        with run.alone(database), database.writing() as session:
            prepare(session, [item.key for item in BUILTIN_TYPES])


def opened(cli: Cli) -> Database:
    """Give the database that the settings name, closed when the command ends."""
    cli.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    click.get_current_context().call_on_close(cli.app.database.dispose)
    return cli.app.database


@click.group("db")
def db() -> None:
    """The database: create, upgrade, step back."""


@db.command("upgrade")
@click.argument("revision", default="head")
@pass_cli
def upgrade_command(cli: Cli, revision: str) -> None:
    """Create the database or bring it up to date; writes missing roles and types too."""
    from crm.migrations import run

    database = opened(cli)
    before = run.current(database)
    upgrade_database(database, revision)
    after = run.current(database)
    if before == after:
        cli.tell(N_("The database is at %(revision)s.", revision=after))
    else:
        cli.tell(N_("The database was upgraded to %(revision)s.", revision=after))


@db.command("downgrade", context_settings={"ignore_unknown_options": True})
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_cli
def downgrade_command(cli: Cli, revision: str, *, yes: bool) -> None:
    """Take the database back to REVISION: `-1` is one step, `base` nothing at all."""
    from crm.migrations import run

    if not yes:
        click.confirm(
            N_("What newer releases have stored in columns and tables of their own will be lost. Go on?")(cli.locale), abort=True
        )
    database = opened(cli)
    run.downgrade(database, revision)
    cli.tell(N_("The database is at %(revision)s.", revision=run.current(database) or "base"))


@db.command("current")
@pass_cli
def current_command(cli: Cli) -> None:
    """Show the revision that the database is at, and the newest there is."""
    from crm.migrations import run

    found = run.current(opened(cli)) or "-"
    cli.tell(N_("The database is at %(revision)s; the newest is %(newest)s.", revision=found, newest=", ".join(run.heads())))
